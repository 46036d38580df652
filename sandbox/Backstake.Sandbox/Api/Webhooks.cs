using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Api;

[JsonConverter(typeof(JsonStringEnumConverter<WebhookMode>))]
public enum WebhookMode
{
    Once,
    Twice,
    Late,
    Never,
}

/// <summary>A call made: to whom, for which round, and the HTTP status; null: no answer. Only 200 counts as success with Numerai.</summary>
public sealed record WebhookCall(Guid ModelId, int Round, string TriggerId, DateTimeOffset At, int? Status);

/// <summary>Calls the models' webhooks when a round opens: POST {"triggerId": "…"} (NUMERAI.md, Compute webhook).</summary>
public sealed class Webhooks : IDisposable
{
    private const int AtOnce = 16;

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };   // "fast: answer, then queue"
    private readonly HashSet<(Guid, int)> done = [];
    private readonly List<WebhookCall> calls = [];

    public WebhookMode Mode { get; set; }

    /// <summary>How long after opening, with <see cref="WebhookMode.Late"/>.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMinutes(30);

    public IReadOnlyList<WebhookCall> Calls
    {
        get
        {
            lock (calls)
            {
                return [.. calls];
            }
        }
    }

    public static string TriggerId(SandboxModel model, int round) => SandboxModel.MakeId($"trigger|{model.Id}|{round}").ToString("D");

    /// <summary>When the calls for a round are due; null: never.</summary>
    public DateTimeOffset? Due(Round round) => Mode switch
    {
        WebhookMode.Never => null,
        WebhookMode.Late => round.Open + Delay,
        _ => round.Open,
    };

    /// <summary>Makes the calls of a round that are due and not made yet. A webhook that fails is not called again, as with Numerai.</summary>
    internal async Task CallDueAsync(IEnumerable<SandboxModel> models, Round round, DateTimeOffset now, CancellationToken stop)
    {
        if (Due(round) is not { } due || now < due)
        {
            return;
        }
        foreach (var together in models.Where(m => m.Webhook is not null && done.Add((m.Id, round.Number))).ToList().Chunk(AtOnce))
        {
            await Task.WhenAll(together.Select(async model =>
            {
                for (var time = 0; time < (Mode == WebhookMode.Twice ? 2 : 1); time++)
                {
                    await CallAsync(model, round, now, stop);
                }
            }));
        }
    }

    public void Dispose() => client.Dispose();

    private async Task CallAsync(SandboxModel model, Round round, DateTimeOffset now, CancellationToken stop)
    {
        var triggerId = TriggerId(model, round.Number);
        int? status;
        try
        {
            using var answer = await client.PostAsJsonAsync(model.Webhook, new { triggerId }, stop);
            status = (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            status = null;
        }
        lock (calls)
        {
            calls.Add(new WebhookCall(model.Id, round.Number, triggerId, now, status));
        }
    }
}

using System.Net;
using Polly;
using Polly.Retry;

namespace Backstake.Cli;

/// <summary>Getting what an app publishes. Whose budget of calls is used up waits as long as the app says, at most a minute at a time.</summary>
internal static class Download
{
    private const int Repetitions = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1); // an app's budgets are a minute's

    private static readonly HttpClient Http = new() { Timeout = Limit };

    private static readonly ResiliencePipeline<HttpResponseMessage> WithinBudget = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = asked => ValueTask.FromResult(asked.Outcome.Result is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta: { } wait } && wait <= LongestWait),
            MaxRetryAttempts = Repetitions,
            DelayGenerator = asked => ValueTask.FromResult(asked.Outcome.Result?.Headers.RetryAfter?.Delta),
        })
        .Build();

    /// <exception cref="IOException">It can't be had, with the address and why.</exception>
    public static async Task<byte[]> Bytes(Uri url, CancellationToken stop)
    {
        try
        {
            using var answer = await WithinBudget.ExecuteAsync(async token => await Http.GetAsync(url, token), stop);
            return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(stop);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new IOException($"{url}: {e.Message}", e);
        }
    }
}

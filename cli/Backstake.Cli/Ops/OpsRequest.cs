using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Backstake.Cli.Ops;

/// <summary>One request to the app, and what is printed of its answer.</summary>
/// <param name="Route">Behind <c>/api/</c>.</param>
/// <param name="Text">What a person reads; null: the answer as it came.</param>
internal sealed record OpsRequest(ParseResult Command, HttpMethod Method, string Route, object? Body, Func<JsonElement, string>? Text)
{
    /// <summary>The app's own limit for looking around is half of it.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);

    private TextWriter Output => Command.InvocationConfiguration.Output;

    private TextWriter Error => Command.InvocationConfiguration.Error;

    /// <returns>0 if the app says yes, 1 if it says no or can't be asked.</returns>
    public async Task<int> Send(Uri app, CancellationToken stop)
    {
        if (Environment.GetEnvironmentVariable(OpsCommand.KeyVariable) is not { Length: > 0 } key)
            return Fail($"{OpsCommand.KeyVariable} is not set: it is the app's function key (az functionapp keys list, the key named default).");
        if (AppAddress.WhyNoKey(app) is { } why)
            return Fail(why);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Limit };
        using var request = new HttpRequestMessage(Method, AppAddress.Of(app, Route));
        request.Headers.Add("x-functions-key", key);
        if (Body is byte[] file) request.Content = new ByteArrayContent(file) { Headers = { ContentType = new("application/json") } };
        else if (Body is not null) request.Content = new StringContent(JsonSerializer.Serialize(Body), Encoding.UTF8, "application/json"); // with its length, which the app asks for
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return await Print(answer, stop);
        }
        catch (HttpRequestException e)
        {
            return Fail($"{app.Host} can't be reached ({e.HttpRequestError}): is the address right, is the app running?");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Fail($"{app.Host} didn't answer within {Limit.TotalSeconds:0} s.");
        }
    }

    private async Task<int> Print(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return Fail($"The app doesn't take the key in {OpsCommand.KeyVariable}: it is the function key named default.");
        var body = await answer.Content.ReadAsStringAsync(stop);
        JsonElement json;
        try
        {
            // Said and done without an answer's text is an empty object.
            json = JsonDocument.Parse(body.Length == 0 ? "{}" : body).RootElement;
        }
        catch (JsonException)
        {
            return Fail($"The app answers {(int)answer.StatusCode} and not with JSON: is that the app's address?");
        }

        // 503 is the answer of ready when something isn't.
        var isAnswer = answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.ServiceUnavailable && json.ValueKind == JsonValueKind.Object && json.TryGetProperty("checks", out _));
        if (!isAnswer)
            return Fail(Problem(json) ?? $"The app answers {(int)answer.StatusCode}: it may be of another version than this command.");
        try
        {
            Output.WriteLine(Text is null ? body : Text(json));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Fail("The app's answer isn't what this command knows: it may be of another version. --json prints it as it came.");
        }

        return answer.IsSuccessStatusCode ? ExitStatus.Done : ExitStatus.Failed;
    }

    /// <summary>Problem details (RFC 9457), on one line.</summary>
    private static string? Problem(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String
            ? $"{title.GetString()} {(json.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? detail.GetString() : "")}".Trim()
            : null;

    private int Fail(string line)
    {
        Error.WriteLine(line.ReplaceLineEndings(" "));
        return ExitStatus.Failed;
    }
}

using System.Net.Http.Headers;
using System.Text.Json;

namespace Backstake.Cli;

/// <summary>What an app answered.</summary>
internal sealed record AppAnswer(int Status, string? Type, byte[] Body)
{
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The refusal in one line: the problem's code, title and detail (RFC 9457), where it is one.</summary>
    public string Words(Uri app)
    {
        if (Type?.EndsWith("json", StringComparison.Ordinal) == true && Problem() is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("code", out var code))
            return $"{code}: {Text(problem, "title")} {Text(problem, "detail")}";
        return $"{app.Host} answers {Status}.";
    }

    private JsonElement? Problem()
    {
        try
        {
            return JsonDocument.Parse(Body).RootElement;
        }
        catch (JsonException)
        {
            return null; // what is between it and us answered
        }
    }

    private static string? Text(JsonElement problem, string name) => problem.TryGetProperty(name, out var text) ? text.ToString() : null;
}

/// <summary>One call of a running app. A key comes from the environment, never from an argument, which other programs can read.</summary>
/// <param name="Route">Behind <c>/api/</c>.</param>
internal sealed record AppCall(Uri App, HttpMethod Method, string Route)
{
    public const string KeyVariable = "BACKSTAKE_KEY";

    /// <summary>What the key must be for, as one says it; null: none is sent.</summary>
    public string? KeyFor { get; init; }

    public byte[]? Body { get; init; }

    public string BodyType { get; init; } = "application/json";

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);

    /// <exception cref="IOException">There is no key, or the app can't be reached.</exception>
    public async Task<AppAnswer> Send(CancellationToken stop)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Limit };
        using var request = new HttpRequestMessage(Method, AppAddress.Of(App, Route));
        if (KeyFor is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key());
        if (Body is not null) request.Content = new ByteArrayContent(Body) { Headers = { ContentType = new(BodyType) } };
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return new((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync(stop));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new IOException($"{App.Host} can't be reached: {e.Message}", e);
        }
    }

    private string Key()
    {
        if (Environment.GetEnvironmentVariable(KeyVariable) is not { Length: > 0 } key) throw new IOException($"{KeyVariable} is not set: {KeyFor}.");
        return AppAddress.WhyNoKey(App) is { } why ? throw new IOException(why) : key;
    }
}

using System.Diagnostics;

namespace Backstake.Benchmarks.Api;

/// <param name="Kind">Of the read.</param>
/// <param name="Milliseconds">From when it was due to the end of the answer.</param>
/// <param name="Status">0: there was no answer.</param>
internal sealed record Called(string Kind, double Milliseconds, int Status);

/// <summary>Callers that come at a steady rate and don't wait for one another: who is kept waiting is counted from when they came.</summary>
internal sealed class SteadyCallers(Uri app, int perSecond) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 256 }) { BaseAddress = app };

    public async Task<IReadOnlyList<Called>> Call(int seconds, Func<(string Kind, string Path)> next)
    {
        var start = Stopwatch.GetTimestamp();
        var calls = new List<Task<Called>>();
        for (var number = 0; number < seconds * perSecond; number++)
        {
            var due = start + (long)((double)number / perSecond * Stopwatch.Frequency);
            var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (early > TimeSpan.Zero) await Task.Delay(early);
            var (kind, path) = next();
            calls.Add(Timed(kind, path, due));
        }

        return await Task.WhenAll(calls);
    }

    public async Task Once(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        await answer.Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => _http.Dispose();

    private async Task<Called> Timed(string kind, string path, long due)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            await answer.Content.ReadAsByteArrayAsync();
            return new(kind, Stopwatch.GetElapsedTime(due).TotalMilliseconds, (int)answer.StatusCode);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return new(kind, Stopwatch.GetElapsedTime(due).TotalMilliseconds, 0);
        }
    }
}

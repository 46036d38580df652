namespace Backstake.Cli;

/// <summary>Getting what an app publishes.</summary>
internal static class Download
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <exception cref="IOException">It can't be had, with the address and why.</exception>
    public static async Task<byte[]> Bytes(Uri url, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = Limit };
        try
        {
            return await http.GetByteArrayAsync(url, stop);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new IOException($"{url}: {e.Message}", e);
        }
    }
}

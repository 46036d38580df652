namespace Backstake.Servers;

/// <summary>Starting a server on ports that somebody else may take in the meantime.</summary>
internal static class Launch
{
    // A port can be taken between the look and the use; three times in a row is no accident.
    private const int TriesMax = 3;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    /// <param name="start">Starts the server on ports of its choice; gives the process and a question that says whether it answers.</param>
    /// <param name="tryAgain">Whether other ports may be tried when the server ends at once.</param>
    /// <param name="stop">Ends the wait and the server.</param>
    /// <exception cref="ServerUnavailableException">The server ended at once, each time, or did not answer.</exception>
    public static async Task<(ServerProcess Process, TPorts Ports)> Until<TPorts>(
        Func<(ServerProcess Process, TPorts Ports, Func<HttpClient, CancellationToken, Task<bool>> Ready)> start, bool tryAgain, CancellationToken stop)
    {
        using var http = new HttpClient();
        for (var tries = 1; ; tries++)
        {
            var (process, ports, ready) = start();
            var keep = false;
            try
            {
                keep = await process.IsReady(token => ready(http, token), ReadyLimit, stop);
                if (keep)
                    return (process, ports);
                if (!tryAgain || tries == TriesMax)
                    throw new ServerUnavailableException($"{process.Name} ended at once: {process.LastWords()}");
            }
            finally
            {
                if (!keep)
                    await process.DisposeAsync();
            }
        }
    }
}

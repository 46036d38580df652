using System.ComponentModel;
using System.Diagnostics;

namespace Backstake.Servers;

/// <summary>
/// A server that never outlives us. A small shell holds the read end of a pipe whose only writer is this process, so the
/// system itself tells it when we are gone, however we ended (<c>kill -9</c> too); it then ends the server.
/// PR_SET_PDEATHSIG would not do: it fires when the <em>thread</em> that started the child ends, and ours are pool threads.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // $1: what to send when the pipe closes. A server that ignores it for five seconds is killed.
    // The server gets no standard input; the watcher reads descriptor 3, because a shell gives background jobs an empty one.
    private const string Launcher = """
        end=$1; shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        (
          read -r line <&3
          kill -$end $server 2>/dev/null
          tries=0
          while kill -0 $server 2>/dev/null && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries+1)); done
          kill -KILL $server 2>/dev/null
        ) >/dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        trap '' INT
        wait $server
        code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private const int LinesKept = 20;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Process _shell;
    private readonly Queue<string> _lines = new();

    private ServerProcess(string name, Process shell)
    {
        Name = name;
        _shell = shell;
    }

    public string Name { get; }

    public bool HasExited => _shell.HasExited;

    /// <summary>Starts <paramref name="command"/> (program and arguments).</summary>
    /// <param name="name">What to call the server in messages.</param>
    /// <param name="command">The program, then its arguments.</param>
    /// <param name="flush">Whether the server is asked to end (SIGINT, so that it writes what it holds; Azurite's tables by themselves know no SIGTERM) rather than ended (SIGKILL).</param>
    /// <exception cref="ServerUnavailableException">The shell could not be started.</exception>
    public static ServerProcess Start(string name, IEnumerable<string> command, bool flush)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["-c", Launcher, "sh", flush ? "INT" : "KILL", .. command])
            start.ArgumentList.Add(argument);

        try
        {
            var server = new ServerProcess(name, new Process { StartInfo = start });
            server._shell.OutputDataReceived += (_, line) => server.Keep(line.Data);
            server._shell.ErrorDataReceived += (_, line) => server.Keep(line.Data);
            server._shell.Start();
            server._shell.BeginOutputReadLine();
            server._shell.BeginErrorReadLine();
            return server;
        }
        catch (Win32Exception failure)
        {
            throw new ServerUnavailableException($"{name} was not started, /bin/sh is needed: {failure.Message}", failure);
        }
    }

    /// <summary>Asks <paramref name="ready"/> until it says yes.</summary>
    /// <returns>False if the server ended before; its last words are in <see cref="LastWords"/>.</returns>
    /// <exception cref="ServerUnavailableException">It did not answer within <paramref name="limit"/>.</exception>
    public async Task<bool> IsReady(Func<CancellationToken, Task<bool>> ready, TimeSpan limit, CancellationToken stop)
    {
        var since = Stopwatch.StartNew();
        while (!_shell.HasExited)
        {
            if (await Answers(ready, stop))
                return !_shell.HasExited;
            if (since.Elapsed > limit)
                throw new ServerUnavailableException($"{Name} did not answer within {limit.TotalSeconds:0} s: {LastWords()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }

        return false;
    }

    /// <summary>The last lines that the server printed, as one line.</summary>
    public string LastWords()
    {
        lock (_lines)
            return _lines.Count == 0 ? "it printed nothing" : string.Join(" / ", _lines);
    }

    /// <summary>kill -9: the server writes nothing any more. Waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _shell.Kill(entireProcessTree: true);
        await _shell.WaitForExitAsync(); // until the server's own output ends, too
    }

    /// <summary>Ends the server and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell has ended already.
        }

        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await _shell.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _shell.Kill(entireProcessTree: true);
            await _shell.WaitForExitAsync(CancellationToken.None);
        }

        _shell.Dispose();
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line.Trim());
            if (_lines.Count > LinesKept)
                _lines.Dequeue();
        }
    }

    private static async Task<bool> Answers(Func<CancellationToken, Task<bool>> ready, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            return await ready(limit.Token);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}

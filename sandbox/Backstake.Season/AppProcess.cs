using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Backstake.Season;

/// <summary>
/// The Functions app as a process of its own, started as <c>dotnet run</c> starts it, with the sandbox's settings. Its timers are fired through the
/// host's admin endpoint at the sandbox's times; by themselves they never run.
/// </summary>
public sealed class AppProcess : IAsyncDisposable
{
    const string Never = "0 0 0 31 2 *";
    public static readonly IReadOnlyList<string> Watching = ["WatchChain"];
    public static readonly IReadOnlyList<string> Timers = ["OpenRounds", "WatchChain", "Tidy", "Sweep"];
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    const int TriesMost = 5;
    const int LooksMost = 100; // two seconds for a killed process to end

    readonly IReadOnlyDictionary<string, string> settings;
    readonly string masterKey;
    readonly HttpClient http;
    readonly SemaphoreSlim restarting = new(1, 1);
    Process? process;
    int killed;

    AppProcess(int port, IReadOnlyDictionary<string, string> settings, string masterKey, string logFile, HttpMessageHandler? traffic)
    {
        Port = port;
        (this.settings, this.masterKey, LogFile) = (settings, masterKey, logFile);
        http = new HttpClient(traffic ?? new SocketsHttpHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public string LogFile { get; }

    /// <summary>Opens every function of this app; it was made for it alone.</summary>
    public string MasterKey => masterKey;

    public int Port { get; }

    public Uri Address => http.BaseAddress!;

    public int ProcessId => process!.Id;

    /// <summary>Called whenever the process was found dead, before it is started again: nobody takes messages then.</summary>
    public Func<CancellationToken, Task>? FoundDead { get; set; }

    /// <summary>From process start to the first answer.</summary>
    public TimeSpan StartTime { get; private set; }

    public int Starts { get; private set; }

    /// <param name="traffic">Sees what is asked of it here; null: nobody does.</param>
    public static async Task<AppProcess> Start(int port, IReadOnlyDictionary<string, string> settings, string masterKey, string logFile, CancellationToken stop, HttpMessageHandler? traffic = null)
    {
        var app = new AppProcess(port, settings, masterKey, logFile, traffic);
        await app.Begin(stop);
        return app;
    }

    public async Task<JsonElement> Get(string path, CancellationToken stop) => await http.GetFromJsonAsync<JsonElement>(path, stop);

    public Task<byte[]> Download(string path, CancellationToken stop) => http.GetByteArrayAsync(path, stop);

    /// <summary>Asks the app something, again if it died meanwhile (it is started again).</summary>
    public Task<JsonElement> Ask(string path, CancellationToken stop) => Again(() => Get(path, stop), stop);

    /// <summary>Tells the app something as its operator, again if it died meanwhile (it is started again).</summary>
    public Task Order(string path, object body, CancellationToken stop) => Again(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("x-functions-key", masterKey);
        using var answer = await http.SendAsync(request, stop);
        return answer.IsSuccessStatusCode ? true : throw new SeasonException($"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
    }, stop);

    async Task<T> Again<T>(Func<Task<T>> call, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception gone) when (IsGone(gone) && tries < TriesMost)
            {
                await RestartIfDead(stop);
            }
        }
    }

    /// <summary>kill -9: nothing is finished, nothing is said. False if it was dead already.</summary>
    /// <param name="why">Stands in the log.</param>
    public bool Kill(string why = "killed")
    {
        if (process is not { HasExited: false } running)
            return false;
        killed = running.Id;
        running.Kill(entireProcessTree: true);
        running.WaitForExit();
        Log(why);
        return true;
    }

    /// <summary>Fires a timer function and waits until it has begun; false if the app died meanwhile (it is started again).</summary>
    public async Task<bool> Fire(string timer, CancellationToken stop)
    {
        try
        {
            var before = await Runs(timer, stop);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"admin/functions/{timer}") { Content = JsonContent.Create(new { input = "" }) };
            request.Headers.Add("x-functions-key", masterKey);
            using var answer = await http.SendAsync(request, stop);
            answer.EnsureSuccessStatusCode();
            while (await Runs(timer, stop) == before)
                await Task.Delay(2, stop);
            return true;
        }
        catch (Exception gone) when (IsGone(gone) || (gone is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await RestartIfDead(stop);
            return false;
        }
    }

    /// <summary>What runs, and how many functions have begun; null if the app died meanwhile (it is started again).</summary>
    public async Task<AppActivity?> Activity(CancellationToken stop)
    {
        try
        {
            var health = await Get("api/health", stop);
            var begun = health.GetProperty("functions").EnumerateObject().Sum(function => function.Value.GetProperty("started").GetInt32());
            return new(Starts, health.GetProperty("running").GetInt32(), begun);
        }
        catch (Exception gone) when (IsGone(gone) || (gone is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await RestartIfDead(stop);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        http.Dispose();
        restarting.Dispose();
    }

    async Task<int> Runs(string function, CancellationToken stop)
    {
        var functions = (await Get("api/health", stop)).GetProperty("functions");
        return functions.TryGetProperty(function, out var runs) ? runs.GetProperty("started").GetInt32() : 0;
    }

    /// <summary>Several calls may find it dead at once: one starts it.</summary>
    async Task RestartIfDead(CancellationToken stop)
    {
        await restarting.WaitAsync(stop);
        try
        {
            // A killed process may still be about to end.
            for (var looks = 0; looks < LooksMost && process is { HasExited: false }; looks++)
            {
                if (await Answers(stop))
                    return;
                await Task.Delay(20, stop);
            }

            if (process is { HasExited: true })
                await BeginAgain(stop);
        }
        finally
        {
            restarting.Release();
        }
    }

    async Task BeginAgain(CancellationToken stop)
    {
        if (FoundDead is { } tell)
            await tell(stop);
        await Begin(stop);
    }

    async Task Begin(CancellationToken stop)
    {
        if (!File.Exists(Repository.App))
            throw new SeasonException($"{Repository.App} is not there: build the solution first (./run does it).");
        var start = new ProcessStartInfo("dotnet", [Repository.App, "--port", $"{Port}"])
        {
            WorkingDirectory = Path.GetDirectoryName(Repository.App)!,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Identity__Origin"] = $"http://127.0.0.1:{Port}";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        foreach (var timer in new[] { "RoundsSchedule", "WatchSchedule", "SweepSchedule", "TidySchedule", "MeasureSchedule" })
            start.Environment[timer] = Never;
        start.Environment["Host__MasterKey"] = masterKey;
        var watch = Stopwatch.StartNew();
        process?.Dispose();
        process = Process.Start(start) ?? throw new SeasonException("dotnet can't be started.");
        Starts++;
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!await Answers(stop))
        {
            if (process.HasExited && killed == process.Id)
            {
                await BeginAgain(stop); // killed while it started
                return;
            }

            if (process.HasExited || watch.Elapsed > StartLimit)
                throw new SeasonException($"The app doesn't start; see {LogFile}.");
            await Task.Delay(10, stop);
        }

        if (Starts == 1)
            StartTime = watch.Elapsed;
    }

    /// <summary>A connection that breaks as it is made comes out of HttpClient as the socket's own exception.</summary>
    static bool IsGone(Exception trouble) => trouble is HttpRequestException or SocketException;

    async Task<bool> Answers(CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("api/health", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return false;
        }
    }

    void Log(string? line)
    {
        if (line is null)
            return;
        lock (settings)
            File.AppendAllText(LogFile, line + Environment.NewLine);
    }
}

/// <summary>What the app does: in which life, how many functions are in flight, how many have begun.</summary>
public sealed record AppActivity(int Life, int Running, int Begun);

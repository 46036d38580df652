using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace Backstake.StandIns.Worker.Tests;

/// <summary>The test app as a process of its own, on a free port, with its own queues, journal and host id.</summary>
public sealed partial class App : IAsyncDisposable
{
    public const string MasterKey = "master-key", SystemKey = "system-key", FunctionKey = "function-key";
    public const string Never = "0 0 0 31 2 *";

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);
    static int count;

    readonly Process process;
    readonly string folder;
    readonly ConcurrentQueue<string> output = new();
    readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    App(string folder, string prefix, Process process)
    {
        (this.folder, Prefix, this.process) = (folder, prefix, process);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Exited += (_, _) => address.TrySetException(new XunitException("The app ended:\n" + Output));
    }

    public HttpClient Http { get; } = new();

    /// <summary>What the names of this app's queues begin with.</summary>
    public string Prefix { get; }

    public string Output => string.Join('\n', output);

    public int ProcessId => process.Id;

    public bool HasExited => process.HasExited;

    public string Queue(string name) => $"{Prefix}-{name}";

    /// <summary>Starts the app and waits until it listens.</summary>
    public static async Task<App> Start(Storage storage, params (string Name, string? Value)[] settings)
    {
        var app = Launch(storage, settings);
        app.Http.BaseAddress = await app.address.Task.WaitAsync(Limit);
        return app;
    }

    /// <summary>Starts the app; a setting with no value is taken away. <c>cwd</c> and <c>arguments</c> are the process's own.</summary>
    public static App Launch(Storage storage, params (string Name, string? Value)[] settings)
    {
        var prefix = $"t{Environment.ProcessId}x{Interlocked.Increment(ref count)}";
        var own = Directory.CreateTempSubdirectory("backstake-worker-").FullName;
        var program = AppContext.BaseDirectory.Replace("Backstake.StandIns.Worker.Tests", "Backstake.StandIns.Worker.TestApp", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = own };
        start.ArgumentList.Add(Path.Combine(program, "Backstake.StandIns.Worker.TestApp.dll"));
        var environment = start.Environment;
        environment["AzureWebJobsStorage"] = storage.ConnectionString;
        environment["AzureFunctionsWebHost__hostid"] = prefix;
        environment["Host__MasterKey"] = MasterKey;
        environment["Host__SystemKey"] = SystemKey;
        environment["Host__FunctionKey"] = FunctionKey;
        environment["TextsQueue"] = prefix + "-texts";
        environment["OrdersQueue"] = prefix + "-orders";
        environment["HoldsQueue"] = prefix + "-holds";
        environment["SweepSchedule"] = Never;
        environment["TickSchedule"] = Never;
        environment["JournalFile"] = Path.Combine(own, "journal");
        var arguments = "--port 0";
        foreach (var (name, value) in settings)
        {
            if (name == "cwd")
                start.WorkingDirectory = value;
            else if (name == "arguments")
                arguments = value!;
            else if (value is null)
                environment.Remove(name);
            else
                environment[name] = value;
        }

        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            start.ArgumentList.Add(argument);

        var app = new App(own, prefix, new Process { StartInfo = start, EnableRaisingEvents = true });
        app.process.Start();
        app.process.BeginOutputReadLine();
        app.process.BeginErrorReadLine();
        return app;
    }

    /// <summary>What the functions of this name wrote so far.</summary>
    public IReadOnlyList<JsonElement> Journal(string function)
    {
        var path = Path.Combine(folder, "journal");
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(entry => entry.GetProperty("function").GetString() == function)];
    }

    /// <summary>The journal of a function once it has <paramref name="entries"/> of them.</summary>
    public async Task<IReadOnlyList<JsonElement>> Journal(string function, int entries)
    {
        await Until($"{entries} runs of {function}", () => Task.FromResult(Journal(function).Count >= entries));
        return Journal(function);
    }

    /// <summary>Asks until it is so, at most 40 s.</summary>
    public async Task Until(string what, Func<Task<bool>> isSo)
    {
        var since = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (since.Elapsed > Limit)
                throw new XunitException($"Waited {Limit.TotalSeconds} s for {what}. The app said:\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    public async Task<HttpResponseMessage> Admin(string function, string? body, string? key = MasterKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "admin/functions/" + function);
        if (body is not null)
            request.Content = new StringContent(body, mediaType: new("application/json"));
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return await Http.SendAsync(request);
    }

    /// <summary>SIGTERM; the exit status.</summary>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        return await Exit();
    }

    public async Task<int> Exit()
    {
        await process.WaitForExitAsync().WaitAsync(Limit);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    void Keep(string? line)
    {
        if (line is null)
            return;
        output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
            address.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    [GeneratedRegex("listening on (?<address>http://[^ ,]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}

namespace Backstake.Servers;

/// <summary>How Azurite is started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Where blobs, queues and tables are kept; made if it is not there. Null: in memory, gone with the process.</summary>
    public string? Folder { get; init; }

    /// <summary>Ports of 127.0.0.1; 0: a free one. Give the former ones to come back after a restart.</summary>
    public int BlobPort { get; init; }

    /// <inheritdoc cref="BlobPort"/>
    public int QueuePort { get; init; }

    /// <inheritdoc cref="BlobPort"/>
    public int TablePort { get; init; }

    /// <summary>Each service in a process of its own, so that they work at the same time; in one, which starts sooner, a call waits for the other services' calls.</summary>
    public bool Apart { get; init; }
}

/// <summary>
/// Azurite, Microsoft's storage emulator, from <c>node_modules</c>, on the loopback interface. It ends with this object, or with this process.
/// Warning: with a folder, what was acknowledged in the last seconds before a <c>kill -9</c> may be lost, each service for itself (LIMITS.md 0.3);
/// <see cref="DisposeAsync"/> loses nothing, <see cref="KillAsync"/> does.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    /// <summary>The account that every storage emulator has.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>The published key of that account; it protects nothing.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly AzuriteOptions _options;
    private IReadOnlyList<ServerProcess> _processes;

    private Azurite(IReadOnlyList<ServerProcess> processes, (int Blob, int Queue, int Table) ports, AzuriteOptions options)
    {
        _processes = processes;
        (BlobPort, QueuePort, TablePort) = ports;
        _options = options;
    }

    public int BlobPort { get; }

    public int QueuePort { get; }

    public int TablePort { get; }

    public Uri BlobEndpoint => Endpoint(BlobPort);

    public Uri QueueEndpoint => Endpoint(QueuePort);

    public Uri TableEndpoint => Endpoint(TablePort);

    /// <summary>What the clients of all three services take, and the setting <c>AzureWebJobsStorage</c>.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};" +
        $"BlobEndpoint={BlobEndpoint};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>Starts Azurite and waits until all three services answer.</summary>
    /// <exception cref="ServerUnavailableException">Node or the package is missing, a given port is busy, or it does not answer.</exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions? options = null, CancellationToken stop = default)
    {
        options ??= new AzuriteOptions();
        var (processes, ports) = await Run(options, stop);
        return new Azurite(processes, ports, options);
    }

    /// <summary>kill -9, as a machine that is gone: it writes nothing any more. <see cref="StartAgainAsync"/> brings back what it had written.</summary>
    public Task KillAsync() => Task.WhenAll(_processes.Select(process => process.KillAsync()));

    /// <summary>Starts it again on its ports and its folder; if it still ran, after it has written everything.</summary>
    /// <exception cref="ServerUnavailableException">As <see cref="StartAsync"/>.</exception>
    public async Task StartAgainAsync(CancellationToken stop = default)
    {
        await DisposeAsync();
        (_processes, _) = await Run(_options with { BlobPort = BlobPort, QueuePort = QueuePort, TablePort = TablePort }, stop);
    }

    /// <summary>Ends Azurite; with a folder, after it has written everything.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    private static async Task<(IReadOnlyList<ServerProcess> Processes, (int Blob, int Queue, int Table) Ports)> Run(AzuriteOptions options, CancellationToken stop)
    {
        if (options.Folder is not null)
            Directory.CreateDirectory(options.Folder);
        (string Option, int Port) blob = ("--blobPort", options.BlobPort), queue = ("--queuePort", options.QueuePort), table = ("--tablePort", options.TablePort);
        if (!options.Apart)
        {
            var (process, ports) = await Run("azurite.js", options.Folder, [blob, queue, table], stop);
            return ([process], (ports[0], ports[1], ports[2]));
        }

        var started = new[] { Run("blob/main.js", options.Folder, [blob], stop), Run("queue/main.js", options.Folder, [queue], stop), Run("table/main.js", options.Folder, [table], stop) };
        try
        {
            var all = await Task.WhenAll(started);
            return ([.. all.Select(one => one.Process)], (all[0].Ports[0], all[1].Ports[0], all[2].Ports[0]));
        }
        catch
        {
            foreach (var one in started.Where(one => one.IsCompletedSuccessfully))
                await (await one).Process.DisposeAsync();
            throw;
        }
    }

    private static Task<(ServerProcess Process, int[] Ports)> Run(string program, string? folder, IReadOnlyList<(string Option, int Port)> services, CancellationToken stop)
    {
        string[] command = [NodeModules.Node(), NodeModules.Find("azurite", $"dist/src/{program}"), "--disableTelemetry", "--silent", "--skipApiVersionCheck"];
        return Launch.Until<int[]>(
            () =>
            {
                int[] ports = [.. services.Select(service => FreePort.Checked(service.Port))];
                string[] where = folder is null ? ["--inMemoryPersistence"] : ["--location", Path.GetFullPath(folder)];
                var process = ServerProcess.Start(
                    "Azurite", [.. command, .. services.Zip(ports).SelectMany(it => new[] { it.First.Option, $"{it.Second}" }), .. where], flush: folder is not null);
                return (process, ports, (http, token) => Answer(http, ports, token));
            },
            services.Any(service => service.Port == 0),
            stop);
    }

    // Any answer will do: an unsigned request gets an error, but from the service.
    private static async Task<bool> Answer(HttpClient http, IEnumerable<int> ports, CancellationToken stop)
    {
        foreach (var port in ports)
        {
            using var _ = await http.GetAsync(Endpoint(port), stop);
        }

        return true;
    }

    private static Uri Endpoint(int port) => new($"http://127.0.0.1:{port}/{AccountName}");
}

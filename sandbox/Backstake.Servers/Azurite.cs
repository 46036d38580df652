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

    private readonly string? _folder;
    private ServerProcess _process;

    private Azurite(ServerProcess process, (int Blob, int Queue, int Table) ports, string? folder)
    {
        _process = process;
        (BlobPort, QueuePort, TablePort) = ports;
        _folder = folder;
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
        var (process, ports) = await Run(options, stop);
        return new Azurite(process, ports, options.Folder);
    }

    /// <summary>kill -9, as a machine that is gone: it writes nothing any more. <see cref="StartAgainAsync"/> brings back what it had written.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again on its ports and its folder; if it still ran, after it has written everything.</summary>
    /// <exception cref="ServerUnavailableException">As <see cref="StartAsync"/>.</exception>
    public async Task StartAgainAsync(CancellationToken stop = default)
    {
        await _process.DisposeAsync();
        (_process, _) = await Run(new AzuriteOptions { Folder = _folder, BlobPort = BlobPort, QueuePort = QueuePort, TablePort = TablePort }, stop);
    }

    /// <summary>Ends Azurite; with a folder, after it has written everything.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Task<(ServerProcess Process, (int Blob, int Queue, int Table) Ports)> Run(AzuriteOptions options, CancellationToken stop)
    {
        if (options.Folder is not null)
            Directory.CreateDirectory(options.Folder);
        string[] program = [NodeModules.Node(), NodeModules.Find("azurite", "dist/src/azurite.js")];
        var anyFree = options is { BlobPort: 0 } or { QueuePort: 0 } or { TablePort: 0 };

        return Launch.Until<(int Blob, int Queue, int Table)>(
            () =>
            {
                var (blob, queue, table) = (FreePort.Checked(options.BlobPort), FreePort.Checked(options.QueuePort), FreePort.Checked(options.TablePort));
                string[] where = options.Folder is null ? ["--inMemoryPersistence"] : ["--location", Path.GetFullPath(options.Folder)];
                var process = ServerProcess.Start(
                    "Azurite",
                    [
                        .. program, "--disableTelemetry", "--silent", "--skipApiVersionCheck",
                        "--blobPort", $"{blob}", "--queuePort", $"{queue}", "--tablePort", $"{table}", .. where,
                    ],
                    flush: options.Folder is not null);
                return (process, (blob, queue, table), (http, token) => Answer(http, [blob, queue, table], token));
            },
            anyFree,
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

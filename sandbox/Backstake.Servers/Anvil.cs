using System.Net.Http.Json;
using System.Text.Json;

namespace Backstake.Servers;

/// <summary>How anvil is started.</summary>
public sealed record AnvilOptions
{
    /// <summary>Port of 127.0.0.1; 0: a free one.</summary>
    public int Port { get; init; }

    public long ChainId { get; init; } = 31337;

    /// <summary>
    /// Blocks are made by <c>evm_mine</c> alone. Warning: without it anvil mines each transaction at once, and under a burst
    /// of senders it can leave transactions in the pool for ever (LIMITS.md 0.7).
    /// </summary>
    public bool NoMining { get; init; }

    /// <summary>The first block's timestamp, whole seconds UTC. Null: now.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Accounts made from <see cref="Anvil.Mnemonic"/>, 10,000 ether each.</summary>
    public int Accounts { get; init; } = 10;

    /// <summary>Blocks in an epoch: <c>finalized</c> is two epochs behind the head, so 1 gives head - 2.</summary>
    public int SlotsInAnEpoch { get; init; } = 1;

    /// <summary>Further arguments of anvil, as they are.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>anvil, an EVM node for one machine, from <c>node_modules</c>, on the loopback interface. It ends with this object, or with this process.</summary>
public sealed class Anvil : IAsyncDisposable
{
    /// <summary>The published test mnemonic; path m/44'/60'/0'/0/i. Never use it elsewhere.</summary>
    public const string Mnemonic = "test test test test test test test test test test test junk";

    /// <summary>The private keys of the mnemonic's first ten accounts.</summary>
    public static readonly IReadOnlyList<string> PrivateKeys =
    [
        "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
        "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
        "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
        "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
        "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a",
        "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba",
        "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e",
        "0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356",
        "0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97",
        "0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6",
    ];

    /// <summary>The addresses of <see cref="PrivateKeys"/>, with their checksums.</summary>
    public static readonly IReadOnlyList<string> Addresses =
    [
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
        "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
        "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
        "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
        "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
    ];

    private readonly ServerProcess _process;
    private readonly string _states;

    private Anvil(ServerProcess process, int port, string states)
    {
        (_process, _states) = (process, states);
        Port = port;
    }

    public int Port { get; }

    public Uri RpcUrl => Endpoint(Port);

    /// <summary>Starts anvil and waits until it answers.</summary>
    /// <exception cref="ServerUnavailableException">The package is missing, a given port is busy, or it does not answer.</exception>
    public static async Task<Anvil> StartAsync(AnvilOptions? options = null, CancellationToken stop = default)
    {
        options ??= new AnvilOptions();
        var program = NodeModules.Anvil();
        var states = Directory.CreateTempSubdirectory("backstake-anvil-").FullName; // anvil's own place would keep gigabytes for ever
        var (process, port) = await Launch.Until<int>(
            () =>
            {
                var port = FreePort.Checked(options.Port);
                var process = ServerProcess.Start("anvil", [program, "--cache-path", states, .. Arguments(options, port)], flush: false);
                return (process, port, (http, token) => Answers(http, port, token));
            },
            tryAgain: options.Port == 0,
            stop);
        return new Anvil(process, port, states);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_states, recursive: true);
    }

    private static IEnumerable<string> Arguments(AnvilOptions options, int port) =>
    [
        "--quiet", "--host", "127.0.0.1", "--port", $"{port}", "--chain-id", $"{options.ChainId}",
        "--accounts", $"{options.Accounts}", "--mnemonic", Mnemonic, "--slots-in-an-epoch", $"{options.SlotsInAnEpoch}",
        .. options.NoMining ? (string[])["--no-mining"] : [],
        .. options.Timestamp is { } time ? (string[])["--timestamp", $"{time.ToUnixTimeSeconds()}"] : [],
        .. options.Arguments,
    ];

    private static async Task<bool> Answers(HttpClient http, int port, CancellationToken stop)
    {
        var call = new { jsonrpc = "2.0", id = 1, method = "eth_chainId", @params = Array.Empty<object>() };
        using var answer = await http.PostAsJsonAsync(Endpoint(port), call, stop);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        return result.TryGetProperty("result", out _);
    }

    private static Uri Endpoint(int port) => new($"http://127.0.0.1:{port}");
}

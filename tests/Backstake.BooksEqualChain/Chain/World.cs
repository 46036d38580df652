using System.Globalization;
using System.Text.Json;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Chain.Tests;
using Backstake.Chain.Vault;
using Backstake.Servers;
using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;

namespace Backstake.BooksEqualChain.Chain;

/// <summary>
/// An anvil with NMR, Numerai's staking and the vault factory, where everybody has NMR. Each history begins from this state again. Anybody may send without a key, gas is free, and blocks
/// are made on demand with their transactions in the order they were sent.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const int ChainId = 31337;
    public const ulong StakingNmr = 2_000_000;
    public const ulong OthersNmr = 1_000_000;

    /// <summary>The index of the generation with accounts.</summary>
    public const int Accounts = 1;

    private const string GasOfATransaction = "0x1000000"; // 16.8 M: the factory's creation is the greatest, with about 10 M
    private const long NoticeSeconds = 14 * 24 * 3600;
    private static readonly DateTimeOffset Genesis = new(2026, 1, 4, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Those that are deployed, and those whose refusals are named.</summary>
    private static readonly (string File, string Contract)[] Contracts =
    [
        ("SandboxNmr", "SandboxNmr"), ("SandboxStaking", "SandboxStaking"), ("NumeraiStaker", "NumeraiStakers"), ("SandboxAccount", "SandboxAccounts"), ("NumeraiAccountStaker", "NumeraiAccountStakers"),
        ("VaultFactory", "VaultFactory"), ("VaultReader", "VaultReader"), ("Vault", "Vault"), ("Notices", "Notices"), ("NumeraiStaker", "NumeraiStaker"),
    ];

    private readonly Anvil anvil;
    private string snapshot = "";
    private long beginning;

    private World(Anvil anvil, Refusals refusals)
    {
        this.anvil = anvil;
        Refusals = refusals;
        Node = new Node(anvil.RpcUrl);
    }

    public Node Node { get; }

    public Refusals Refusals { get; }

    public string Nmr { get; private set; } = "";

    public string Staking { get; private set; } = "";

    /// <summary>Generations of stakers, both listed: the one whose stakers Numerai sees, and the one whose stakers have accounts that Numerai sees.</summary>
    public IReadOnlyList<string> Generations { get; private set; } = [];

    public string Factory { get; private set; } = "";

    /// <summary>Answers what a vault doesn't say itself.</summary>
    public string Reader { get; private set; } = "";

    /// <summary>The last block's time, UTC seconds.</summary>
    public long Time { get; private set; }

    public static EthECKey OwnerKey { get; } = new(Anvil.PrivateKeys[1]);

    public static EthECKey NumeraiKey { get; } = new(Anvil.PrivateKeys[7]);

    /// <summary>Null: contracts/out has no compiled contracts.</summary>
    public static async Task<World?> Start()
    {
        var found = Contracts.Select(name => (name.Contract, Artifact: Artifact.Find(name.File, name.Contract))).ToList();
        if (found.Any(contract => contract.Artifact is null)) return null;
        var artifacts = found.ToDictionary(contract => contract.Contract, contract => contract.Artifact!);
        var started = await Anvil.StartAsync(new AnvilOptions
        {
            NoMining = true,
            Timestamp = Genesis,
            Arguments = ["--order", "fifo", "--auto-impersonate", "--gas-price", "0", "--block-base-fee-per-gas", "0", "--gas-limit", "1000000000000"],
        });
        var world = new World(started, new Refusals(artifacts.Values)) { Time = Genesis.ToUnixTimeSeconds() };
        await world.Deploy(artifacts);
        return world;
    }

    /// <summary>Forgets all that happened since the beginning.</summary>
    public async Task Begin()
    {
        var reverted = await Node.Ask("evm_revert", snapshot);
        if (!reverted.GetBoolean()) throw new InvalidOperationException("anvil has lost its snapshot.");
        Time = beginning;
        await Remember();
    }

    /// <summary>Sends a transaction; it waits for the next block.</summary>
    public async Task<string> Send(string from, string? to, string data) => (await Node.Ask("eth_sendTransaction", to is null
        ? new { from, data, gas = GasOfATransaction, gasPrice = "0x0" }
        : new { from, to, data, gas = GasOfATransaction, gasPrice = "0x0" })).GetString()!;

    /// <summary>Makes a block of all that waits, at a time after the last block's.</summary>
    /// <returns>The receipts, in the order of sending.</returns>
    public async Task<IReadOnlyList<JsonElement>> Mine(long time, IReadOnlyList<string> expected)
    {
        await Node.Ask("evm_setNextBlockTimestamp", time);
        await Node.Ask("evm_mine");
        Time = time;
        if (expected.Count == 0) return [];
        var receipts = await Node.AskAll("eth_getTransactionReceipt", [.. expected.Select(hash => new object[] { hash })]);
        for (var i = 0; i < receipts.Count; i++)
        {
            if (receipts[i].ValueKind == JsonValueKind.Null || Number(receipts[i].GetProperty("transactionIndex")) != i)
                throw new InvalidOperationException($"Transaction {expected[i]} is not number {i} of its block.");
        }

        return receipts;
    }

    /// <summary>What a mined transaction was reverted with, by name.</summary>
    public async Task<string> RefusalOf(string transaction)
    {
        var call = await Node.Ask("debug_traceTransaction", transaction, new { tracer = "callTracer", tracerConfig = new { onlyTopCall = true } });
        return Refusals.NameOf(call.TryGetProperty("output", out var output) ? output.GetString()! : "0x");
    }

    public static string AddressOf(string word) => "0x" + word[^40..];

    public static long Number(JsonElement hex) => long.Parse(hex.GetString()!.AsSpan(2), NumberStyles.AllowHexSpecifier);

    /// <summary>Answers of views, all at the last block.</summary>
    public async Task<IReadOnlyList<string>> View(IReadOnlyList<(string To, string Data)> calls) =>
        [.. (await Node.AskAll("eth_call", [.. calls.Select(call => new object[] { new { to = call.To, data = call.Data }, "latest" })])).Select(answer => answer.GetString()!)];

    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        await anvil.DisposeAsync();
    }

    private async Task Deploy(Dictionary<string, Artifact> artifacts)
    {
        Nmr = await Deploy(artifacts["SandboxNmr"]);
        Staking = await Deploy(artifacts["SandboxStaking"], new ABIValue("address", Nmr), new ABIValue("address", NumeraiKey.GetPublicAddress()));
        var direct = await Deploy(artifacts["NumeraiStakers"], new ABIValue("address", Nmr), new ABIValue("address", Staking));
        var accounts = await Deploy(artifacts["SandboxAccounts"], new ABIValue("address", Staking), new ABIValue("address", Nmr));
        Generations = [direct, await Deploy(artifacts["NumeraiAccountStakers"], new ABIValue("address", accounts))];
        Factory = await Deploy(artifacts["VaultFactory"], new ABIValue("address", People.Numerai), new ABIValue("address", direct));
        Reader = await Deploy(artifacts["VaultReader"]);
        var sent = new List<string> { await Send(People.Numerai, Factory, Hex(new AnnounceStakersFunction { Next = Generations[Accounts] })) };
        foreach (var (to, nmr) in People.Backers.Select(backer => (backer.Address, OthersNmr)).Append((People.Owner, OthersNmr)).Append((People.Donor, OthersNmr)).Append((Staking, StakingNmr)))
            sent.Add(await Send(People.Numerai, Nmr, Hex(new NmrFaucetFunction { To = to, Value = nmr * Wei.OneNmr })));
        await Mine(Time + 1, sent);
        await Mine(Time + NoticeSeconds, []);
        beginning = Time;
        await Remember();
    }

    private async Task<string> Deploy(Artifact artifact, params ABIValue[] arguments)
    {
        var sent = await Send(People.Numerai, null, artifact.Bytecode + new ABIEncode().GetABIEncoded(arguments).ToHex());
        var receipt = (await Mine(Time + 1, [sent]))[0];
        return Number(receipt.GetProperty("status")) == 1
            ? receipt.GetProperty("contractAddress").GetString()!
            : throw new InvalidOperationException($"A contract was not deployed: {await RefusalOf(sent)}.");
    }

    private async Task Remember() => snapshot = (await Node.Ask("evm_snapshot")).GetString()!;

    public static string Hex<TCall>(TCall call)
        where TCall : FunctionMessage => call.GetCallData().ToHex(prefix: true);
}

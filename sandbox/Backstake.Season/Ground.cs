using System.Numerics;
using System.Text.Json;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Sandbox;
using Backstake.Sandbox.Chain;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Time;
using Backstake.Servers;
using Nethereum.ABI;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Season;

/// <summary>
/// What a season stands on: real servers (Azurite, anvil), the contracts, the tournament, and the virtual clock that all of them follow. Blocks are
/// mined as soon as transactions wait.
/// </summary>
public sealed class Ground : IAsyncDisposable
{
    public const long ChainId = 31337;
    static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);
    static readonly TimeSpan MiningPause = TimeSpan.FromMilliseconds(4);

    readonly CancellationTokenSource ended = new();
    readonly int seed;
    readonly Web3 web3;
    readonly Miner miner;
    Task mining = Task.CompletedTask;
    StakingChain? staking;

    Ground(int seed, VirtualClock clock, string clockFile, Azurite azurite, Anvil anvil)
    {
        (this.seed, Clock, ClockFile, Azurite, Anvil) = (seed, clock, clockFile, azurite, anvil);
        web3 = ChainNode.Connect(anvil.RpcUrl, RequestLimit);
        miner = new Miner(anvil.RpcUrl, clock);
    }

    public VirtualClock Clock { get; }
    public string ClockFile { get; }
    public Azurite Azurite { get; }
    public Anvil Anvil { get; }
    public Tournament Tournament { get; private set; } = null!;
    public string Nmr { get; private set; } = "";
    public string Staking { get; private set; } = "";

    /// <summary>The generation of Numerai's staking contracts with which vaults begin.</summary>
    public string Stakers { get; private set; } = "";

    /// <summary>The generation after it, of the other shape, on the factory's list two weeks later.</summary>
    public string NextStakers { get; private set; } = "";
    public string Factory { get; private set; } = "";
    public long FactoryBlock { get; private set; }
    public Uri Node => Anvil.RpcUrl;

    /// <summary>Whether blocks are mined as soon as transactions wait; else by <see cref="MineNow"/> alone.</summary>
    public bool MinesAtOnce { get; set; } = true;

    /// <param name="storageOnDisk">Azurite keeps what it stores below <paramref name="folder"/>, else in memory.</param>
    /// <param name="storageApart">Azurite's services are processes of their own.</param>
    public static async Task<Ground> Start(
        int seed, string folder, DateTimeOffset start, RoundCalendar calendar, SandboxScores scores, bool onAccounts, CancellationToken stop, bool storageOnDisk = false, bool storageApart = false)
    {
        Directory.CreateDirectory(folder);
        var clockFile = Path.Combine(folder, "clock");
        var clock = new VirtualClock(start, clockFile);
        var azurite = Azurite.StartAsync(new AzuriteOptions { Folder = storageOnDisk ? Path.Combine(folder, "storage", Guid.NewGuid().ToString("N")) : null, Apart = storageApart }, stop);
        var anvil = await Anvil.StartAsync(new AnvilOptions { ChainId = ChainId, NoMining = true, Timestamp = start, Arguments = ["--prune-history", "100"] }, stop);
        var ground = new Ground(seed, clock, clockFile, await azurite, anvil);
        ground.mining = ground.Mine();
        await ground.Deploy(calendar, scores, onAccounts, stop);
        return ground;
    }

    public Wallet Wallet(string name) => new(name, seed, ChainId, account => ChainNode.Connect(Node, RequestLimit, account));

    /// <summary>The vault as the latest block has it.</summary>
    public async Task<VaultReader> Latest(string vault, CancellationToken stop) => new(web3, vault, (await ChainBlock.Latest(web3, stop)).Number);

    /// <summary>The vault that a transaction created.</summary>
    public static string Created(TransactionReceipt receipt) => receipt.DecodeAllEvents<VaultCreatedEvent>().Single().Event.Vault;

    /// <summary>Who was paid by the vault.</summary>
    public async Task<IEnumerable<string>> PaidHolders(string vault, CancellationToken stop) => (await Events<ClaimedEvent>([vault], (ulong)FactoryBlock, stop)).Select(claimed => claimed.Holder);

    /// <summary>What the vaults' contracts logged of one kind from a block on, in the chain's order.</summary>
    public async Task<IEnumerable<TEvent>> Events<TEvent>(IReadOnlyList<string> vaults, ulong from, CancellationToken stop) =>
        (await VaultLog.Read(web3, vaults, from, await Height(stop), stop)).Select(log => log.Event).OfType<TEvent>();

    public async Task<ulong> Height(CancellationToken stop) => (await ChainBlock.Latest(web3, stop)).Number;

    /// <summary>Whether transactions wait that will be mined at once.</summary>
    public async Task<bool> HasPending(CancellationToken stop)
    {
        if (mining.IsFaulted)
            await mining;
        if (!MinesAtOnce)
            return false; // they wait for whoever moves the clock
        var status = await web3.Client.SendRequestAsync<Dictionary<string, string>>("txpool_status").WaitAsync(stop);
        return status["pending"] != "0x0" || status["queued"] != "0x0";
    }

    /// <summary>Mines what waits, and blocks at the clock's time, so that it is final on chain.</summary>
    public Task MineNow(CancellationToken stop) => miner.MineNowAsync(stop);

    /// <summary>The settings with which the app runs here.</summary>
    public IReadOnlyDictionary<string, string> AppSettings(Wallet committer, Wallet staker, Wallet settler, string webhookKey)
    {
        var account = Tournament.Accounts[0];
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = Azurite.ConnectionString,
            ["Backstake__ClockFile"] = ClockFile,
            ["Numerai__Endpoint"] = Tournament.Address.ToString(),
            ["Numerai__PublicId"] = account.Key.PublicId,
            ["Numerai__SecretKey"] = account.Key.SecretKey,
            ["Ethereum__RpcUrl"] = Node.ToString(),
            ["Ethereum__ChainId"] = $"{ChainId}",
            ["Ethereum__Factory"] = Factory,
            ["Ethereum__FactoryBlock"] = $"{FactoryBlock}",
            ["Ethereum__CommitterKey"] = committer.Account.PrivateKey,
            ["Ethereum__StakerKey"] = staker.Account.PrivateKey,
            ["Ethereum__SettlerKey"] = settler.Account.PrivateKey,
            ["Ethereum__WatchAfter"] = "00:00:00",
            ["Webhook__Key"] = webhookKey,
            ["RateLimits__PerMinute"] = "0", // the conductor looks at the vaults after every step
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.100",
            ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:01",
            ["AzureFunctionsJobHost__logging__logLevel__Function"] = "Warning",
        };
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await mining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Tournament is not null)
            await Tournament.DisposeAsync();
        staking?.Dispose();
        miner.Dispose();
        await Anvil.DisposeAsync();
        await Azurite.DisposeAsync();
        Clock.Dispose();
        ended.Dispose();
    }

    async Task Mine()
    {
        while (!ended.IsCancellationRequested)
        {
            if (MinesAtOnce)
                await miner.MinePendingAsync(ended.Token);
            await Task.Delay(MiningPause, ended.Token);
        }
    }

    async Task Deploy(RoundCalendar calendar, SandboxScores scores, bool onAccounts, CancellationToken stop)
    {
        var numerai = Wallet("numerai");
        var signer = Wallet("numerai's authorisation signer");
        var curator = Wallet("curator of the stakers");
        await numerai.Fund("", BigInteger.Zero, stop);
        await curator.Fund("", BigInteger.Zero, stop);
        Nmr = (await numerai.Deploy(Bytecode("SandboxNmr"), stop)).ContractAddress;
        Staking = (await numerai.Deploy(Bytecode("SandboxStaking") + Arguments(Nmr, signer.Address), stop)).ContractAddress;
        var themselves = await curator.Deploy(Bytecode("NumeraiStakers", "NumeraiStaker") + Arguments(Nmr, Staking), stop);
        var accounts = await numerai.Deploy(Bytecode("SandboxAccounts", "SandboxAccount") + Arguments(Staking, Nmr), stop);
        var byAccount = await curator.Deploy(Bytecode("NumeraiAccountStakers", "NumeraiAccountStaker") + Arguments(accounts.ContractAddress), stop);
        (Stakers, NextStakers) = onAccounts ? (byAccount.ContractAddress, themselves.ContractAddress) : (themselves.ContractAddress, byAccount.ContractAddress);
        var factory = await curator.Deploy(Bytecode("VaultFactory") + Arguments(curator.Address, Stakers), stop);
        (Factory, FactoryBlock) = (factory.ContractAddress, (long)factory.BlockNumber.Value);
        await curator.Send(Factory, new AnnounceStakersFunction { Next = NextStakers }, stop);
        staking = new StakingChain(Node, ChainId, numerai.Account.PrivateKey, signer.Account.PrivateKey, Staking, Nmr);
        Tournament = await Tournament.StartAsync(
            new TournamentOptions { Clock = Clock, Calendar = calendar, Scores = scores, Chain = staking, Seed = seed }, stop);
    }

    static string Arguments(params string[] addresses) => new ABIEncode().GetABIEncoded([.. addresses.Select(address => new ABIValue("address", address))]).ToHex();

    static string Bytecode(string contract, string? source = null)
    {
        var file = Repository.Artifact(contract, source);
        if (!File.Exists(file))
            throw new SeasonException($"{file} is not there: build the contracts first with contracts/forge build (./run does it).");
        using var artifact = JsonDocument.Parse(File.ReadAllBytes(file));
        return artifact.RootElement.GetProperty("bytecode").GetProperty("object").GetString()!;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Backing;
using Backstake.Functions.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Faults.Tests.Rows;

/// <summary>FAULTS.md F: a chain that takes back, stops or lies. Money is what is final, and what both nodes say.</summary>
[Collection(StorageGround.Collection)]
public sealed class ChainRows(StorageGround ground)
{
    [Theory]
    [InlineData(1, 22), InlineData(23, 36), InlineData(37, 46), InlineData(47, 55), InlineData(56, 64)] // one chain for all would be longer than anvil likes
    public async Task F_01_ReorganisationsOfAnyDepthUpToFinality_LeaveNoPhantomDeposit(int first, int last)
    {
        var depths = Enumerable.Range(first, last - first + 1).ToList();
        await using var chain = await EchoChain.Start(slots: 32, vaults: 3);
        using var app = Start(chain);
        var (machine, watcher) = (ground.NewMachine(), app.GetRequiredService<ChainWatcher>());
        foreach (var vault in chain.Vaults) // whose deposits are removed, moved to another block, put back later
            await EchoChain.Begin(machine, vault);
        foreach (var depth in depths)
        {
            var deposits = new[] { await chain.Deposit(1, chain.Vaults[0], depth), await chain.Deposit(2, chain.Vaults[1], depth), await chain.Deposit(3, chain.Vaults[2], depth) };
            foreach (var deposit in deposits)
                await chain.Send(deposit);
            await chain.Mine(depth);
            await Watch(watcher, chain.Vaults);
            await chain.Reorganise(depth, (deposits[1], depth - 1));
            await chain.Send(deposits[2]);
            await chain.Mine(1);
            await Watch(watcher, chain.Vaults);
            Assert.Empty(await Deposits(machine, chain.Vaults[0]));
            foreach (var vault in chain.Vaults.Skip(1)) // in order, each once, and nothing that isn't final yet
                Assert.Equal(depths.Select(it => (long)it).Take((await Deposits(machine, vault)).Count), await Deposits(machine, vault));
        }

        await chain.Mine(80);
        await Watch(watcher, chain.Vaults);
        Assert.Empty(await Deposits(machine, chain.Vaults[0]));
        foreach (var vault in chain.Vaults.Skip(1))
            Assert.Equal(depths.Select(it => (long)it), await Deposits(machine, vault));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task F_02_ReorganisationDeeperThanFinality_HaltsTheVault_UntilItIsReconciled(bool reconciled)
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        using var app = Start(chain);
        var (machine, watcher, vault) = (ground.NewMachine(), app.GetRequiredService<ChainWatcher>(), chain.Vaults[0]);
        await EchoChain.Begin(machine, vault);
        var deposit = await chain.Deposit(1, vault, 3);
        await chain.Send(deposit);
        await chain.Mine(5);
        await watcher.Watch(vault, default);
        Assert.Single(await Deposits(machine, vault));

        await chain.Reorganise(6, reconciled ? [(deposit, 1)] : []);
        await chain.Mine(6);
        var diverged = await Assert.ThrowsAsync<VaultDivergedException>(() => watcher.Watch(vault, default));
        Assert.Contains("rewritten", diverged.Message, StringComparison.Ordinal);
        Assert.Equal(nameof(VaultDivergedException), (await ground.NewMachine().Store.Load(vault, default)).Record.Halted?.Cause);
        await machine.Store.Run(vault, _ => throw new InvalidOperationException("A halted vault ran."), default);

        var resumption = app.GetRequiredService<VaultResumption>();
        if (!reconciled)
        {
            var refusal = await Assert.ThrowsAsync<LogDamagedException>(() => resumption.Resume(vault, "somebody", "looks fine", default));
            Assert.Contains("e|000000000003", refusal.Message, StringComparison.Ordinal);
            return;
        }

        await resumption.Resume(vault, "somebody", "the deposit is where it was", default);
        await watcher.Watch(vault, default);
        Assert.Null((await ground.NewMachine().Store.Load(vault, default)).Record.Halted);
        Assert.Single(await Deposits(machine, vault));
    }

    /// <summary>Storage lost the last events of a log, and not the cursor that was stored after them.</summary>
    [Fact]
    public async Task K_07_CursorThatIsNewerThanTheLog_PassesNothingOver()
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        using var app = Start(chain);
        var (machine, watcher, vault) = (ground.NewMachine(), app.GetRequiredService<ChainWatcher>(), chain.Vaults[0]);
        await EchoChain.Begin(machine, vault);
        var table = ground.Clients.Tables.GetTableClient(LogTable.TableName);
        var log = table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)} and RowKey ne {VaultPartition.Cursor}"));
        async Task Deposited(long units)
        {
            await chain.Send(await chain.Deposit(1, vault, units));
            await chain.Mine(5);
            await watcher.Watch(vault, default);
        }

        await Deposited(3);
        var stored = await log.ToListAsync();
        await Deposited(4);
        await Deposited(5);
        Assert.Equal([3, 4, 5], await Deposits(machine, vault));
        foreach (var row in await log.ToListAsync())
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
        foreach (var row in stored)
            await table.AddEntityAsync(row);
        Assert.Equal([3], await Deposits(machine, vault));
        await watcher.Watch(vault, default);
        Assert.Equal([3, 4, 5], await Deposits(machine, vault));
    }

    public static TheoryData<string> Lies => new("noLogs", "oneLogLess", "oneLogMore", "otherUnits", "otherBlockHash", "finalizedAhead", "finalizedBack", "otherFinalizedHash", "otherChain");

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task F_03_LieOfOneNode_IsNeverCredited_WhileTheOtherIsHonest(string lie)
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        var lying = true;
        foreach (var liar in new[] { "main", "check" })
        {
            var vault = await chain.NewVault();
            var machine = ground.NewMachine();
            await EchoChain.Begin(machine, vault);
            using var node = new RelayedNode(chain.Node, (host, method, answer) => lying && host == liar ? Lie(lie, method, answer) : answer);
            using var app = Start(chain, node, ("Ethereum:CheckRpcUrl", "http://check.invalid"));
            await chain.Send(await chain.Deposit(1, vault, 5, 6));
            await chain.Mine(4);
            try
            {
                await app.GetRequiredService<ChainWatcher>().Watch(vault, default);
            }
            catch (Exception waits) when (waits is ChainMovedException or InvalidOperationException or InvalidDataException)
            {
                // It waits: the next time both may say the same.
            }

            Assert.All(await Deposits(machine, vault), deposit => Assert.Contains(deposit, new long[] { 5, 6 }));
            if (lie is "noLogs" or "oneLogLess" or "oneLogMore" or "otherUnits" or "otherFinalizedHash" or "otherChain")
                Assert.Empty(await Deposits(machine, vault));
            lying = false;
            await app.GetRequiredService<ChainWatcher>().Watch(vault, default);
            Assert.Equal([5, 6], await Deposits(machine, vault)); // one transaction, two logs, in order
            lying = true;
        }
    }

    [Fact]
    public async Task F_04_NodeThatIsDown_OrRefusesLargeRanges_IsCaughtUpWithoutAGap()
    {
        const int Deposited = 40;
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        var (machine, vault, random) = (ground.NewMachine(), chain.Vaults[0], new Random(4));
        await EchoChain.Begin(machine, vault);
        for (var i = 1; i <= Deposited; i++)
        {
            await chain.Send(await chain.Deposit(1, vault, i));
            await chain.Mine(random.Next(1, 60));
        }

        await chain.Mine(3);
        var (down, refused) = (0, 0);
        using var node = new RelayedNode(chain.Node, (_, _, answer) => answer)
        {
            Refuse = (method, parameters) =>
            {
                if (method == "eth_getLogs" && Number(parameters![0]!["toBlock"]) - Number(parameters[0]!["fromBlock"]) > 50)
                {
                    refused++;
                    return "query returned more than 10000 results";
                }

                if (random.Next(30) == 0)
                {
                    down++;
                    throw new HttpRequestException("429");
                }

                return null;
            },
        };
        using var app = Start(chain, node);
        var watcher = app.GetRequiredService<ChainWatcher>();
        for (var tries = 0; (await Deposits(machine, vault)).Count < Deposited; tries++)
        {
            Assert.True(tries < 200, "The watcher doesn't catch up.");
            try
            {
                await watcher.Watch(vault, default);
            }
            catch (Exception failure) when (CountAttempts.IsOutside(failure))
            {
                // The queue brings the message back.
            }
        }

        Assert.Equal(Enumerable.Range(1, Deposited).Select(it => (long)it), await Deposits(machine, vault));
        Assert.True(down > 0 && refused > 0);
    }

    [Fact]
    public async Task F_07_RoundThatGasKeptFromBeingStaked_IsMissedForIt()
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        using var app = Start(chain);
        var (machine, vault, hash) = (ground.NewMachine(), chain.Vaults[0], new string('a', 64));
        await EchoChain.Begin(machine, vault);
        await machine.Append(vault, History.Deposited(1, 2));
        await History.Settle(machine, vault);
        await machine.Append(vault, new NewEntry("accept|1", new SettlementAccepted(1), History.FirstCut.AddHours(40)), History.Opened(1),
            Seen("submit", new PredictionsSubmitted(1, "s", hash)), Seen("commit", new PredictionsCommitted(1, hash)),
            Seen("failed", new AttemptFailed(Step.Submission, 1, 1, Cause.GasAboveCap, "The base fee is above the cap.")));
        await chain.MoveTo(History.OpensAt(1).AddHours(2));
        await app.GetRequiredService<ChainWatcher>().Watch(vault, default);
        var state = await machine.Store.Load(vault, default);
        Assert.Equal([new(Cause.GasAboveCap, 1)], state.Record.Missed);
        Assert.Empty(state.Record.Rounds); // closed with nothing, and resolved with nothing

        static NewEntry Seen(string key, LogEvent seen) => new($"{key}|1", seen, History.OpensAt(1));
    }

    [Fact]
    public async Task F_17_WhileNothingBecomesFinal_NothingIsCredited_AndThenAllIs()
    {
        await using var chain = await EchoChain.Start(slots: 32, vaults: 1);
        using var app = Start(chain);
        var (machine, watcher, vault) = (ground.NewMachine(), app.GetRequiredService<ChainWatcher>(), chain.Vaults[0]);
        await EchoChain.Begin(machine, vault);
        for (var hour = 0; hour < 24; hour++)
        {
            await chain.Send(await chain.Deposit(1, vault, hour + 1));
            await chain.Mine(1);
            await watcher.Watch(vault, default);
            Assert.Empty(await Deposits(machine, vault));
        }

        await chain.Mine(70);
        await watcher.Watch(vault, default);
        Assert.Equal(Enumerable.Range(1, 24).Select(it => (long)it), await Deposits(machine, vault));
    }

    [Fact]
    public async Task A_08_HundredAndFiftyDepositsInABlock_AreTakenInTheirOrder_AndTwoOfOneTransaction()
    {
        const int Burst = 150;
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        using var app = Start(chain);
        var (machine, vault) = (ground.NewMachine(), chain.Vaults[0]);
        await EchoChain.Begin(machine, vault);
        await chain.DepositAll(1, vault, Burst);
        await chain.Send(await chain.Deposit(2, vault, 2, 3));
        await chain.Mine(4);
        await app.GetRequiredService<ChainWatcher>().Watch(vault, default);
        var entries = (await machine.ReadAll(vault)).Skip(2).ToList();
        Assert.Equal(Burst + 2, entries.Count);
        Assert.Equal(Burst + 5, entries.Sum(entry => ((Deposit)((Booked)entry.Event).Event).Units.Count));
        Assert.Single(entries.Select(entry => entry.Source!.Block).Distinct());
        Assert.Equal(entries.Select(entry => entry.Source!.LogIndex).Order(), entries.Select(entry => entry.Source!.LogIndex));
    }

    [Fact]
    public async Task C_04_ClocksThatDiffer_GiveTheSameLog()
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 0);
        var chains = new List<string>();
        foreach (var minutes in new[] { 0, -10, 10, 365 * 24 * 60 })
        {
            var vault = await chain.NewVault();
            var clock = new StoppedClock(History.FirstCut.AddDays(-3).AddMinutes(minutes));
            using var app = Start(chain, null, clock);
            var machine = ground.NewMachine();
            await EchoChain.Begin(machine, vault);
            await chain.Send(await chain.Deposit(1, vault, 7));
            await chain.Mine(3);
            await app.GetRequiredService<ChainWatcher>().Watch(vault, default);
            clock.Now -= TimeSpan.FromMinutes(20); // and back
            await chain.Mine(3);
            await app.GetRequiredService<ChainWatcher>().Watch(vault, default);
            var state = await machine.Store.Load(vault, default);
            chains.Add(Encoding.UTF8.GetString(StoredBooks.Write(state.Books)).Replace(vault, "", StringComparison.Ordinal));
            var deposit = Assert.Single(await machine.ReadAll(vault), entry => entry.Event is Booked { Event: Deposit });
            Assert.Equal((await chain.Web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(
                new Nethereum.Hex.HexTypes.HexBigInteger(deposit.Source!.Block))).Timestamp.Value, deposit.At.ToUnixTimeSeconds());
        }

        Assert.Single(chains.Distinct(StringComparer.Ordinal));
    }

    ServiceProvider Start(EchoChain chain, RelayedNode? node = null, params (string, string)[] more) => Start(chain, node, TimeProvider.System, more);

    ServiceProvider Start(EchoChain chain, RelayedNode? node, TimeProvider clock, params (string, string)[] more)
    {
        var app = App.Start(ground.ConnectionString, clock, new Transports(null, null, node),
            [("Ethereum:RpcUrl", node is null ? chain.Node.ToString() : "http://main.invalid"), ("Ethereum:ChainId", $"{EchoChain.ChainId}"), .. more]);
        app.GetRequiredService<StoragePreparation>().Prepare(default).GetAwaiter().GetResult();
        return app;
    }

    static async Task Watch(ChainWatcher watcher, IEnumerable<string> vaults)
    {
        foreach (var vault in vaults)
            await watcher.Watch(vault, default);
    }

    static async Task<List<long>> Deposits(Machine machine, string vault) =>
        [.. (await machine.ReadAll(vault)).Select(entry => entry.Event).OfType<Booked>().Select(booked => booked.Event).OfType<Deposit>().Select(deposit => deposit.Units.Count)];

    static long Number(JsonNode? hex) => Convert.ToInt64(hex!.GetValue<string>(), 16);

    static JsonNode? Lie(string lie, string method, JsonNode? answer)
    {
        var logs = method == "eth_getLogs" ? answer as JsonArray : null;
        switch (lie)
        {
            case "noLogs" when logs is not null:
                return new JsonArray();
            case "oneLogLess" when logs is { Count: > 0 }:
                logs.RemoveAt(0);
                break;
            case "oneLogMore" when logs is { Count: > 0 }:
                var more = logs[^1]!.DeepClone();
                more["logIndex"] = "0x63";
                logs.Add(more);
                break;
            case "otherUnits" when logs is { Count: > 0 }:
                logs[0]!["data"] = "0x" + new string('0', 62) + "ff";
                break;
            case "otherBlockHash" when logs is { Count: > 0 }:
                logs[0]!["blockHash"] = "0x" + new string('1', 64);
                break;
            case "finalizedAhead" when method == "eth_getBlockByNumber finalized":
                answer!["number"] = "0x" + (Number(answer["number"]) + 1_000_000).ToString("x");
                break;
            case "finalizedBack" when method == "eth_getBlockByNumber finalized":
                answer!["number"] = "0x1";
                break;
            case "otherFinalizedHash" when method.StartsWith("eth_getBlockByNumber", StringComparison.Ordinal):
                answer!["hash"] = "0x" + new string('2', 64);
                break;
            case "otherChain" when method == "eth_chainId":
                return "0x1";
        }

        return answer;
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Servers;

namespace Backstake.Cli.Verify.Tests;

/// <summary>A vault that nobody operates any more, on the real contracts: holders pay themselves out with the command's calldata, and verify still accounts for every wei.</summary>
public sealed class WayOutTests(PlayedVault played) : IClassFixture<PlayedVault>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    private string Replay => Path.Combine(_folder, "v.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task Holders_PayThemselvesOut_WithoutAnOperator()
    {
        played.SkipWithoutContracts();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(200));
        var stop = limit.Token;
        WriteHistory();
        var early = Escape(played.SharedSeries(1), 0, 5);
        Assert.Equal((0, "escapeNotOpen"), (early.Status, Json(early)["refused"]!.GetValue<string>()));

        await played.OpenTheWayOut(stop);
        WriteHistory();
        AssertVerified("opened");
        Assert.True(played.Chain.State is { LastAccepted: 3, BooksClosed: true });
        Assert.Equal(7, played.History.Settlements.Length); // 4 to 7 in the books alone

        // A live unit of the shared series, then the tranche that ended by its term: both by the books of week 3, as far as the cash goes.
        var values = EscapeValues.Of(BooksOfWeek3);
        var before = await played.NmrOf(8);
        var first = Escape(played.SharedSeries(1), 0, 8);
        Assert.Equal((0, ""), (first.Status, first.Error));
        var pays = Amount(Json(first)["pays"]!);
        await Send(first, 8, stop);
        Assert.Equal(pays, await played.NmrOf(8) - before);
        Assert.True(pays > 0 && pays < ValueOf(values, exitWeek: null));
        Assert.Equal(BigInteger.Zero, Amount(Json(Escape(played.SharedSeries(1), 0, 8))["pays"]!)); // nothing more has come home
        await Send(Escape(0, 0, 1), 9, stop); // the house: a stranger may
        await played.Look(stop);
        AssertVerified("the first has left, and the house");

        // The open round comes home with a loss; a deposit that was never accepted is given back whole; what is released is taken.
        await played.CollectLast(0, VaultOnChainOne / 10, stop);
        var refunded = await played.NmrOf(5);
        await played.Send(5, new CancelFunction { Series = played.SharedSeries(4), Units = 1 }, stop);
        Assert.Equal(VaultOnChainOne, await played.NmrOf(5) - refunded);
        await played.Send(1, new TakeHouseFunction(), stop);
        await played.Send(1, new TakeReserveFunction(), stop);
        foreach (var (series, exitWeek, holder) in new[] { (played.SharedSeries(1), 0u, 8), ((BigInteger)0, 0u, 1) })
            await Send(Escape(series, exitWeek, holder), holder, stop);
        await played.Look(stop);
        AssertVerified("who has a proof has left");
        Assert.Equal(BigInteger.Zero, played.Chain.State.Staked);
        AssertNothingSlipsThrough();

        // 26 weeks later proofs are worth nothing: who never showed one gets his part of the rest.
        await played.GoTo(DateTimeOffset.FromUnixTimeSeconds((long)played.Chain.State.WindDownAt).AddDays(28 + (26 * 7) + 1));
        Assert.Equal("escapeNotOpen", Json(Escape(played.SharedSeries(1), 0, 5))["refused"]!.GetValue<string>());
        var rest = await played.NmrOf(5);
        await played.SendTo(9, played.Chain.State.WayOut, new TakeRestFunction { Series = played.SharedSeries(1), ExitWeek = 0, Holder = Anvil.Addresses[5] }, stop);
        Assert.True(await played.NmrOf(5) > rest);
        await played.Look(stop);
        AssertVerified("everybody has left");
    }

    [SkippableFact]
    public void WhatIsNoWayOut_IsSaidInOneLine()
    {
        played.SkipWithoutContracts();
        WriteHistory();
        Fails("the history ends with week 1", played.File with { Events = [.. played.File.Events.Take(played.File.Events.IndexOf(new Settle(new Week(1))) + 1)] });
        Fails("This is not the vault's history", played.File with { Events = played.File.Events.SetItem(0, new ReserveDeposit(Nmr.FromNmr(21))) });
        Fails("have no units of series 0x", played.File, series: played.PayingSeries, exitWeek: 2, because: "; they have ");
        Fails("have no units of series 0x", played.File, series: 77);
    }

    [Theory]
    [InlineData("--holder", "0x12", "--holder: an address is 0x and 40 hex digits.")]
    [InlineData("--series", "0xzz", "is no series")]
    [InlineData("--series", "-1", "is no series")]
    [InlineData("--url", "http://127.0.0.1:1/log", "Name the history")]
    [InlineData("--rpc", "localhost", "is no address")]
    public void WrongArguments_AreSaid(string option, string value, string message)
    {
        File.WriteAllText(Replay, """{"schema":"backstake-replay/1","vault":{"id":"v1","staking":"perRound"},"terms":{},"events":[]}""");
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--vault"] = "0x00000000000000000000000000000000000000aa", ["--rpc"] = "http://127.0.0.1:1", ["--history"] = Replay, ["--series"] = "0", ["--exit-week"] = "0",
            ["--holder"] = "0x00000000000000000000000000000000000000aa", [option] = value,
        };
        var run = CommandRun.Of(["escape", .. options.SelectMany(one => new[] { one.Key, one.Value })]);
        Assert.Equal((1, true), (run.Status, run.Error.Contains(message, StringComparison.Ordinal)));
    }

    private static BigInteger VaultOnChainOne => Chain.Tests.VaultOnChain.Nmr;

    private Task Send(CommandRun run, int account, CancellationToken stop) => played.SendRaw(account, Json(run)["wayOut"]!.GetValue<string>(), Json(run)["calldata"]!.GetValue<string>(), stop);

    private void AssertVerified(string when)
    {
        var checks = Verification.Of(played.History, PlayedVault.Published(played.History), played.Chain);
        Assert.All(checks, check => Assert.True(check.Holds, $"{when}: {check.Name}: {check.Detail}"));
    }

    /// <summary>The checks still notice a wei, a payment or a refund that the way out doesn't explain.</summary>
    private void AssertNothingSlipsThrough()
    {
        var (chain, state) = (played.Chain, played.Chain.State);
        const string Cash = "The books' cash is on chain", Reserve = "The books' reserve is on chain", Stake = "The books' stake is staked", Owner = "The owner got what the books released, or can take it";
        const string Backers = "Every backer got what the books paid, or can claim it", Sent = "All NMR that left the vault was a claim, a refund, a stake, the owner's, or somebody's way out";
        Fails(Cash, chain with { State = state with { Free = state.Free + 1 } });
        Fails(Reserve, chain with { State = state with { Reserve = state.Reserve + 1 } });
        Fails(Stake, chain with { State = state with { Staked = 1 } });
        Fails(Owner, chain with { State = state with { HouseDue = state.HouseDue + 1 } });
        Fails(Cash, Without<EscapedEvent>());
        Fails(Sent, Without<EscapedEvent>());
        Fails(Backers, Without<EscapedEvent>());
        Fails(Backers, chain with { Log = [.. chain.Log.SkipLast(chain.Log.Reverse().TakeWhile(entry => entry.Event is not BooksClosedEvent).Count())] });

        ChainEvidence Without<TEvent>()
            where TEvent : IVaultEvent => chain with { Log = [.. chain.Log.Where(entry => entry.Event is not TEvent)] };

        void Fails(string name, ChainEvidence changed) =>
            Assert.False(Verification.Of(played.History, PlayedVault.Published(played.History), changed).Single(check => check.Name == name).Holds, name);
    }

    private Books BooksOfWeek3 => played.History.BooksAfter(played.History.Settlements[2]);

    private BigInteger ValueOf(EscapeValues values, Week? exitWeek) =>
        values.Classes.Single(one => one.ExitWeek == exitWeek && BooksRoot.Of(BooksOfWeek3).Leaves.Any(leaf => leaf.Series == played.SharedSeries(1) && leaf.Value == one.Value.Wei)).Value.Wei;

    private void Fails(string message, ReplayFile file, BigInteger? series = null, uint exitWeek = 0, string because = "")
    {
        File.WriteAllBytes(Replay, file.Write());
        var run = Escape(series ?? played.SharedSeries(1), exitWeek, 5);
        Assert.Equal((1, ""), (run.Status, run.Output));
        var line = Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.Contains(because, line, StringComparison.Ordinal);
    }

    private CommandRun Escape(BigInteger series, uint exitWeek, int holder) => CommandRun.Of(
        "escape", "--vault", played.Vault, "--rpc", played.Node.ToString(), "--history", Replay, "--series", $"0x{series:x64}", "--exit-week", exitWeek.ToString(CultureInfo.InvariantCulture),
        "--holder", Anvil.Addresses[holder], "--json");

    private void WriteHistory() => File.WriteAllBytes(Replay, played.File.Write());

    private static JsonNode Json(CommandRun run)
    {
        Assert.Equal((0, ""), (run.Status, run.Error));
        return JsonNode.Parse(run.Output)!;
    }

    private static BigInteger Amount(JsonNode json) => Nmr.TryParse(json.GetValue<string>(), out var amount) ? amount.Wei : throw new FormatException(json.ToJsonString());
}

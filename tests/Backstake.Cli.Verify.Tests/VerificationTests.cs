using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify.Tests;

/// <summary>Each check notices what it is there for. The chain's answers are an anvil's, read once, and then changed by one thing.</summary>
public sealed class VerificationTests(PlayedVault played) : IClassFixture<PlayedVault>
{
    private const string Books = "The published books are those of the history";
    private const string Terms = "The terms are those offered on chain";
    private const string Order = "The history's money is the chain's, event by event";
    private const string Cuts = "Every settlement stands at its cut";
    private const string Stakes = "Every round staked what the books decided";
    private const string Digests = "The accepted books are the history's";
    private const string Words = "Every settlement proposed and accepted pays what the books say";
    private const string Classes = "Every class of leaving units is promised what the books say";
    private const string Cash = "The books' cash is on chain";
    private const string Reserve = "The books' reserve is on chain";
    private const string Stake = "The books' stake is staked";
    private const string Balance = "The vault has the NMR that it accounts for";
    private const string Sent = "All NMR that left the vault was a claim, a refund, a stake, the owner's, or somebody's way out";
    private const string Backers = "Every backer got what the books paid, or can claim it";
    private const string Owner = "The owner got what the books released, or can take it";

    [SkippableFact]
    public void AnHonestVault_IsVerified_AndThereWasSomethingToVerify()
    {
        played.SkipWithoutContracts();
        var checks = Verification.Of(played.History, PlayedVault.Published(played.History), played.Chain);

        Assert.All(checks, check => Assert.True(check.Holds, $"{check.Name}: {check.Detail}"));
        Assert.Equal([Books, Terms, Order, Cuts, Stakes, Digests, Words, Classes, Cash, Reserve, Stake, Balance, Sent, Backers, Owner], checks.Select(check => check.Name));
        var history = played.History;
        Assert.Empty(history.Document.Errors);
        Assert.Equal((3, 2u), (history.Settlements.Length, played.Chain.State.LastAccepted));
        Assert.Contains(history.NotAccepted(played.Chain).SelectMany(settled => settled.Settlement.Payments), payment => payment.To != Payment.Owner); // H is not 0
        Assert.Contains(history.NotAccepted(played.Chain).SelectMany(settled => settled.Settlement.Lines), line => line.Cover.IsPositive); // nor is C
        Assert.Contains(history.Accepted(played.Chain).SelectMany(settled => settled.Settlement.Lines), line => line.ExitWeek is null && line.PaidNow.IsPositive);
        Assert.Contains(played.Chain.Claimable.Values, wei => wei > 0);
        Assert.True(played.Chain.State is { Waiting.IsZero: false, HouseDue.IsZero: true, ReserveDue.IsZero: false });
    }

    [SkippableTheory]
    [InlineData("cash")]
    [InlineData("houseSpare")]
    public void PublishedBooks_WithOneWeiMore_AreNotTheHistorys(string field)
    {
        played.SkipWithoutContracts();
        var published = PlayedVault.Published(played.History);
        var week = published["weeks"]![1]!;
        week[field] = Assert.IsType<string>(week[field]!.GetValue<string>()) + "1";
        AssertFails(Books, $"weeks[1].{field}: published ", Verification.Of(played.History, published, played.Chain));
    }

    [SkippableFact]
    public void PublishedBooks_WithAWeekLess_AnotherError_OrAnotherField_AreNotTheHistorys()
    {
        played.SkipWithoutContracts();
        var less = PlayedVault.Published(played.History);
        less["weeks"]!.AsArray().RemoveAt(2);
        AssertFails(Books, "weeks: 2 published, the history gives 3", Verification.Of(played.History, less, played.Chain));
        var error = PlayedVault.Published(played.History);
        error["errors"]!.AsArray().Add(new JsonObject { ["event"] = 0, ["code"] = "lockedUp" });
        AssertFails(Books, "errors: 1 published, the history gives 0", Verification.Of(played.History, error, played.Chain));
        var field = PlayedVault.Published(played.History);
        field["weeks"]![0]!["more"] = 1;
        AssertFails(Books, "weeks[0].more: published, but not in the history's books", Verification.Of(played.History, field, played.Chain));
    }

    public static TheoryData<string, string> Histories => new()
    {
        { "one wei more deposited", Order }, { "an event left out", Order }, { "two swapped", Order }, { "one invented", Order }, { "the last left out", Order }, { "a result of another wei", Order },
        { "settled too late", Cuts }, { "settled too early", Cuts }, { "other terms", Terms },
    };

    /// <summary>The books are published as this history gives them: the chain alone knows better.</summary>
    [SkippableTheory]
    [MemberData(nameof(Histories))]
    public void AnotherHistory_IsNotTheChains(string change, string check)
    {
        played.SkipWithoutContracts();
        var (file, events) = (played.File, played.File.Events);
        int Find<T>() => events.IndexOf(events.OfType<T>().First() as VaultEvent ?? throw new InvalidOperationException());
        int Settled(int week) => events.IndexOf(new Settle(new Week(week)));
        var changed = change switch
        {
            "one wei more deposited" => events.SetItem(Find<HouseDeposit>(), new HouseDeposit(((HouseDeposit)events[Find<HouseDeposit>()]).Amount + new Nmr(1))),
            "an event left out" => events.RemoveAt(Find<Transfer>()),
            "two swapped" => events.SetItem(0, events[1]).SetItem(1, events[0]),
            "one invented" => events.Add(new HouseDeposit(new Nmr(1))),
            "the last left out" => events.RemoveAt(events.Length - 1),
            "a result of another wei" => events.SetItem(Find<Resolve>(), new Resolve(new Round(7), ((Resolve)events[Find<Resolve>()]).Payout + new Nmr(1))),
            "settled too late" => events.RemoveAt(Settled(3)).Add(new Settle(new Week(3))),
            "settled too early" => events.RemoveAt(Settled(2)).Insert(Settled(2) - 2, new Settle(new Week(2))),
            _ => events,
        };
        if (change == "other terms") file = file with { Terms = file.Terms.SetItem(file.Terms.Keys.First(), file.Terms.Values.First() with { ClawBackWeeks = 1 }) };
        var history = FoldedHistory.Of(file with { Events = changed });
        AssertFails(check, "", Verification.Of(history, PlayedVault.Published(history), played.Chain));
    }

    [SkippableFact]
    public void UnitsOfTermsThatTheHistoryDoesNotKnow_AreNamed()
    {
        played.SkipWithoutContracts();
        var history = FoldedHistory.Of(played.File with { Terms = ImmutableSortedDictionary<TermsId, Terms>.Empty });
        AssertFails("The chain's units have terms of the history", "which the history doesn't know", Verification.Of(history, PlayedVault.Published(history), played.Chain));
    }

    public static TheoryData<string, string> Chains => new()
    {
        { "free", Cash }, { "joining", Cash }, { "reserve", Reserve }, { "staked", Stake }, { "balance", Balance }, { "house due", Owner }, { "reserve due", Owner },
        { "a class", Classes }, { "claimable", Backers }, { "sent", Backers }, { "sent to a stranger", Sent }, { "a claim less", Sent },
        { "stake", Stakes }, { "books", Digests }, { "content", Words }, { "proposal", Words }, { "root", Digests }, { "staker", Sent }, { "a cut moved in silence", Cuts }, { "a cut moved back", Cuts }, { "a settlement less", Digests }, { "terms", Terms }, { "no terms", Terms }, { "another vault", Terms }, { "a cut", Cuts },
    };

    [SkippableTheory]
    [MemberData(nameof(Chains))]
    public void AnotherChain_IsNotTheBooks(string change, string check)
    {
        played.SkipWithoutContracts();
        var (chain, state) = (played.Chain, played.Chain.State);
        var changed = change switch
        {
            "free" => chain with { State = state with { Free = state.Free + 1 } },
            "joining" => chain with { State = state with { Joining = state.Joining - 1 } },
            "reserve" => chain with { State = state with { Reserve = state.Reserve - 1 } },
            "staked" => chain with { State = state with { Staked = state.Staked + 1 } },
            "balance" => chain with { Balance = 1 },
            "house due" => chain with { State = state with { HouseDue = state.HouseDue + 1 } },
            "reserve due" => chain with { State = state with { ReserveDue = state.ReserveDue + 1 } },
            "a class" => chain with { Paid = Add(chain.Paid, chain.Paid.Keys.First()) },
            "claimable" => chain with { Claimable = Add(chain.Claimable, chain.Claimable.Keys.First()) },
            "sent" => chain with { Sent = [.. chain.Sent, new NmrSent(played.History.Backers[0].Address, 1, "0x")] },
            "sent to a stranger" => chain with { Sent = [.. chain.Sent, new NmrSent("0x00000000000000000000000000000000000000aa", 1, "0x")] },
            "a claim less" => chain with { Log = [.. chain.Log.Where(entry => entry.Event is not ClaimedEvent)] },
            "stake" => WithEvent<StakedEvent>(chain, staked => new StakedEvent { Round = staked.Round, ShareBps = staked.ShareBps, Amount = staked.Amount + 1 }),
            "books" => WithEvent<SettledEvent>(chain, settled => new SettledEvent { Week = settled.Week, Owed = settled.Owed, Cover = settled.Cover, Books = new byte[32] }),
            "content" => WithEvent<ProposedEvent>(chain, proposed => new ProposedEvent { Week = proposed.Week, Books = proposed.Books, AcceptableAt = proposed.AcceptableAt, Content = new byte[32] }),
            "proposal" => chain with { State = state with { Content = new byte[32] } },
            "root" => chain with { State = state with { Books = new byte[32] } },
            "staker" => chain with { Stakers = ["0x00000000000000000000000000000000000000aa"] },
            "a cut moved in silence" => chain with { Log = [.. chain.Log, chain.Log[^1] with { Event = new CutMovedEvent { FromWeek = 4, Shift = 60 } }] },
            "a cut moved back" => chain with { Log = [chain.Log[0] with { Event = new CutMovedEvent { FromWeek = 2, Shift = -3_600 * 24 * 2 } }, .. chain.Log] },
            "a settlement less" => chain with { Log = [.. chain.Log.Where(entry => entry.Event is not SettledEvent { Week: 2 })] },
            "terms" => chain with { Terms = chain.Terms.ToDictionary(terms => terms.Key, _ => chain.Terms.Values.First()) },
            "no terms" => chain with { Terms = chain.Terms.ToDictionary(terms => terms.Key, _ => (VaultTerms?)null) },
            "another vault" => chain with { Vault = "0x00000000000000000000000000000000000000aa" },
            "a cut" => chain with { Cuts = chain.Cuts.ToDictionary(cut => cut.Key, cut => cut.Value.AddSeconds(1)) },
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "no such change"),
        };
        AssertFails(check, "", Verification.Of(played.History, PlayedVault.Published(played.History), changed));
    }

    private static Dictionary<TKey, BigInteger> Add<TKey>(IReadOnlyDictionary<TKey, BigInteger> amounts, TKey key)
        where TKey : notnull => amounts.ToDictionary(one => one.Key, one => one.Key.Equals(key) ? one.Value + 1 : one.Value);

    private static ChainEvidence WithEvent<TEvent>(ChainEvidence chain, Func<TEvent, IVaultEvent> change)
        where TEvent : class, IVaultEvent
    {
        var first = chain.Log.First(entry => entry.Event is TEvent);
        return chain with { Log = [.. chain.Log.Select(entry => entry == first ? entry with { Event = change((TEvent)entry.Event) } : entry)] };
    }

    private static void AssertFails(string name, string detail, IReadOnlyList<Check> checks)
    {
        var check = Assert.Single(checks, check => check.Name == name);
        Assert.False(check.Holds, check.Detail);
        Assert.Contains(detail, check.Detail, StringComparison.Ordinal);
        Assert.False(VerifyReport.Of("0x", chain: true, checks).Verified);
    }
}

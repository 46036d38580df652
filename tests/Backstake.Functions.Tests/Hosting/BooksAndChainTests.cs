using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>Log and contract agree, or what differs is named.</summary>
public sealed class BooksAndChainTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const string Root = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static readonly DateTimeOffset Cut = History.FirstCut;

    /// <summary>A house of 64 NMR, one settled and accepted week, one round closed with the week's instruction.</summary>
    static VaultState Played()
    {
        NewEntry[] news =
        [
            History.Added(Vault), History.Offered(),
            new("houseDeposit|0xfeed|1", new Booked(new HouseDeposit(Nmr.FromNmr(64))), Cut.AddDays(-4), new ChainSource(10, "0xfeed", 1)),
            new("settle|1", new VaultSettled(1, Root, Root, Root, Root, Root, Nmr.Zero), Cut),
            new("accept|1", new SettlementAccepted(1), Cut.AddHours(40), new ChainSource(20, "0xfeed", 2)),
            History.Opened(1), History.Closed(1),
        ];
        var state = VaultState.Empty(Vault);
        foreach (var entry in news)
            state = state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain));
        return state;
    }

    static ChainState OnChain(VaultState state) => new()
    {
        Collects = 0,
        LastAccepted = 1,
        Books = Convert.FromHexString(Root),
        Staked = state.Books.Stake.Wei,
        Staker = "0x00000000000000000000000000000000000000BB",
    };

    [Fact]
    public void Same_HasNoDifference()
    {
        var state = Played();
        Assert.True(state.Books.Stake.IsPositive);
        Assert.Empty(BooksAndChain.Differences(state, OnChain(state)));
    }

    [Fact]
    public void Difference_IsNamed()
    {
        var state = Played();
        Assert.Equal(["collects"], BooksAndChain.Differences(state, OnChain(state) with { Collects = 1 }));
        Assert.Equal(["lastAcceptedWeek"], BooksAndChain.Differences(state, OnChain(state) with { LastAccepted = 2 }));
        Assert.Equal(["booksRoot"], BooksAndChain.Differences(state, OnChain(state) with { Books = new byte[32] }));
        Assert.Equal(["stake"], BooksAndChain.Differences(state, OnChain(state) with { Staked = state.Books.Stake.Wei + 1 }));
        Assert.Equal(["staker"], BooksAndChain.Differences(state, OnChain(state) with { Staker = "0x00000000000000000000000000000000000000cc" }));
        Assert.Equal(["windingDown"], BooksAndChain.Differences(state, OnChain(state) with { WindDownAt = 1 }));
    }
}

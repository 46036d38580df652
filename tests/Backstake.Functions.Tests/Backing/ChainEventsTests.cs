using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using VaultState = Backstake.Functions.Vaults.VaultState;
using ChainSeries = Backstake.Chain.Vault.SeriesId;
using SeriesId = Backstake.Accounting.SeriesId;

namespace Backstake.Functions.Tests.Backing;

/// <summary>What each log of the contract means, under which natural key: what happens on chain has its transaction and log index, or its round or week.</summary>
public sealed class ChainEventsTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const string Anna = "0xAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaAa";
    const string Bert = "0xBbBbBbBbBbBbBbBbBbBbBbBbBbBbBbBbBbBbBbBb";
    const string Nobody = "0x0000000000000000000000000000000000000000";
    const string Books = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const string Root = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    const string Place = "0xfeed|3";
    static readonly ChainBlock Block = new(70, "0xb10c", new(2026, 1, 6, 12, 30, 0, TimeSpan.Zero));
    static readonly BigInteger Series = ChainSeries.Of(History.TermsOne, pays: true, 1).ToNumber();
    static readonly SeriesId BooksSeries = new(new TermsId(History.TermsOne), new Week(1), Payout.Pay);
    static readonly TermsId Terms = new(History.TermsOne);
    static readonly Backer AnnaOfTheBooks = new(Anna.ToLowerInvariant());
    static readonly Backer BertOfTheBooks = new(Bert.ToLowerInvariant());

    static readonly (IVaultEvent Seen, string Key, LogEvent Event)[] Meanings =
    [
        (new DepositedEvent { Backer = Anna, Series = Series, Units = 2 }, $"deposit|{Place}", new Booked(new Deposit(AnnaOfTheBooks, Terms, new Units(2), Payout.Pay))),
        (new CancelledEvent { Backer = Anna, Series = Series, Units = 1 }, $"cancelDeposit|{Place}", new Booked(new CancelDeposit(AnnaOfTheBooks, Terms, new Units(1), Payout.Pay))),
        (new ExitingEvent { Backer = Anna, Series = Series, Units = 1, ExitWeek = 4 }, $"exit|{Place}", new Booked(new Exit(AnnaOfTheBooks, BooksSeries, new Units(1)))),
        (new ExitCancelledEvent { Backer = Anna, Series = Series, Units = 1 }, $"cancelExit|{Place}", new Booked(new CancelExit(AnnaOfTheBooks, BooksSeries, new Units(1)))),
        (new UnitsMovedEvent { Caller = Anna, Sender = Anna, Receiver = Bert, Series = Series, Units = 1 }, $"transfer|{Place}",
            new Booked(new Transfer(AnnaOfTheBooks, BertOfTheBooks, BooksSeries, new Units(1)))),
        (new HouseAddedEvent { Amount = 5 }, $"houseDeposit|{Place}", new Booked(new HouseDeposit(new Nmr(5)))),
        (new HouseAskedEvent { Amount = 5 }, $"houseWithdraw|{Place}", new Booked(new HouseWithdraw(new Nmr(5)))),
        (new ReserveAddedEvent { Amount = 5 }, $"reserveDeposit|{Place}", new Booked(new ReserveDeposit(new Nmr(5)))),
        (new ReserveAskedEvent { Amount = 5 }, $"reserveWithdraw|{Place}", new Booked(new ReserveWithdraw(new Nmr(5)))),
        (new WindingDownEvent(), "windDown", new Booked(new WindDown())),
        (new CommittedEvent { Round = 1, PredictionHash = Bytes(Books) }, $"commit|{Place}", new PredictionsCommitted(1, Books)),
        (new StakedEvent { Round = 1, Amount = 0, ShareBps = 10_000 }, "close|1", new Booked(new Close(new Round(1)))),
        (new CollectedEvent { Round = 1, Staked = 100, Returned = 93 }, "resolve|1", new Booked(new Resolve(new Round(1), new Nmr(-7)))),
        (new CollectedEvent { Round = 2, Staked = 100, Returned = 107 }, "resolve|2", new Booked(new Resolve(new Round(2), new Nmr(7)))),
        (new ProposedEvent { Week = 1, Books = Bytes(Root), AcceptableAt = 1_767_700_000 }, $"propose|{Place}",
            new SettlementProposed(1, Root, DateTimeOffset.FromUnixTimeSeconds(1_767_700_000))),
        (new VetoedEvent { Week = 1, By = Anna }, $"veto|{Place}", new SettlementVetoed(1)),
        (new SettledEvent { Week = 1, Books = Bytes(Root) }, "accept|1", new SettlementAccepted(1)),
        (new CutMovedEvent { FromWeek = 9, Shift = -7_200 }, $"moveCut|{Place}", new CutMoved(9, -7_200)),
        (new CutMoveRevokedEvent { FromWeek = 9 }, $"revokeCutMove|{Place}", new CutMoveRevoked(9)),
        (new StakerAdoptedEvent { Staker = Bert }, $"adoptStaker|{Place}", new StakerAdopted(Bert.ToLowerInvariant())),
        (new PausedEvent { Deposits = true }, $"pause|{Place}", new VaultPaused(Deposits: true, Staking: false)),
        (new PausedEvent { Staking = true }, $"pause|{Place}", new VaultPaused(Deposits: false, Staking: true)),
        (new BooksClosedEvent(), "closeBooks", new BooksClosed()),
        (new ClaimedEvent { Holder = Anna, Series = 255, ExitWeek = 4, Amount = 9 }, $"claim|{Place}",
            new Claimed(Anna.ToLowerInvariant(), new string('0', 62) + "ff", 4, new Nmr(9))),
        (new HouseTakenEvent { Amount = 5 }, $"takeHouse|{Place}", new OwnerPaid("house", new Nmr(5))),
        (new ReserveTakenEvent { Amount = 5 }, $"takeReserve|{Place}", new OwnerPaid("reserve", new Nmr(5))),
        (new OfferWithdrawnEvent { Terms = Bytes(History.TermsOne) }, $"withdrawOffer|{History.TermsOne}", new TermsWithdrawn(History.TermsOne)),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Meanings.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void ChainEvent_MeansThis(int index)
    {
        var (seen, key, @event) = Meanings[index];
        var entry = Assert.Single(Entries(seen));
        Assert.Equal(new NewEntry(key, @event, Block.Time, new ChainSource(70, "0xfeed", 3)), entry);
    }

    [Fact]
    public void OfferedTerms_KeepEveryField()
    {
        var content = new VaultTerms
        {
            UnitSize = 1, ProfitShareBps = 2, LossShareBps = 3, ReserveBps = 4, Crystallisation = 2, ClawBackWeeks = 5,
            CompoundingWeeks = 6, LockupWeeks = 7, UpfrontFeeBps = 8, HouseMinBps = 9,
        };
        var offered = Assert.IsType<TermsOffered>(Assert.Single(Entries(new OfferedEvent { Terms = Bytes(Books), Content = content })).Event);
        Assert.Equal(new TermsOffered(Books, new Terms
        {
            UnitSize = new Nmr(1), ProfitShareBps = new(2), LossShareBps = new(3), ReserveBps = new(4), Crystallisation = Crystallisation.WeeklyHighWater,
            ClawBackWeeks = 5, CompoundingWeeks = 6, LockupWeeks = 7, UpfrontFeeBps = new(8), HouseMinBps = new(9),
        }), offered);
    }

    [Theory]
    [InlineData(Nobody, Anna)]
    [InlineData(Anna, Nobody)]
    public void UnitsThatAppearOrVanish_AreNoTransfer(string sender, string receiver) =>
        Assert.Empty(Entries(new UnitsMovedEvent { Sender = sender, Receiver = receiver, Series = Series, Units = 1 }));

    public static TheoryData<IVaultEvent> Silent => [new StakerAnnouncedEvent(), new StakerRevokedEvent()];

    [Theory]
    [MemberData(nameof(Silent))]
    public void WhatChangesNothingYet_MeansNothing(IVaultEvent seen) => Assert.Empty(Entries(seen));

    [Fact]
    public void SeriesOfTermsThatWereNeverOffered_IsADivergence() => Diverged(
        new DepositedEvent { Backer = Anna, Series = ChainSeries.Of(Books, pays: false, 1).ToNumber(), Units = 1 });

    [Fact]
    public void StakeThatTheBooksDidNotDecide_IsADivergence() => Diverged(new StakedEvent { Round = 1, Amount = 1, ShareBps = 10_000 });

    [Fact]
    public void ProposedBooksThatAreNotTheLogs_AreADivergence()
    {
        Diverged(new ProposedEvent { Week = 1, Books = Bytes(Books) });
        Diverged(new ProposedEvent { Week = 2, Books = Bytes(Root) });
    }

    static void Diverged(IVaultEvent seen) => Assert.Throws<Functions.Vaults.VaultDivergedException>(() => Entries(seen));

    static List<NewEntry> Entries(IVaultEvent seen) => [.. ChainEvents.ToEntries(State(), new VaultLogEntry(Block, "0xfeed", 3, seen))];

    static VaultState State() => new NewEntry[]
    {
        History.Added(Vault), History.Offered(), new("settle|1", new VaultSettled(1, Books, Root, Books, Books, Books, Nmr.Zero), History.FirstCut),
    }.Aggregate(VaultState.Empty(Vault), (state, entry) => state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain)));

    static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}

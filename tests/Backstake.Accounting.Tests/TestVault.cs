using Xunit;

namespace Backstake.Accounting.Tests;

/// <summary>A vault under test: events one after another, each held against all invariants. Amounts are written in NMR.</summary>
internal sealed class TestVault(Staking staking = Staking.PerRound, int concurrentRounds = 4, int? maxBurnBps = null)
{
    public static readonly Backer Anna = new("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    public static readonly Backer Bert = new("0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    public static readonly TermsId T1 = new("T1");
    public static readonly TermsId T2 = new("T2");

    /// <summary>100 NMR a unit, half the profit at the end, no cover, 12 weeks.</summary>
    public static readonly Terms Plain = new()
    {
        UnitSize = Nmr.FromNmr(100),
        ProfitShareBps = new BasisPoints(5_000),
        LossShareBps = BasisPoints.Zero,
        ReserveBps = BasisPoints.Zero,
        Crystallisation = Crystallisation.AtEnd,
        CompoundingWeeks = 12,
    };

    public Books Books { get; private set; } = Books.Open(new VaultSettings("v", staking, concurrentRounds, maxBurnBps is { } bps ? new BasisPoints(bps) : null));

    /// <summary>The entries of the weeks settled so far.</summary>
    public List<Settlement> Weeks { get; } = [];

    public static Nmr N(string nmr) => Nmr.TryParse(nmr, out var amount) ? amount : throw new ArgumentException($"'{nmr}' is no amount.", nameof(nmr));

    public static SeriesId SeriesOf(int entryWeek, TermsId? terms = null, Payout payout = Payout.Compound) => new(terms ?? T1, new Week(entryWeek), payout);

    public TestVault With(Terms terms, TermsId? id = null)
    {
        Books = Books.WithTerms(id ?? T1, terms);
        return this;
    }

    public TestVault Do(VaultEvent vaultEvent)
    {
        var applied = Books.Apply(vaultEvent);
        Assert.True(applied.Refusal is null, $"{vaultEvent} was refused: {applied.Refusal}");
        Invariants.CheckInFull(applied.Books);
        Books = applied.Books;
        if (applied.Settlement is { } settlement) Weeks.Add(settlement);
        return this;
    }

    public TestVault Refuses(VaultEvent vaultEvent, Refusal refusal)
    {
        var applied = Books.Apply(vaultEvent);
        Assert.Equal(refusal.Code, applied.Refusal?.Code);
        Assert.Same(Books, applied.Books);
        return this;
    }

    /// <summary>Accepted where <paramref name="refusal"/> is null.</summary>
    public TestVault Answers(VaultEvent vaultEvent, Refusal? refusal) => refusal is null ? Do(vaultEvent) : Refuses(vaultEvent, refusal);

    public TestVault House(string nmr) => Do(new HouseDeposit(N(nmr)));

    public TestVault Reserve(string nmr) => Do(new ReserveDeposit(N(nmr)));

    public TestVault Deposit(Backer backer, int units = 1, TermsId? terms = null, Payout payout = Payout.Compound) => Do(new Deposit(backer, terms ?? T1, new Units(units), payout));

    public TestVault Exit(Backer backer, int entryWeek, int units = 1, TermsId? terms = null, Payout payout = Payout.Compound) =>
        Do(new Exit(backer, SeriesOf(entryWeek, terms, payout), new Units(units)));

    public TestVault Settle(int times = 1)
    {
        for (var i = 0; i < times; i++) Do(new Settle(Books.LastWeek + 1));
        return this;
    }

    public TestVault Close(int round, int shareBps = 10_000) => Do(new Close(new Round(round), new BasisPoints(shareBps)));

    public TestVault Resolve(int round, string payout) => Do(new Resolve(new Round(round), N(payout)));

    /// <summary>A round in which everything of the unit wins or loses by a plain amount: closes and resolves at once.</summary>
    public TestVault Play(int round, string payout) => Close(round).Resolve(round, payout);

    public Unit LiveUnit(int entryWeek = 1, TermsId? terms = null, Payout payout = Payout.Compound) => Books.Series[SeriesOf(entryWeek, terms, payout)].Unit;

    public Nmr PaidTo(string receiver) => Weeks.SelectMany(week => week.Payments).Where(payment => payment.To == receiver).Aggregate(Nmr.Zero, (sum, payment) => sum + payment.Amount);

    public Nmr PaidTo(Backer backer) => PaidTo(backer.Address);

    public ClassEntry ClassOfTheWeek(int entryWeek, int? exitWeek) => Weeks[^1].Entry.Series.Single(one => one.Series.EntryWeek.Number == entryWeek && one.ExitWeek?.Number == exitWeek);
}

using System.Collections.Immutable;
using Xunit;

namespace Backstake.Accounting.Tests.Gain;

/// <summary>
/// A vault among other backers, week by week: acts, a settlement, two rounds that close; each round resolves some weeks later. An agent sees the results of all rounds that are open, which nobody
/// in life does better, and acts before each settlement.
/// </summary>
internal sealed class Market
{
    public const int Weeks = 14;
    public const int RoundsAWeek = 2;
    private const int Whole = 1_000_000; // a return of 1
    private static readonly TermsId[] Ids = [.. Enumerable.Range(0, 3).Select(i => new TermsId($"T{i}"))];

    private readonly int _seed;
    private readonly int _lag;
    private readonly int _concurrent;
    private readonly ImmutableArray<int> _returns;
    private readonly ILookup<int, VaultEvent> _others;

    public Market(int seed)
    {
        _seed = seed;
        var random = new Random(seed);
        (_lag, _concurrent) = (random.Next(1, 5), random.Next(2, 12));
        Terms = Ids.ToImmutableSortedDictionary(id => id, _ => AnyTerms(random));
        _returns = [.. Enumerable.Range(0, Weeks * RoundsAWeek).Select(_ => random.Next(12) == 0 ? -Whole : random.Next(-Whole / 2, Whole / 2))];
        var others = new List<(int Week, VaultEvent Act)>();
        for (var i = 0; i < 6; i++)
        {
            var (week, backer, terms, units) = (random.Next(1, Weeks / 2), Name('b', i), Ids[random.Next(3)], new Units(random.Next(1, 9)));
            others.Add((week, new Deposit(backer, terms, units)));
            if (week + Terms[terms].LockupWeeks + random.Next(0, 4) is var leaves && leaves > week && leaves <= Math.Min(Weeks, week + Terms[terms].CompoundingWeeks))
                others.Add((leaves, new Exit(backer, new SeriesId(terms, new Week(week), Payout.Compound), units)));
        }

        _others = others.ToLookup(one => one.Week, one => one.Act);
    }

    public ImmutableSortedDictionary<TermsId, Terms> Terms { get; }

    public static Backer Name(char kind, int number) => new($"0x{kind}{number:x39}");

    public static bool IsAgent(string address) => address.StartsWith("0xa", StringComparison.Ordinal);

    /// <summary>All there, with the agent's strategy; without one, the others alone.</summary>
    public Outcome Play(Func<View, IEnumerable<VaultEvent>>? strategy)
    {
        var random = new Random(_seed);
        return Run(_returns, (books, week, known) => (_others[week], strategy?.Invoke(new View(books, week, known, random, this)) ?? []));
    }

    /// <summary>The same units in a vault of their own, where every round that closed before they joined ended the other way: nothing that was known then, and nobody else, is there any more.</summary>
    public Outcome Alone(SeriesId series, IReadOnlyList<(int Week, VaultEvent Act)> acts)
    {
        var before = RoundsAWeek * (series.EntryWeek.Number - 1);
        return Run([.. _returns.Select((one, i) => i < before ? -one : one)], (_, week, _) => ([], acts.Where(act => act.Week == week).Select(act => act.Act)));
    }

    private Outcome Run(ImmutableArray<int> returns, Func<Books, int, IReadOnlyList<int>, (IEnumerable<VaultEvent> Others, IEnumerable<VaultEvent> Agents)> acts)
    {
        var fold = new Fold(Terms.Aggregate(Books.Open(new VaultSettings("v", Staking.PerRound, _concurrent)), (books, terms) => books.WithTerms(terms.Key, terms.Value)));
        var outcome = new Outcome();
        Must(new ReserveDeposit(Nmr.FromNmr(1_000_000)));
        var longest = Terms.Values.Max(terms => terms.CompoundingWeeks);
        for (var week = 1; week <= Weeks + longest + _lag + 2; week++)
        {
            if (week <= Weeks)
            {
                Must(new HouseDeposit(Nmr.FromNmr(1_000_000))); // every week: whatever burned, nobody is refused for want of it
                var known = fold.Books.OpenRounds.Keys.Select(round => returns[round.Number - 1]).ToList();
                var (others, agents) = acts(fold.Books, week, known);
                foreach (var act in others) Must(act);
                // A strategy looks at the books again after each of its acts.
                foreach (var act in agents)
                {
                    if (fold.Apply(act, out _) is null) outcome.Take(week, act, Terms);
                }
            }

            Assert.Null(fold.Apply(new Settle(new Week(week)), out var settlement));
            outcome.Take(settlement!.Entry);
            for (var i = 1; i <= RoundsAWeek && week <= Weeks; i++) Must(new Close(new Round((RoundsAWeek * (week - 1)) + i)));
            foreach (var (round, open) in fold.Books.OpenRounds.Where(one => one.Key.Number <= RoundsAWeek * (week - _lag)))
                Must(new Resolve(round, Nmr.MulDivFloor(open.Stake, new Nmr(returns[round.Number - 1]), new Nmr(Whole))));
        }

        Assert.Empty(fold.Books.Series);
        Assert.Empty(fold.Books.Tranches);
        return outcome;

        void Must(VaultEvent act) => Assert.Null(fold.Apply(act, out _));
    }

    private static Terms AnyTerms(Random random) => new()
    {
        UnitSize = Nmr.FromNmr(random.Next(1, 50)) + new Nmr(random.Next()),
        ProfitShareBps = new BasisPoints(random.Next(0, 10_001)),
        LossShareBps = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 10_001)),
        ReserveBps = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 10_001)),
        Crystallisation = (Crystallisation)random.Next(3),
        ClawBackWeeks = random.Next(0, 4),
        CompoundingWeeks = random.Next(2, 10),
        LockupWeeks = random.Next(2) == 0 ? 0 : random.Next(0, 3),
        UpfrontFeeBps = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 1_001)),
        HouseMinBps = new BasisPoints(random.Next(0, 1_001)),
    };
}

/// <summary>What an agent sees before a settlement: the books, and the returns (in millionths) of the rounds that are open, which the books don't know yet.</summary>
internal sealed record View(Books Books, int Week, IReadOnlyList<int> Known, Random Random, Market Market)
{
    public bool IsGood => Known.Sum() > 0;

    /// <summary>What the agent's names hold and haven't asked out.</summary>
    public IEnumerable<(Series Series, Backer Backer, Units Free)> Held =>
        from series in Books.Series.Values from holder in series.Holders.ByBacker where Market.IsAgent(holder.Key.Address) && !series.FreeOf(holder.Key).IsZero select (series, holder.Key, series.FreeOf(holder.Key));
}

/// <summary>What a market paid, and what the agent did.</summary>
internal sealed class Outcome
{
    private readonly Dictionary<string, Nmr> _paid = new(StringComparer.Ordinal);

    /// <summary>The accepted acts of the agent.</summary>
    public List<(int Week, VaultEvent Act)> Acts { get; } = [];

    public Dictionary<SeriesId, Nmr> Bought { get; } = [];

    public IEnumerable<string> Receivers => _paid.Keys;

    public Nmr To(Func<string, bool> whom) => _paid.Where(one => whom(one.Key)).Aggregate(Nmr.Zero, (sum, one) => sum + one.Value);

    public void Take(int week, VaultEvent act, ImmutableSortedDictionary<TermsId, Terms> terms)
    {
        Acts.Add((week, act));
        var (series, units) = act switch
        {
            Deposit one => (new SeriesId(one.Terms, new Week(week), one.Payout), one.Units * terms[one.Terms].UnitSize),
            CancelDeposit one => (new SeriesId(one.Terms, new Week(week), one.Payout), -(one.Units * terms[one.Terms].UnitSize)),
            _ => (default, Nmr.Zero),
        };
        if (!units.IsZero) Bought[series] = Bought.GetValueOrDefault(series) + units;
    }

    public void Take(WeekEntry week)
    {
        foreach (var payment in week.Payments) _paid[payment.To] = _paid.GetValueOrDefault(payment.To) + payment.Amount;
    }
}

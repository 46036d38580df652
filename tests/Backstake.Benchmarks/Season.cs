using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Backstake.Accounting;

namespace Backstake.Benchmarks;

/// <summary>200 series over a year: each week 64 rounds close, the 64 of the week before resolve, and the week is settled. The same for both books.</summary>
internal static class Season
{
    public const int SeriesCount = 200;
    private const int RoundsAWeek = 64;
    private const int Weeks = 52;

    private static readonly Backer Anna = new("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    /// <summary>Books with so many series, in their first week.</summary>
    public static BooksState Begin(int series, bool roundAmounts = false, int backers = 1)
    {
        var books = new BooksState(new VaultSettings("v", Staking.PerRound)) { Terms = AllTerms(series, roundAmounts) };
        foreach (var vaultEvent in FirstWeek(series, backers)) Do(books, vaultEvent);
        return books;
    }

    public static Accounting.Reference.Books BeginReference(int series)
    {
        var file = new ReplayFile(new VaultSettings("v", Staking.PerRound), AllTerms(series, roundAmounts: false), [.. FirstWeek(series, backers: 1)]);
        var history = Accounting.Reference.ReplayFile.Read(file.Write()).Value;
        return history.Events.Aggregate(history.Begin(), (books, vaultEvent) => books.Apply(vaultEvent).Books);
    }

    /// <summary>Up to 3 % of the stake, either way; or a round amount below it.</summary>
    public static Nmr PayoutOf(OpenRound round, bool roundAmounts)
    {
        var amount = roundAmounts ? Nmr.DivFloor(round.Stake, 64) : Nmr.MulDivFloor(round.Stake, new Nmr(1 + (round.Round.Number * 7919 % 30_011)), new Nmr(1_000_003));
        return round.Round.Number % 2 == 0 ? amount : -amount;
    }

    public static (double Milliseconds, double BytesPerWeek) Fast()
    {
        var (milliseconds, bytes) = (double.MaxValue, 0.0);
        for (var run = 0; run < 3; run++)
        {
            var books = Begin(SeriesCount);
            var (watch, weeks) = (Stopwatch.StartNew(), 0.0);
            for (var week = 2; week <= Weeks + 1; week++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Week(books, week, RoundsAWeek);
                weeks = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            (milliseconds, bytes) = (Math.Min(milliseconds, watch.Elapsed.TotalMilliseconds), weeks);
        }

        return (milliseconds, bytes);
    }

    public static double Reference()
    {
        var books = BeginReference(SeriesCount);
        var watch = Stopwatch.StartNew();
        for (var week = 2; week <= Weeks + 1; week++)
        {
            foreach (var round in books.OpenRounds.Values) books = books.Apply(new Accounting.Reference.Resolve(round.Round, new Accounting.Reference.Nmr(PayoutOf(Of(round), false).Wei))).Books;
            for (var i = 0; i < RoundsAWeek; i++) books = books.Apply(new Accounting.Reference.Close(new Accounting.Reference.Round((week * RoundsAWeek) + i))).Books;
            books = books.Apply(new Accounting.Reference.Settle(new Accounting.Reference.Week(week))).Books;
        }

        return watch.Elapsed.TotalMilliseconds;

        static OpenRound Of(Accounting.Reference.OpenRound round) => new(new Round(round.Round.Number), new Nmr(round.Stake.Wei), new Nmr(round.HouseStake.Wei));
    }

    /// <summary>A whole week, settlement and all, by unit-state: the same at any number of series where the cost is linear.</summary>
    public static double NanosecondsPerUnitState(int series, int rounds)
    {
        var books = Begin(series);
        Week(books, 2, rounds);
        var week = 3;
        return BooksBenchmark.BestMilliseconds(5, () => Week(books, week++, rounds)) * 1e6 / ((double)series * rounds);
    }

    public static double SettleMicroseconds(int series, int backers)
    {
        var books = Begin(series, backers: backers);
        var week = 2;
        return BooksBenchmark.BestMilliseconds(20, () => Do(books, new Settle(new Week(week++)))) * 1e3;
    }

    private static void Week(BooksState books, int week, int rounds)
    {
        while (books.OpenRounds.Count > 0) Do(books, new Resolve(books.OpenRounds[0].Round, PayoutOf(books.OpenRounds[0], false)));
        for (var i = 0; i < rounds; i++) Do(books, new Close(new Round((week * rounds) + i)));
        Do(books, new Settle(new Week(week)));
    }

    private static void Do(BooksState books, VaultEvent vaultEvent)
    {
        if (books.Apply(vaultEvent, out _) is { } refusal) throw new InvalidOperationException($"{vaultEvent} was refused: {refusal}.");
    }

    /// <summary>Two series a terms: one that compounds and one that pays.</summary>
    private static ImmutableSortedDictionary<TermsId, Terms> AllTerms(int series, bool roundAmounts) => Enumerable.Range(0, (series + 1) / 2).ToImmutableSortedDictionary(
        i => new TermsId(i.ToString("d6", CultureInfo.InvariantCulture)),
        i => new Terms
        {
            UnitSize = roundAmounts ? Nmr.FromNmr(100) : Nmr.FromNmr(100) - new Nmr(i * 7_654_321_987L),
            ProfitShareBps = new BasisPoints(2_000),
            LossShareBps = BasisPoints.Zero,
            ReserveBps = BasisPoints.Zero,
            Crystallisation = (Crystallisation)(i % 3),
            CompoundingWeeks = Accounting.Terms.MostWeeks,
        });

    private static IEnumerable<VaultEvent> FirstWeek(int series, int backers)
    {
        yield return new HouseDeposit(Nmr.FromNmr(1_000));
        var terms = AllTerms(series, roundAmounts: false).Keys.ToArray();
        for (var i = 0; i < series; i++)
        {
            for (var backer = 0; backer < backers; backer++)
                yield return new Deposit(backers == 1 ? Anna : new Backer($"0x{backer:x40}"), terms[i / 2], new Units(1 + (i % 7)), (Payout)(i % 2));
        }

        yield return new Settle(new Week(1));
    }
}

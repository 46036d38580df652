using System.Collections.Immutable;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>
/// One step of a random history: numbers, which <see cref="RandomHistory"/> turns into an event that fits the books at that point (mostly) or doesn't. So a shrunk list of moves
/// is a history again.
/// </summary>
public sealed record Move(int Kind, int A, int B, int C);

/// <summary>How large the amounts of a history are: as in life; a few wei (units smaller than terms may have); or near the greatest that events may name.</summary>
public enum Scale
{
    Usual,
    OneWei,
    Greatest,
}

/// <summary>A random vault, its terms and its moves.</summary>
public sealed record RandomHistory(int Seed, bool PerRound, ImmutableArray<Move> Moves, Scale Scale = Scale.Usual)
{
    private const int MostMoves = 160;

    public static Arbitrary<RandomHistory> Any => Arb.From(Generator, Shrink);

    private static Gen<Move> AnyMove =>
        from kind in Gen.Choose(0, 99)
        from a in Gen.Choose(0, 1_000_000)
        from b in Gen.Choose(0, 1_000_000)
        from c in Gen.Choose(0, 1_000_000)
        select new Move(kind, a, b, c);

    private static Gen<RandomHistory> Generator =>
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from perRound in Gen.Elements(true, false)
        from length in Gen.Choose(10, MostMoves)
        from moves in Gen.ArrayOf(AnyMove, length)
        select new RandomHistory(seed, perRound, [.. moves]);

    public override string ToString() => $"seed {Seed}, perRound {PerRound}\n{System.Text.Encoding.UTF8.GetString(ToReplayFile().Write())}";

    /// <summary>The history as a replay file; some of its events are refused.</summary>
    public ReplayFile ToReplayFile()
    {
        var random = new Random(Seed);
        var vault = AnyVault(random);
        var terms = Enumerable.Range(0, 3).ToImmutableSortedDictionary(i => new TermsId($"T{i}"), _ => AnyTerms(random));
        var events = ImmutableArray.CreateBuilder<VaultEvent>();
        var books = Begin(vault, terms);
        Add(new HouseDeposit(AnyAmount(random.Next(1, 400), random.Next())));
        Add(new ReserveDeposit(AnyAmount(random.Next(1, 4000), random.Next())));
        foreach (var move in Moves) Add(EventOf(move, books, terms));
        return new ReplayFile(vault, terms, events.ToImmutable());

        void Add(VaultEvent vaultEvent)
        {
            events.Add(vaultEvent);
            books = books.Apply(vaultEvent).Books;
        }
    }

    /// <summary>Empty books that know the terms, also those that nobody could offer.</summary>
    public static Books Begin(VaultSettings vault, ImmutableSortedDictionary<TermsId, Terms> terms) => new(new BooksState(vault) { Terms = terms });

    private VaultSettings AnyVault(Random random) => PerRound
        ? new("v", Staking.PerRound, random.Next(1, 8), new BasisPoints(random.Next(3) == 0 ? random.Next(0, 10_001) : 10_000))
        : new("v", Staking.Continuous, 4, new BasisPoints(random.Next(2) == 0 ? 2_500 : random.Next(0, 10_001)));

    private Terms AnyTerms(Random random)
    {
        var lossShare = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 10_001));
        return new Terms
        {
            UnitSize = AnyAmount(random.Next(1, 100), random.Next()),
            ProfitShareBps = new BasisPoints(random.Next(4) switch { 0 => 0, 1 => 10_000, _ => random.Next(0, 10_001) }),
            LossShareBps = lossShare,
            ReserveBps = random.Next(2) == 0 ? lossShare : new BasisPoints(random.Next(0, 10_001)),
            Crystallisation = (Crystallisation)random.Next(3),
            ClawBackWeeks = random.Next(0, 5),
            CompoundingWeeks = random.Next(1, 9),
            LockupWeeks = random.Next(2) == 0 ? 0 : random.Next(0, 6),
            UpfrontFeeBps = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 1_001)),
            HouseMinBps = new BasisPoints(random.Next(3) == 0 ? random.Next(0, 3_001) : 0),
        };
    }

    /// <summary>Odd weis, so that every division leaves a remainder.</summary>
    private Nmr AnyAmount(int nmr, int wei) => Scale switch
    {
        Scale.OneWei => new Nmr(nmr < 100 ? 1 + (wei % 3) : nmr),
        Scale.Greatest => Nmr.Min(Nmr.FromNmr(nmr * 10_000L) + new Nmr(wei), Nmr.GreatestSupply),
        _ => Nmr.FromNmr(nmr) + new Nmr(wei),
    };

    private VaultEvent EventOf(Move move, Books books, ImmutableSortedDictionary<TermsId, Terms> terms) => move.Kind switch
    {
        < 22 => CloseOf(move, books),
        < 46 => ResolveOf(move, books),
        < 58 => new Settle(new Week(books.LastWeek.Number + (move.A % 20 == 0 ? move.B % 3 : 1))),
        < 70 => new Deposit(BackerOf(move.A), TermsOf(move.B, terms), new Units(move.C % 7), PayoutOf(move.A)),
        < 73 => new CancelDeposit(BackerOf(move.A), TermsOf(move.B, terms), new Units(move.C % 4), PayoutOf(move.A)),
        < 80 => OfSeries(move, books, (backer, series, units) => new Exit(backer, series, units)),
        < 83 => OfSeries(move, books, (backer, series, units) => new CancelExit(backer, series, units)),
        < 88 => OfSeries(move, books, (backer, series, units) => new Transfer(backer, BackerOf(move.B), series, units)),
        < 92 => new HouseDeposit(AnyAmount(move.A % 100, move.B % 3)),
        < 95 => new HouseWithdraw(PartOf(books.HouseSpare, move)),
        < 97 => new ReserveDeposit(AnyAmount(move.A % 200, move.B)),
        < 99 => new ReserveWithdraw(PartOf(Nmr.OrZero(books.ReserveUnlocked), move)),
        _ => move.A % 4 == 0 ? new WindDown() : new HouseDeposit(AnyAmount(1, move.A)),
    };

    private static Close CloseOf(Move move, Books books)
    {
        var ahead = move.A % 30 == 0 ? move.B % 1_100 : 1;
        var share = move.C % 5 == 0 ? new BasisPoints(move.B % 10_001) : BasisPoints.Whole;
        return new Close(new Round((books.LastClosed?.Number ?? 100) + ahead), share);
    }

    private static Resolve ResolveOf(Move move, Books books)
    {
        if (books.OpenRounds.IsEmpty) return new Resolve(new Round(move.A % 300), Nmr.Zero);
        var round = books.OpenRounds.Values.ElementAt(move.A % 4 == 0 ? move.B % books.OpenRounds.Count : 0);
        var most = Nmr.Min(Nmr.MulDivFloor(round.Stake, books.Vault.MaxBurnBps), books.Stake);
        return new Resolve(round.Round, (move.C % 8) switch
        {
            0 => Nmr.Zero,
            1 => -most,
            2 => -most - new Nmr(move.B % 2),
            < 6 => -Nmr.MulDivFloor(most, new Nmr(move.B), new Nmr(1_000_000)),
            _ => Nmr.MulDivFloor(round.Stake, new Nmr(move.B), new Nmr(1_500_000)),
        });
    }

    private static VaultEvent OfSeries(Move move, Books books, Func<Backer, SeriesId, Units, VaultEvent> make)
    {
        if (books.Series.IsEmpty) return make(BackerOf(move.A), new SeriesId(new TermsId("T0"), new Week(move.B % 5), Payout.Compound), new Units(1));
        var series = books.Series.Values.ElementAt(move.A % books.Series.Count);
        var holder = series.Holders.ByBacker.ElementAt(move.B % series.Holders.ByBacker.Count);
        return make(holder.Key, series.Id, new Units(move.C % (holder.Value.Count + 2)));
    }

    private static Nmr PartOf(Nmr most, Move move) => Nmr.MulDivFloor(most, new Nmr(move.B), new Nmr(800_000)) + new Nmr(move.C % 2);

    private static TermsId TermsOf(int number, ImmutableSortedDictionary<TermsId, Terms> terms) => number % 40 == 0 ? new TermsId("not offered") : terms.Keys.ElementAt(number % terms.Count);

    private static Payout PayoutOf(int number) => number % 3 == 0 ? Payout.Pay : Payout.Compound;

    public static Backer BackerOf(int number) => new($"0x{new BigInteger(1 + (number % 5)) * 0x1234567:x40}");

    private static IEnumerable<RandomHistory> Shrink(RandomHistory history)
    {
        for (var length = history.Moves.Length / 2; length > 0; length /= 2)
        {
            for (var first = 0; first + length <= history.Moves.Length; first += length)
                yield return history with { Moves = history.Moves.RemoveRange(first, length) };
        }
    }
}

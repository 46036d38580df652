using System.Collections.Immutable;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>What a history's vault is created with, and the terms that its owner offers, from a seed. Odd weis, so that every division leaves a remainder.</summary>
/// <param name="ForgetsRounds">The first round that was staked in comes home only at the end.</param>
/// <param name="Generation">Of its first staker: an index into <see cref="Chain.World.Generations"/>.</param>
internal sealed record Setting(int ConcurrentRounds, int WindowHours, bool ForgetsRounds, int Generation, ImmutableArray<Terms> Terms, BigInteger House, BigInteger Reserve)
{
    private static readonly BigInteger SmallestUnit = BigInteger.Pow(10, 15);

    public static Setting Of(int seed)
    {
        var random = new Random(seed);
        var first = random.Next(3);
        return new Setting(
            random.Next(4) switch { 0 => 1, 1 => VaultSettings.DefaultConcurrentRounds, _ => random.Next(2, 6) },
            random.Next(3) switch { 0 => 24, 1 => 60, _ => 40 },
            random.Next(6) == 0,
            random.Next(2),
            [.. Enumerable.Range(0, 4).Select(i => AnyTerms(random, (Crystallisation)((first + i) % 3), dust: i == 3))],
            AnyAmount(random, 400),
            AnyAmount(random, 4_000));
    }

    /// <summary>One of each crystallisation, and one with the smallest unit there is.</summary>
    private static Terms AnyTerms(Random random, Crystallisation crystallisation, bool dust)
    {
        var lossShare = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 10_001));
        return new Terms
        {
            UnitSize = new Nmr(dust ? SmallestUnit + (random.Next(2) == 0 ? 0 : random.Next(100)) : AnyAmount(random, 100)),
            ProfitShareBps = new BasisPoints(random.Next(6) switch { 0 => 0, 1 => 10_000, _ => random.Next(0, 10_001) }),
            LossShareBps = lossShare,
            ReserveBps = random.Next(2) == 0 ? lossShare : new BasisPoints(random.Next(0, 10_001)),
            Crystallisation = crystallisation,
            ClawBackWeeks = random.Next(0, 5),
            CompoundingWeeks = random.Next(4) == 0 ? random.Next(10, 30) : random.Next(1, 9),
            LockupWeeks = random.Next(2) == 0 ? 0 : random.Next(0, 6),
            UpfrontFeeBps = new BasisPoints(random.Next(2) == 0 ? 0 : random.Next(0, 1_001)),
            HouseMinBps = new BasisPoints(random.Next(3) == 0 ? random.Next(0, 3_001) : 0),
        };
    }

    private static BigInteger AnyAmount(Random random, int mostNmr) => (random.Next(1, mostNmr) * Wei.OneNmr) + random.Next();
}

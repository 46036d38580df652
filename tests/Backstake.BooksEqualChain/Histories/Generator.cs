using System.Collections.Immutable;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>Random histories: the same seed gives the same one.</summary>
internal static class Generator
{
    /// <summary>How often what is tried within a week, of 100.</summary>
    private static readonly (Kind Kind, int Times)[] Acts =
    [
        (Kind.Wait, 16), (Kind.Deposit, 15), (Kind.Cancel, 5), (Kind.Exit, 8), (Kind.CancelExit, 3), (Kind.Transfer, 7), (Kind.Claim, 7), (Kind.AddHouse, 3), (Kind.AskHouse, 4), (Kind.TakeHouse, 1),
        (Kind.AddReserve, 3), (Kind.AskReserve, 3), (Kind.TakeReserve, 1), (Kind.Round, 11), (Kind.Collect, 9), (Kind.Donate, 1), (Kind.Sync, 1), (Kind.Stranger, 1), (Kind.Veto, 1),
    ];

    private static readonly ImmutableArray<Kind> Bag = [.. Acts.SelectMany(act => Enumerable.Repeat(act.Kind, act.Times))];

    public static History Of(int seed, int weeks)
    {
        var random = new Random(seed);
        var moves = ImmutableArray.CreateBuilder<Move>();
        var silentFrom = random.Next(8) == 0 ? random.Next(3, weeks) : int.MaxValue;
        var windDownAt = random.Next(2) == 0 ? random.Next(weeks / 2, weeks) : int.MaxValue;
        for (var week = 1; week <= weeks; week++)
        {
            Some(Bag, random.Next(5, 22));
            for (var rounds = random.Next(5); rounds > 0; rounds--) Add(Kind.Round);
            if (random.Next(8) == 0) Add(Kind.Pause);
            if (random.Next(25) == 0) Add(Kind.WithdrawOffer);
            if (random.Next(15) == 0 || week > silentFrom + 3) Add(Kind.WindDownByAnybody);
            if (week == windDownAt || (week > windDownAt && random.Next(4) == 0))
            {
                Add(Kind.WindDown);
                Some([Kind.Cancel], 3);
            }

            if (random.Next(12) == 0) Add(Kind.MoveCut);
            if (random.Next(20) == 0) Add(Kind.RevokeCutMove);
            if (random.Next(6) == 0) Add(Kind.ChangeStaker);
            Some(Bag, random.Next(2, 10));
            Add(Kind.Resume);
            if (random.Next(3) == 0)
            {
                Add(Kind.BeforeCut);
                Some(Bag, random.Next(1, 4));
            }

            Add(Kind.Cut);
            Some(Bag, random.Next(0, 5));
            var silent = week >= silentFrom && week < silentFrom + 5;
            if (silent || random.Next(9) == 0) continue;
            Settle(random.Next(1, 3));
        }

        return new History(seed, moves.ToImmutable());

        void Settle(int times)
        {
            for (var i = 0; i < times; i++)
            {
                if (random.Next(14) == 0) Add(Kind.ProposeFalsely);
                Add(Kind.Propose);
                Some(Bag, random.Next(0, 6));
                if (random.Next(12) == 0)
                {
                    Add(Kind.Veto);
                    Add(Kind.Propose);
                }

                Add(Kind.Accept);
            }
        }

        void Some(ImmutableArray<Kind> bag, int times)
        {
            for (var i = 0; i < times; i++) Add(bag[random.Next(bag.Length)]);
        }

        void Add(Kind kind) => moves.Add(new Move(kind, random.Next(), random.Next(), random.Next()));
    }
}

using System.Numerics;
using Backstake.Accounting;

namespace Backstake.Research;

/// <summary>Folds one path after another from the same first settlement. The books are the real ones: what is random is which round of the model's history comes next.</summary>
public sealed class Simulation
{
    /// <summary>Returns of rounds hang together over so many of them, because they share days.</summary>
    public const int MeanBlock = 25;

    private static readonly Backer TheBacker = new("0x00000000000000000000000000000000000000b0");
    private static readonly TermsId TheTerms = new("T");
    private static readonly Nmr One = Nmr.FromNmr(1);

    private readonly SimulationPlan _plan;
    private readonly Nmr?[] _returns;
    private readonly Books _start;

    /// <param name="plan">Throws <see cref="ArgumentException"/> where the deposit would be refused.</param>
    /// <param name="returns">The model's results on the stake of a round, in the order of the rounds; NaN: it did not take part.</param>
    public Simulation(SimulationPlan plan, ReadOnlySpan<double> returns)
    {
        _plan = plan;
        _returns = new Nmr?[returns.Length];
        for (var i = 0; i < returns.Length; i++) _returns[i] = double.IsNaN(returns[i]) ? null : new Nmr((BigInteger)Math.Floor(returns[i] * (double)One.Wei));
        var fold = new Fold(Books.Open(plan.Vault).WithTerms(TheTerms, plan.Terms));
        if (plan.House.IsPositive) fold.Apply(new HouseDeposit(plan.House), out _);
        if (plan.Reserve.IsPositive) fold.Apply(new ReserveDeposit(plan.Reserve), out _);
        if (fold.Apply(new Deposit(TheBacker, TheTerms, plan.Units, plan.Payout), out _) is { } refusal) throw new ArgumentException($"The deposit is refused: {refusal.Sentence}", nameof(plan));
        fold.Apply(new Settle(new Week(1)), out _);
        _start = fold.Books;
    }

    /// <summary>So many paths, the model's rounds drawn anew in blocks. The same seed gives the same.</summary>
    public SimulatedOutcomes Draw(int paths, double meanBlock = MeanBlock, int seed = 1)
    {
        var bootstrap = new StationaryBootstrap(_returns.Length, meanBlock, seed);
        var outcomes = new Outcome[paths];
        var path = new int[_plan.Rounds];
        for (var i = 0; i < paths; i++)
        {
            bootstrap.NextPath(path);
            outcomes[i] = Play(path);
        }

        return new SimulatedOutcomes(outcomes);
    }

    /// <summary>A path's outcome. A round resolves when, <see cref="ReturnTable.ResolutionLag"/> rounds later, another one opens.</summary>
    /// <param name="path">Which round of the history each round is.</param>
    public Outcome Play(ReadOnlySpan<int> path)
    {
        var fold = new Fold(_start);
        var (toBacker, toOwner, hasAsked) = (Nmr.Zero, Nmr.Zero, false);
        for (var slot = 0; ; slot++)
        {
            var resolved = slot - ReturnTable.ResolutionLag;
            if (resolved >= 0 && resolved < path.Length) Resolve(fold, resolved, _returns[path[resolved]]);
            if (slot < path.Length) fold.Apply(new Close(new Round(slot), _returns[path[slot]] is null ? BasisPoints.Zero : BasisPoints.Whole), out _);
            if ((slot + 1) % Quote.RoundsAWeek != 0) continue;

            if (slot + 1 >= path.Length && !hasAsked) hasAsked = AskOut(fold);
            fold.Apply(new Settle(new Week(2 + (slot / Quote.RoundsAWeek))), out var settlement);
            foreach (var payment in settlement!.Payments)
            {
                if (payment.To == Payment.Owner) toOwner += payment.Amount;
                else toBacker += payment.Amount;
            }

            var entry = settlement.Entry;
            if (resolved >= path.Length - 1 && entry.Series.All(one => one.Final)) return new(toBacker - _plan.Invested, toOwner + entry.House + entry.Reserve - _plan.OfOwner);
        }
    }

    private void Resolve(Fold fold, int round, Nmr? ofStake)
    {
        var number = new Round(round);
        var stake = fold.StakeIn(number)!.Value;
        // No round burns more than its cap, whatever the scores say.
        var payout = ofStake is { } result ? Nmr.Max(Nmr.MulDivFloor(stake, result, One), -Nmr.MulDivFloor(stake, _plan.Vault.MaxBurnBps)) : Nmr.Zero;
        if (fold.Apply(new Resolve(number, payout), out _) is { } refusal) throw new InvalidOperationException($"Round {round} can't be resolved with {payout}: {refusal}.");
    }

    /// <summary>False while the lockup lasts; true too where the term has ended already.</summary>
    private bool AskOut(Fold fold) => fold.Apply(new Exit(TheBacker, new SeriesId(TheTerms, new Week(1), _plan.Payout), _plan.Units), out _) != Refusal.LockedUp;
}

using System.Numerics;
using Backstake.Accounting;

namespace Backstake.Research;

/// <summary>
/// What a unit of a model's vault would have earned under given terms: the rounds are folded by the books themselves, so profit share, fees, claw-back and cover are what they are.
/// The unit is bought anew whenever its term ends. Where the rounds end before its term does, it is taken at what it would be worth if it left: less what it owes, plus the cover due.
/// </summary>
/// <param name="Net">
/// Per round of the table: the net return on the unit's stake of that round; NaN for a gap. What a week brought is spread over the stake that resolved in it, since terms work by the week.
/// </param>
/// <param name="Earned">What the units brought together, after share, fees and cover; in unit sizes.</param>
/// <param name="Gross">The same before them.</param>
public sealed record UnitTrack(double[] Net, double Earned, double Gross)
{
    /// <summary>Assumption: five rounds a week, a settlement after every fifth, and a round's money in the vault <see cref="ReturnTable.ResolutionLag"/> rounds after its close.</summary>
    public const int RoundsAWeek = 5;

    private static readonly Backer Holder = new("0x" + new string('1', 40));
    private static readonly TermsId Id = new("T");

    /// <summary>The net returns of all models.</summary>
    public static ReturnTable NetOf(ReturnTable returns, Terms terms)
    {
        var net = new double[returns.Models.Count][];
        Parallel.For(0, net.Length, m => net[m] = Of(returns[m], terms).Net);
        return new ReturnTable(returns.Rounds, returns.Models, net);
    }

    public static UnitTrack Of(ReadOnlySpan<double> returns, Terms terms)
    {
        var weeks = new Weeks(returns.ToArray(), terms);
        for (var first = 0; first < returns.Length; first += terms.CompoundingWeeks * RoundsAWeek) weeks.Hold(first);
        return weeks.Track();
    }

    private sealed class Weeks(double[] returns, Terms terms)
    {
        private readonly double size = (double)terms.UnitSize.Wei;
        private readonly double[] change = new double[((returns.Length + ReturnTable.ResolutionLag) / RoundsAWeek) + 3]; // what the week's settlement changed, in unit sizes
        private readonly double[] staked = new double[((returns.Length + ReturnTable.ResolutionLag) / RoundsAWeek) + 3]; // the unit's stake that resolved in the week, in unit sizes
        private double gross;

        /// <summary>One unit, from its purchase before round <paramref name="first"/> until its term is over and its last round resolved.</summary>
        public void Hold(int first)
        {
            var last = Math.Min(returns.Length, first + (terms.CompoundingWeeks * RoundsAWeek)); // the first round it has no part in
            var joined = Join();
            var (books, week, worth) = (joined.Books, 1, WorthOf(joined, 0));
            change[first / RoundsAWeek] += worth - 1;
            var end = ((last + ReturnTable.ResolutionLag + RoundsAWeek - 1) / RoundsAWeek * RoundsAWeek) + RoundsAWeek;
            for (var t = first; t < end; t++)
            {
                if (t < last) books = Apply(books, new Close(new Round(t + 1), double.IsNaN(returns[t]) ? BasisPoints.Zero : BasisPoints.Whole));
                var resolved = t - ReturnTable.ResolutionLag;
                if (resolved >= first && resolved < last) books = Resolve(books, resolved, t / RoundsAWeek);
                if ((t + 1) % RoundsAWeek != 0) continue;
                var settled = books.Apply(new Settle(new Week(++week)));
                books = settled.Books;
                var now = WorthOf(settled, worth);
                change[t / RoundsAWeek] += now - worth;
                worth = now;
            }
        }

        public UnitTrack Track()
        {
            // What falls into a week in which nothing resolved (a fee at the purchase) waits for the next in which something did; what comes after the last goes there.
            var (net, carried, latest) = (new double[change.Length], 0.0, -1);
            for (var w = 0; w < change.Length; w++)
            {
                carried += change[w];
                if (staked[w] <= 0) continue;
                (net[w], carried, latest) = (carried / staked[w], 0, w);
            }

            if (latest >= 0) net[latest] += carried / staked[latest];
            return new UnitTrack([.. returns.Select((x, t) => double.IsNaN(x) ? double.NaN : net[(t + ReturnTable.ResolutionLag) / RoundsAWeek])], change.Sum(), gross);
        }

        private Applied Join()
        {
            var books = Books.Open(new VaultSettings("research", Staking.PerRound)).WithTerms(Id, terms);
            books = Apply(books, new HouseDeposit(terms.UnitSize + terms.SpareOfUnit()));
            if (terms.ReserveOfUnit().IsPositive) books = Apply(books, new ReserveDeposit(terms.ReserveOfUnit()));
            books = Apply(books, new Deposit(Holder, Id, new Units(1)));
            return books.Apply(new Settle(new Week(1)));
        }

        private Books Resolve(Books books, int round, int week)
        {
            var number = new Round(round + 1);
            var result = double.IsNaN(returns[round]) ? 0 : returns[round];
            var part = (double)(UnitOf(books)?.PartIn(number)?.Stake.Wei ?? 0) / size;
            staked[week] += part;
            gross += part * result;
            // A return has nine digits here; more are noise. Burns are whole wei, rounded toward zero.
            var payout = new Nmr(books.OpenRounds[number].Stake.Wei * new BigInteger(Math.Round(result * 1e9)) / 1_000_000_000);
            return Apply(books, new Resolve(number, payout));
        }

        /// <summary>What the unit is worth to its backer after a settlement, in unit sizes; <paramref name="before"/> once it was paid in full and is gone.</summary>
        private double WorthOf(Applied settled, double before)
        {
            if (settled.Settlement!.Entry.Series.FirstOrDefault() is { Final: true } final) return (double)final.UnitValue.Wei / size;
            if (UnitOf(settled.Books) is not { } unit) return before;
            var gain = Nmr.OrZero(unit.Cumulative);
            var loss = Nmr.OrZero(-unit.Cumulative);
            var fee = terms.Crystallisation == Crystallisation.AtEnd ? Nmr.MulDivFloor(gain, terms.ProfitShareBps) : Nmr.Zero;
            var cover = Nmr.Min(Nmr.MulDivFloor(loss, terms.LossShareBps), terms.ReserveOfUnit());
            return (double)(unit.Value - unit.OwedInAll - fee + cover).Wei / size;
        }

        /// <summary>The one unit of the vault, live or leaving; null once gone.</summary>
        private static Unit? UnitOf(Books books) => books.Series.Values.FirstOrDefault()?.Unit ?? books.Tranches.Values.FirstOrDefault()?.Unit;

        private static Books Apply(Books books, VaultEvent happened) =>
            books.Apply(happened) is { Refusal: null } applied ? applied.Books : throw new InvalidOperationException($"The books refuse {happened}.");
    }
}

using System.Numerics;

namespace Backstake.Research;

/// <summary>
/// Weights w (≥ 0, ≤ cap, together 1) that minimise aversion·CVaR(w) − (1 − aversion)·return·w, where CVaR is the mean loss in the worst part of equally likely scenarios (Rockafellar and Uryasev 2000).
/// As CVaR is the greatest mean loss over all ways to put probability on scenarios with none above 1/(tail·S), it is a saddle point, solved by restarted primal-dual steps
/// (Chambolle and Pock 2011; Applegate and others 2021). MathNet has no linear or quadratic programming. The answer comes with the gap to a lower bound that any such distribution proves:
/// no allowed weights are better by more than <see cref="Gap"/>.
/// </summary>
public sealed class TailProblem
{
    /// <summary>Of the objective, in returns a round: a thousandth of a percent of the stake.</summary>
    public const double Tolerance = 1e-5;

    private const int MostIterations = 20_000;
    private const int CheckEvery = 40;

    private readonly double[][] byModel; // losses are −byModel[m][s]·w_m
    private readonly double[] expected;
    private readonly double tailCap;
    private readonly double cap;

    /// <param name="scenarios">Return of each model (first index) in each scenario.</param>
    /// <param name="expected">Expected return of each model.</param>
    /// <param name="tail">The worst part of the scenarios that CVaR is the mean of, 0 … 1.</param>
    /// <param name="cap">The most one model may weigh; so much that all together can reach 1.</param>
    public TailProblem(double[][] scenarios, double[] expected, double tail, double cap)
    {
        if (scenarios.Length == 0 || scenarios.Length != expected.Length) throw new ArgumentException("One expected return and one row of scenarios for each model.", nameof(scenarios));
        if (cap * scenarios.Length < 1 - 1e-12) throw new ArgumentException("With so low a cap the weights can't reach 1.", nameof(cap));
        (byModel, this.expected, this.cap) = (scenarios, expected, Math.Min(cap, 1));
        tailCap = Math.Min(1, 1 / Math.Max(tail * scenarios[0].Length, 1));
    }

    private int Models => byModel.Length;

    private int Scenarios => byModel[0].Length;

    /// <summary>How far <see cref="Solve"/>'s last answer may be from the best, proven.</summary>
    public double Gap { get; private set; }

    /// <param name="aversion">0: only the expected return counts; 1: only CVaR.</param>
    /// <param name="tolerance">Of the objective, in returns a round.</param>
    public double[] Solve(double aversion, double tolerance = Tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(aversion, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(aversion, 1);
        var (w, q) = (Filled(Models, 1.0 / Models), Filled(Scenarios, 1.0 / Scenarios));
        var (wSum, qSum) = (new double[Models], new double[Scenarios]);
        var (gradient, portfolio, ahead) = (new double[Models], new double[Scenarios], new double[Models]);
        var norm = Math.Max(aversion * Norm(), 1e-12);
        // Distances in w are about 1, in q about √tailCap: steps are balanced by that.
        var balance = 1 / Math.Sqrt(tailCap);
        var (stepW, stepQ) = (0.99 * balance / norm, 0.99 / balance / norm);
        var best = (Weights: (double[])w.Clone(), Gap: double.PositiveInfinity);
        var (gapAtRestart, count) = (double.PositiveInfinity, 0);
        for (var iteration = 1; iteration <= MostIterations; iteration++)
        {
            TailReturns(q, gradient);
            for (var m = 0; m < Models; m++) ahead[m] = w[m] + (stepW * (((1 - aversion) * expected[m]) + (aversion * gradient[m])));
            var before = (double[])w.Clone();
            CappedSimplex.Project(ahead, cap, w);
            for (var m = 0; m < Models; m++) ahead[m] = (2 * w[m]) - before[m];
            Portfolio(ahead, portfolio);
            for (var s = 0; s < Scenarios; s++) portfolio[s] = q[s] - (stepQ * aversion * portfolio[s]);
            CappedSimplex.Project(portfolio, tailCap, q);
            Add(w, wSum);
            Add(q, qSum);
            count++;
            if (iteration % CheckEvery != 0) continue;

            double[] wMean = [.. wSum.Select(x => x / count)];
            double[] qMean = [.. qSum.Select(x => x / count)];
            var gap = Objective(wMean, aversion) - Bound(qMean, aversion);
            if (gap < best.Gap) best = (wMean, gap);
            if (gap <= tolerance) break;
            if (gap > 0.4 * gapAtRestart && gapAtRestart < double.PositiveInfinity && count < 4_000) continue;
            (w, q, gapAtRestart, count) = (wMean, qMean, gap, 0);
            Array.Clear(wSum);
            Array.Clear(qSum);
        }

        Gap = Math.Max(0, best.Gap);
        return Tidy(best.Weights);
    }

    /// <summary>aversion·CVaR(w) − (1 − aversion)·return·w.</summary>
    public double Objective(double[] weights, double aversion) => (aversion * Cvar(weights)) - ((1 - aversion) * Dot(expected, weights));

    /// <summary>Mean loss of the worst scenarios; a fraction of one counts by its part.</summary>
    public double Cvar(double[] weights)
    {
        var returns = new double[Scenarios];
        Portfolio(weights, returns);
        Array.Sort(returns);
        var (left, sum) = (1.0, 0.0);
        foreach (var r in returns)
        {
            var probability = Math.Min(tailCap, left);
            sum -= probability * r;
            left -= probability;
            if (left <= 1e-15) break;
        }

        return sum;
    }

    /// <summary>What each model loses on average in the portfolio's worst scenarios: the part a little more of it adds to CVaR.</summary>
    public double[] MarginalCvar(double[] weights)
    {
        var returns = new double[Scenarios];
        Portfolio(weights, returns);
        var order = Enumerable.Range(0, Scenarios).ToArray();
        Array.Sort(returns, order);
        var (left, q) = (1.0, new double[Scenarios]);
        for (var i = 0; i < order.Length && left > 0; i++)
        {
            q[order[i]] = Math.Min(tailCap, left);
            left -= tailCap;
        }

        var marginal = new double[Models];
        TailReturns(q, marginal);
        return [.. marginal.Select(r => -r)];
    }

    /// <summary>No allowed weights do better than this, for any distribution q over scenarios.</summary>
    private double Bound(double[] q, double aversion)
    {
        var cost = new double[Models];
        TailReturns(q, cost);
        for (var m = 0; m < Models; m++) cost[m] = (-aversion * cost[m]) - ((1 - aversion) * expected[m]);
        return CappedSimplex.Least(cost, cap);
    }

    /// <summary>Weights that are nothing but rounding become 0.</summary>
    private static double[] Tidy(double[] weights)
    {
        double[] kept = [.. weights.Select(w => w < 1e-5 ? 0 : w)];
        var sum = kept.Sum();
        return [.. kept.Select(w => w / sum)];
    }

    private void TailReturns(double[] q, double[] into)
    {
        for (var m = 0; m < Models; m++) into[m] = Dot(byModel[m], q);
    }

    private void Portfolio(double[] weights, double[] into)
    {
        Array.Clear(into);
        for (var m = 0; m < Models; m++)
        {
            if (weights[m] == 0) continue;
            var (row, weight, s) = (byModel[m], weights[m], 0);
            for (; s <= into.Length - Vector<double>.Count; s += Vector<double>.Count) (new Vector<double>(into, s) + (new Vector<double>(row, s) * weight)).CopyTo(into, s);
            for (; s < into.Length; s++) into[s] += row[s] * weight;
        }
    }

    /// <summary>The greatest singular value of the scenarios, by power iteration, a little above.</summary>
    private double Norm()
    {
        var (w, returns, norm) = (Filled(Models, 1 / Math.Sqrt(Models)), new double[Scenarios], 0.0);
        for (var i = 0; i < 30; i++)
        {
            Portfolio(w, returns);
            TailReturns(returns, w);
            norm = Math.Sqrt(Dot(w, w));
            if (norm == 0) return 0;
            for (var m = 0; m < Models; m++) w[m] /= norm;
        }

        return 1.02 * Math.Sqrt(norm);
    }

    private static void Add(double[] x, double[] to)
    {
        for (var i = 0; i < x.Length; i++) to[i] += x[i];
    }

    private static double[] Filled(int count, double value)
    {
        var all = new double[count];
        Array.Fill(all, value);
        return all;
    }

    private static double Dot(double[] a, double[] b)
    {
        var (sums, i) = (Vector<double>.Zero, 0);
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count) sums += new Vector<double>(a, i) * new Vector<double>(b, i);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}

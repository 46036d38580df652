using MathNet.Numerics.Distributions;

namespace Backstake.Research;

/// <summary>What is known of a model's skill: returns a round on the round's stake.</summary>
/// <param name="Rounds">Resolved rounds it took part in.</param>
/// <param name="Mean">Of its own rounds, as everybody sees it.</param>
/// <param name="MeanError">Of <paramref name="Mean"/>.</param>
/// <param name="Shrunk">Expected return, drawn towards the field by as much as luck explains.</param>
/// <param name="Deviation">How uncertain <paramref name="Shrunk"/> is beside the field, whose own error is common to all.</param>
/// <param name="Lower">5 % point of what the expected return may be: the lower end of the 90 % interval.</param>
/// <param name="Upper">95 % point.</param>
/// <param name="ProbabilityPositive">That the expected return is above zero.</param>
/// <param name="QValue">Calling this model good and every model at least as convincing, the part expected to be there by luck.</param>
/// <param name="Cvar">Mean of its worst 5 % of rounds (negative: a loss).</param>
/// <param name="Order">What lists are ordered by, highest first: <paramref name="Lower"/> per unit of loss in the worst rounds.</param>
public sealed record ModelSkill(
    string Model, int Rounds, double Mean, MeanError MeanError, double Shrunk, double Deviation, double Lower, double Upper, double ProbabilityPositive, double QValue, double Cvar, double Order);

/// <summary>
/// Skill or luck, by empirical Bayes (Efron and Morris 1975; Efron 2010): mean = level of the field + what the model is better by + luck.
/// The level's error is common to all and ranks nobody. What a model is better by is drawn towards zero by the part of the differences that luck explains, which is most for a short record.
/// </summary>
public sealed class FieldSkill
{
    /// <summary>The nominal coverage of every interval.</summary>
    public const double Coverage = 0.9;

    /// <summary>A model's own variance is mixed with the field's as if the field's were known from so many degrees of freedom: what a deviation of 0.32 between models' log volatilities amounts to, 2/(2·0.32)².</summary>
    private const double FieldFreedom = 5;

    /// <summary>So many overlapping rounds say as much about a variance as one independent one: 1 + 2Σ autocorrelation².</summary>
    private const double RoundsPerFreedom = 10;

    private FieldSkill(IReadOnlyList<ModelSkill> models, IReadOnlyList<string> tooEarly, double level, double levelError, double spread) =>
        (Models, TooEarly, Level, LevelError, Spread) = (models, tooEarly, level, levelError, spread);

    /// <summary>Those with at least <see cref="MeanError.LeastRounds"/> resolved rounds, by <see cref="ModelSkill.Order"/>.</summary>
    public IReadOnlyList<ModelSkill> Models { get; }

    /// <summary>Those of whom nothing can be said yet.</summary>
    public IReadOnlyList<string> TooEarly { get; }

    /// <summary>The expected return of a model of which nothing is known.</summary>
    public double Level { get; }

    public double LevelError { get; }

    /// <summary>τ: the deviation of skill among models, luck taken out.</summary>
    public double Spread { get; }

    public static FieldSkill Of(ReturnTable returns)
    {
        var submitted = Enumerable.Range(0, returns.Models.Count).Select(returns.Submitted).ToArray();
        int[] old = [.. Enumerable.Range(0, submitted.Length).Where(m => submitted[m].Length >= MeanError.LeastRounds)];
        string[] tooEarly = [.. Enumerable.Range(0, submitted.Length).Except(old).Select(m => returns.Models[m])];
        if (old.Length == 0) return new FieldSkill([], tooEarly, double.NaN, double.NaN, double.NaN);

        var means = TwoWayMeans.Of(returns, old);
        double[] field = [.. means.Rounds.Where(x => !double.IsNaN(x))];
        var (better, variances) = (means.Models, Variances(returns, old, means));
        var spread = Spreads.PauleMandel(better, variances);
        var (centre, _) = Spreads.WeightedMean(better, variances, spread);
        var level = field.Average() + centre;
        var levelError = MeanError.Of(field);

        var (shrunk, beside, deviations, freedoms, positive) = (new double[old.Length], new double[old.Length], new double[old.Length], new double[old.Length], new double[old.Length]);
        for (var i = 0; i < old.Length; i++)
        {
            var keep = spread * spread > 0 ? spread * spread / ((spread * spread) + variances[i]) : 0;
            shrunk[i] = level + (keep * (better[i] - centre));
            var common = levelError.Error * levelError.Error;
            beside[i] = Math.Sqrt(keep * variances[i]);
            deviations[i] = Math.Sqrt(common + (keep * variances[i]));
            // Welch and Satterthwaite: only the common part has few degrees of freedom.
            freedoms[i] = common > 0 ? levelError.Freedom * Math.Pow(deviations[i], 4) / (common * common) : 1e6;
            positive[i] = deviations[i] > 0 ? StudentT.CDF(0, 1, freedoms[i], shrunk[i] / deviations[i]) : shrunk[i] > 0 ? 1 : 0;
        }

        var q = FalseDiscovery.QValuesFromProbabilities(positive);
        var cvars = old.Select(m => Risk.Cvar(submitted[m])).ToArray();
        var losses = Losses(cvars);
        var models = old.Select((m, i) =>
        {
            var half = deviations[i] * StudentT.InvCDF(0, 1, freedoms[i], (1 + Coverage) / 2);
            var lower = shrunk[i] - half;
            // Israelsen (2005): a negative return is not made better by a greater loss.
            var order = lower >= 0 ? lower / losses[i] : lower * losses[i];
            return new ModelSkill(returns.Models[m], submitted[m].Length, submitted[m].Average(), MeanError.Of(submitted[m]), shrunk[i], beside[i], lower, shrunk[i] + half, positive[i], q[i], cvars[i], order);
        });
        return new FieldSkill([.. models.OrderByDescending(m => m.Order).ThenBy(m => m.Model, StringComparer.Ordinal)], tooEarly, level, levelError.Error, spread);
    }

    /// <summary>
    /// The error variance of what each model is better by. How volatile it is, is its own (mixed with the field's while its record is short); how much overlap inflates that is the same for all, so it is
    /// measured on all.
    /// </summary>
    private static double[] Variances(ReturnTable returns, int[] models, TwoWayMeans means)
    {
        var own = new (double Variance, double LongRun, int Rounds)[models.Length];
        for (var i = 0; i < models.Length; i++)
        {
            var differences = new List<double>(returns.Rounds.Count);
            var series = returns[models[i]];
            for (var t = 0; t < series.Length; t++)
            {
                if (!double.IsNaN(series[t])) differences.Add(series[t] - means.Rounds[t]);
            }

            var n = differences.Count;
            var error = MeanError.Of([.. differences]);
            var volatility = Risk.Volatility([.. differences]);
            // A short overlapping record sees only part of its variance: the rest is in its mean.
            own[i] = (volatility * volatility * (n - 1) / n / (1 - (RoundOverlap.Measured.Inflation(n) / n)), error.Error * error.Error * n, n);
        }

        var rounds = own.Sum(o => (double)o.Rounds);
        var field = own.Sum(o => o.Variance * o.Rounds) / rounds;
        var inflation = field > 0 ? own.Sum(o => o.LongRun * o.Rounds) / rounds / field : 0;
        return [.. own.Select(o =>
        {
            var freedom = o.Rounds / RoundsPerFreedom;
            return ((FieldFreedom * field) + (freedom * o.Variance)) / (FieldFreedom + freedom) * inflation / o.Rounds;
        })];
    }

    /// <summary>Losses of the worst rounds as positive numbers; a model that hardly ever lost is not infinitely good: at least a quarter of the field's median.</summary>
    private static double[] Losses(double[] cvars)
    {
        var sorted = cvars.Select(c => Math.Max(0, -c)).Order().ToArray();
        var floor = Math.Max(sorted[sorted.Length / 2] / 4, 1e-6);
        return [.. cvars.Select(c => Math.Max(floor, -c))];
    }
}

namespace Backstake.Research;

/// <summary>Why a model is in, or would be taken next.</summary>
/// <param name="MarginalReturn">Its shrunk expected return: what a little more of it adds.</param>
/// <param name="MarginalCvar">What it returns on average where the portfolio does worst (four weeks' mean, a round): negative adds to the loss.</param>
/// <param name="CorrelationWithRest">Of its scenarios with those of the rest of the portfolio; null: it is the whole of it.</param>
public sealed record Reason(double MarginalReturn, double MarginalCvar, double? CorrelationWithRest);

/// <summary>A portfolio in the eyes of the scenarios: expected return a round, and the mean of the worst 5 % of four-week means.</summary>
public sealed record Outlook(double ExpectedReturn, double Cvar);

/// <param name="Until">The last round that had opened; what is used had resolved by then.</param>
/// <param name="Choice">Which setting was used, and how it was chosen.</param>
/// <param name="Weights">Together 1; none negative.</param>
/// <param name="Why">For each model of <paramref name="Weights"/>.</param>
/// <param name="Fund">The best by shrunk value in equal parts, no copies among them.</param>
/// <param name="Additions">With holdings: models by how well they go with them, best first.</param>
/// <param name="Gap">No optimised part is worse than its best by more than this (returns a round).</param>
/// <param name="TooEarly">Models that weren't considered: fewer than 30 resolved rounds.</param>
/// <param name="Absent">Models that weren't considered: they took part in less than half of the last 20 resolved rounds.</param>
/// <param name="Copies">Models that weren't considered: their returns correlate above 0.98 with those of a better one.</param>
public sealed record Recommendation(
    int Until, PortfolioObjective Objective, SettingChoice Choice, IReadOnlyDictionary<string, double> Weights, IReadOnlyDictionary<string, Reason> Why, Outlook Outlook, Outlook EqualWeight,
    IReadOnlyDictionary<string, double> Fund, Outlook FundOutlook, IReadOnlyList<(string Model, Reason Reason)> Additions, Outlook? Holdings, double Gap, IReadOnlyList<string> TooEarly, IReadOnlyList<string> Absent, IReadOnlyList<string> Copies);

/// <summary>Recommends weights from what was known, and nothing else: neither weights nor settings depend on a later round. Same seed, same answer.</summary>
public sealed class PortfolioPlanner(PortfolioObjective objective, double? maxPerModel = null, int scenarios = PortfolioPlanner.DefaultScenarios, int seed = 1)
{
    public const int DefaultScenarios = 400;

    /// <summary>How many models the fund holds, unless the most per model asks for more.</summary>
    public const int FundSize = 8;

    /// <summary>Holdings and weights add up to 1 within this.</summary>
    public const double SumTolerance = 1e-6;

    // Inside the folds a portfolio is judged on few rounds: so much accuracy is enough.
    private const int FoldScenarios = 120;
    private const double FoldTolerance = 5e-5;

    private double Cap => maxPerModel ?? objective.MaxPerModel;

    public Strategy Strategy => known => Refit(known).Weights;

    /// <summary>As a walk forward does it.</summary>
    public (IReadOnlyDictionary<string, double> Weights, SettingChoice Choice) Refit(ReturnTable known)
    {
        var chosen = Choose(known, null, ReturnTable.ResolutionLag);
        return (chosen.Weights, chosen.Choice);
    }

    /// <param name="holdings">What is held: parts that add up to 1; null: nothing.</param>
    public Recommendation Recommend(ReturnTable returns, int until, IReadOnlyDictionary<string, double>? holdings = null, int lag = ReturnTable.ResolutionLag)
    {
        if (holdings is not null) Check(returns, holdings);
        var known = returns.KnownAt(until, lag);
        var (candidates, choice, fitted, chosen) = Choose(known, holdings, lag);
        var s = fitted.Scenarios;
        var problem = new TailProblem(s.ByModel, s.Expected, Risk.Tail, 1);
        var why = Reasons(s, problem, Vector(s, chosen));
        var unknown = holdings?.Keys.Except(s.Models).ToArray() ?? [];
        if (unknown.Length > 0) throw new ResearchInputException($"Nothing can be said yet of {string.Join(", ", unknown)}, which you hold: fewer than {MeanError.LeastRounds} resolved rounds, or absent of late.");
        var held = holdings is null ? null : Vector(s, holdings);
        var additions = held is null ? [] : Reasons(s, problem, held).Select((reason, m) => (Model: s.Models[m], Reason: reason)).OrderByDescending(a => ((1 - objective.Aversion) * a.Reason.MarginalReturn) + (objective.Aversion * a.Reason.MarginalCvar)).ToArray();
        var fund = Fund(s);
        return new Recommendation(
            until, objective, choice, chosen, chosen.Keys.ToDictionary(model => model, model => why[IndexOf(s, model)]), Look(problem, s, Vector(s, chosen)), Look(problem, s, [.. s.Models.Select(_ => 1.0 / s.Models.Count)]),
            fund, Look(problem, s, Vector(s, fund)), additions, held is null ? null : Look(problem, s, held), fitted.Gap, candidates.TooEarly, candidates.Absent, candidates.Copies);
    }

    private (Candidates Candidates, SettingChoice Choice, Fitted Fitted, IReadOnlyDictionary<string, double> Weights) Choose(ReturnTable known, IReadOnlyDictionary<string, double>? holdings, int lag)
    {
        if (Cap is not (> 0 and <= 1)) throw new ResearchInputException("The most per model lies above 0 and is at most 1.");
        var candidates = Candidates.Of(known, holdings);
        if (candidates.Skills.Count == 0) throw new ResearchInputException($"Too early to say: no model has {MeanError.LeastRounds} resolved rounds and took part of late.");
        if (Cap * candidates.Skills.Count < 1) throw new ResearchInputException($"{candidates.Skills.Count} models with at most {Cap} each don't add up to 1: allow more per model.");
        var choice = SettingChoice.Of(known, objective, [.. objective.Settings.Select(setting => setting.Name)], FitFold, lag, seed);
        PortfolioSetting[] used = [.. objective.Settings.Where(setting => choice.Setting == SettingChoice.Blend || choice.Setting == setting.Name)];
        var fitted = Fit(known, candidates, used, scenarios, TailProblem.Tolerance);
        return (candidates, choice, fitted, Blended(fitted.Weights));
    }

    /// <summary>Where nothing can be said yet, all settings are equal weight, which tells none from another.</summary>
    private IReadOnlyList<IReadOnlyDictionary<string, double>> FitFold(ReturnTable known)
    {
        var candidates = Candidates.Of(known);
        if (candidates.Skills.Count == 0 || Cap * candidates.Skills.Count < 1) return [.. objective.Settings.Select(_ => Yardsticks.Equal(known))];
        return Fit(known, candidates, objective.Settings, FoldScenarios, FoldTolerance).Weights;
    }

    /// <param name="Scenarios">Those that the portfolio is described by: shrunk values as they are, half of the stretches as they were.</param>
    /// <param name="Weights">By each setting.</param>
    private sealed record Fitted(Scenarios Scenarios, IReadOnlyList<IReadOnlyDictionary<string, double>> Weights, double Gap);

    private Fitted Fit(ReturnTable known, Candidates candidates, IReadOnlyList<PortfolioSetting> settings, int count, double tolerance)
    {
        var drawn = new Dictionary<double, Scenarios> { [0.5] = Scenarios.Draw(known, candidates.Skills, count, seed) };
        var (s, gap) = (drawn[0.5], 0.0);
        IReadOnlyDictionary<string, double> Weights(PortfolioSetting setting)
        {
            switch (setting.Kind)
            {
                case PortfolioSettingKind.Fund: return Fund(s);
                case PortfolioSettingKind.InverseVolatility: return InverseVolatility(known, s);
                default:
                    if (!drawn.TryGetValue(setting.AsTheyWere, out var own)) drawn[setting.AsTheyWere] = own = Scenarios.Draw(known, candidates.Skills, count, seed, setting.AsTheyWere);
                    var believed = setting.Trust < 1 ? own.Trusting(setting.Trust) : own;
                    var problem = new TailProblem(believed.ByModel, believed.Expected, Risk.Tail, Cap);
                    var optimised = problem.Solve(objective.Aversion, tolerance);
                    gap = Math.Max(gap, problem.Gap);
                    return Named(s, optimised);
            }
        }

        IReadOnlyDictionary<string, double>[] weights = [.. settings.Select(Weights)];
        return new Fitted(s, weights, gap);
    }

    /// <summary>The best by shrunk value in equal parts.</summary>
    private Dictionary<string, double> Fund(Scenarios s)
    {
        var chosen = Enumerable.Range(0, s.Models.Count).OrderByDescending(m => s.Expected[m]).Take(Math.Max(FundSize, (int)Math.Ceiling(1 / Cap))).ToArray();
        return chosen.ToDictionary(m => s.Models[m], _ => 1.0 / chosen.Length);
    }

    private Dictionary<string, double> InverseVolatility(ReturnTable known, Scenarios s)
    {
        var all = Yardsticks.InverseVolatility(known.Of(s.Models));
        var capped = new double[s.Models.Count];
        CappedSimplex.Project(Vector(s, all), Cap, capped);
        return Named(s, capped);
    }

    private static Dictionary<string, double> Blended(IReadOnlyList<IReadOnlyDictionary<string, double>> portfolios)
    {
        var mean = portfolios.SelectMany(weights => weights).GroupBy(w => w.Key).Select(g => (Model: g.Key, Weight: g.Sum(w => w.Value) / portfolios.Count)).ToArray();
        var sum = mean.Sum(w => w.Weight);
        return mean.OrderByDescending(w => w.Weight).ThenBy(w => w.Model, StringComparer.Ordinal).ToDictionary(w => w.Model, w => w.Weight / sum);
    }

    private static Dictionary<string, double> Named(Scenarios s, double[] weights) => Enumerable.Range(0, weights.Length).Where(m => weights[m] > 0).ToDictionary(m => s.Models[m], m => weights[m]);

    private static Reason[] Reasons(Scenarios s, TailProblem problem, double[] weights)
    {
        var marginal = problem.MarginalCvar(weights);
        return [.. Enumerable.Range(0, weights.Length).Select(m =>
        {
            var rest = new double[s.ByModel[0].Length];
            for (var i = 0; i < weights.Length; i++)
            {
                if (i == m || weights[i] == 0) continue;
                for (var t = 0; t < rest.Length; t++) rest[t] += weights[i] * s.ByModel[i][t];
            }

            return new Reason(s.Expected[m], -marginal[m], weights[m] > 1 - SumTolerance ? null : Correlation(s.ByModel[m], rest));
        })];
    }

    private static Outlook Look(TailProblem problem, Scenarios s, double[] weights) => new(weights.Zip(s.Expected, (w, e) => w * e).Sum(), -problem.Cvar(weights));

    private static double[] Vector(Scenarios s, IReadOnlyDictionary<string, double> weights) => [.. s.Models.Select(model => weights.GetValueOrDefault(model))];

    private static int IndexOf(Scenarios s, string model) => s.Models.Select((name, m) => (name, m)).First(x => x.name == model).m;

    private static double Correlation(double[] a, double[] b) => MathNet.Numerics.Statistics.Correlation.Pearson(a, b);

    private static void Check(ReturnTable returns, IReadOnlyDictionary<string, double> holdings)
    {
        foreach (var (model, part) in holdings)
        {
            returns.IndexOf(model);
            if (!double.IsFinite(part) || part < 0) throw new ResearchInputException($"The holding of {model} is no part from 0 to 1.");
        }

        if (Math.Abs(holdings.Values.Sum() - 1) > SumTolerance) throw new ResearchInputException($"Holdings add up to {holdings.Values.Sum():0.######}, not to 1.");
    }
}

namespace Backstake.Research;

/// <summary>Why a model is in, or would be taken next.</summary>
/// <param name="MarginalReturn">Its shrunk expected return: what a little more of it adds.</param>
/// <param name="MarginalCvar">What it returns on average where the portfolio does worst (four weeks' mean, a round): negative adds to the loss.</param>
/// <param name="CorrelationWithRest">Of its scenarios with those of the rest of the portfolio; null: it is the whole of it.</param>
public sealed record Reason(double MarginalReturn, double MarginalCvar, double? CorrelationWithRest);

/// <summary>A portfolio in the eyes of the scenarios: expected return a round, and the mean of the worst 5 % of four-week means.</summary>
public sealed record Outlook(double ExpectedReturn, double Cvar);

/// <param name="Until">The last round that had opened; what is used had resolved by then.</param>
/// <param name="Weights">Together 1; none negative.</param>
/// <param name="Why">For each model of <paramref name="Weights"/>.</param>
/// <param name="Fund">The best by shrunk value in equal parts, no copies among them.</param>
/// <param name="Additions">With holdings: models by how well they go with them, best first.</param>
/// <param name="Gap">The optimised part is not worse than the best by more than this (returns a round).</param>
/// <param name="TooEarly">Models that weren't considered: fewer than 30 resolved rounds.</param>
/// <param name="Copies">Models that weren't considered: their returns correlate above 0.98 with those of a better one.</param>
/// <param name="Absent">Models that weren't considered: they took part in less than half of the last 20 resolved rounds.</param>
public sealed record Recommendation(
    int Until, PortfolioObjective Objective, IReadOnlyDictionary<string, double> Weights, IReadOnlyDictionary<string, Reason> Why, Outlook Outlook, Outlook EqualWeight,
    IReadOnlyDictionary<string, double> Fund, Outlook FundOutlook, IReadOnlyList<(string Model, Reason Reason)> Additions, Outlook? Holdings, double Gap, IReadOnlyList<string> TooEarly, IReadOnlyList<string> Absent, IReadOnlyList<string> Copies);

/// <summary>Recommends weights from what was known, and nothing else. Same seed, same answer.</summary>
public sealed class PortfolioPlanner(PortfolioObjective objective, double? maxPerModel = null, int scenarios = PortfolioPlanner.DefaultScenarios, int seed = 1)
{
    public const int DefaultScenarios = 400;

    /// <summary>How many models the fund holds at most.</summary>
    public const int FundSize = 8;

    /// <summary>Holdings and weights add up to 1 within this.</summary>
    public const double SumTolerance = 1e-6;

    private const double CopyCorrelation = 0.98; // two models that move together so closely are one
    private const int RecentRounds = 20;

    /// <summary>Only so many of the best by shrunk value are weighed against each other: among more, an optimiser finds coincidences, and its time grows with their number.</summary>
    private const int MostCandidates = 100;

    private double Cap => maxPerModel ?? objective.MaxPerModel;

    public Strategy Strategy => known => Choose(known).Weights;

    /// <param name="holdings">What is held: parts that add up to 1; null: nothing.</param>
    public Recommendation Recommend(ReturnTable returns, int until, IReadOnlyDictionary<string, double>? holdings = null, int lag = ReturnTable.ResolutionLag)
    {
        if (holdings is not null) Check(returns, holdings);
        var chosen = Choose(returns.KnownAt(until, lag), holdings);
        var s = chosen.Scenarios;
        var problem = new TailProblem(s.ByModel, s.Expected, Risk.Tail, 1);
        var weights = Vector(s, chosen.Weights);
        var why = Reasons(s, problem, weights);
        var held = holdings is null ? null : Vector(s, holdings);
        var unknown = holdings?.Keys.Except(s.Models).ToArray() ?? [];
        if (unknown.Length > 0) throw new ResearchInputException($"Nothing can be said yet of {string.Join(", ", unknown)}, which you hold: fewer than {MeanError.LeastRounds} resolved rounds, or absent of late.");
        var additions = held is null ? [] : Reasons(s, problem, held).Select((reason, m) => (Model: s.Models[m], Reason: reason)).OrderByDescending(a => ((1 - objective.Aversion) * a.Reason.MarginalReturn) + (objective.Aversion * a.Reason.MarginalCvar)).ToArray();
        return new Recommendation(
            until, objective, chosen.Weights, chosen.Weights.Keys.ToDictionary(model => model, model => why[IndexOf(s, model)]), Look(problem, s, weights), Look(problem, s, [.. s.Models.Select(_ => 1.0 / s.Models.Count)]),
            chosen.Fund, Look(problem, s, Vector(s, chosen.Fund)), additions, held is null ? null : Look(problem, s, held), chosen.Gap, chosen.TooEarly, chosen.Absent, chosen.Copies);
    }

    private sealed record Choice(Scenarios Scenarios, IReadOnlyDictionary<string, double> Weights, IReadOnlyDictionary<string, double> Fund, double Gap, IReadOnlyList<string> TooEarly, IReadOnlyList<string> Absent, IReadOnlyList<string> Copies);

    private Choice Choose(ReturnTable known, IReadOnlyDictionary<string, double>? holdings = null)
    {
        if (Cap is not (> 0 and <= 1)) throw new ResearchInputException("The most per model lies above 0 and is at most 1.");
        var skill = FieldSkill.Of(known);
        var lookup = skill.Models.ToLookup(m => IsPresent(known, m.Model));
        var (present, copies) = Distinct(known, lookup[true].OrderByDescending(m => m.Shrunk), holdings);
        if (present.Count == 0) throw new ResearchInputException($"Too early to say: no model has {MeanError.LeastRounds} resolved rounds and took part of late.");
        if (Cap * present.Count < 1) throw new ResearchInputException($"{present.Count} models with at most {Cap} each don't add up to 1: allow more per model.");
        var s = Scenarios.Draw(known, present, scenarios, seed);
        var problem = new TailProblem(s.ByModel, s.Expected, Risk.Tail, Cap);
        var optimised = problem.Solve(objective.Aversion);
        var fund = Fund(s, Math.Max(FundSize, (int)Math.Ceiling(1 / Cap)));
        var weights = s.Models.Select((model, m) => (model, Weight: ((1 - objective.FundShare) * optimised[m]) + (objective.FundShare * fund.GetValueOrDefault(model)))).Where(w => w.Weight > 0).ToArray();
        var sum = weights.Sum(w => w.Weight);
        return new Choice(s, weights.OrderByDescending(w => w.Weight).ToDictionary(w => w.model, w => w.Weight / sum), fund, problem.Gap, skill.TooEarly, [.. lookup[false].Select(m => m.Model)], copies);
    }

    private static bool IsPresent(ReturnTable known, string model)
    {
        var series = known[known.IndexOf(model)];
        var recent = series[Math.Max(0, series.Length - RecentRounds)..];
        var count = 0;
        foreach (var x in recent) count += double.IsNaN(x) ? 0 : 1;
        return 2 * count >= recent.Length;
    }

    /// <summary>Two models that move together as one are one: the better is kept, and what is held.</summary>
    private static (List<ModelSkill> Kept, List<string> Copies) Distinct(ReturnTable known, IEnumerable<ModelSkill> bestFirst, IReadOnlyDictionary<string, double>? holdings)
    {
        var (kept, copies) = (new List<ModelSkill>(), new List<string>());
        foreach (var skill in bestFirst)
        {
            var isHeld = holdings?.ContainsKey(skill.Model) == true;
            if (!isHeld && kept.Count >= MostCandidates) continue;
            if (isHeld || kept.TrueForAll(k => Together(known, k.Model, skill.Model) < CopyCorrelation)) kept.Add(skill);
            else copies.Add(skill.Model);
        }

        return (kept, copies);
    }

    private static double Together(ReturnTable known, string first, string second)
    {
        var (a, b) = (known.IndexOf(first), known.IndexOf(second));
        int[] both = [.. Enumerable.Range(0, known.Rounds.Count).Where(t => !double.IsNaN(known[a, t] + known[b, t]))];
        return both.Length < RecentRounds ? 0 : Correlation([.. both.Select(t => known[a, t])], [.. both.Select(t => known[b, t])]);
    }

    /// <summary>The best by shrunk value in equal parts.</summary>
    private static Dictionary<string, double> Fund(Scenarios s, int size)
    {
        var chosen = Enumerable.Range(0, s.Models.Count).OrderByDescending(m => s.Expected[m]).Take(size).ToArray();
        return chosen.ToDictionary(m => s.Models[m], _ => 1.0 / chosen.Length);
    }

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

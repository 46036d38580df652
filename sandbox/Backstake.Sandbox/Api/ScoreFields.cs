using System.Numerics;
using Backstake.Chain.Numerai;
using Backstake.Sandbox.Chain;
using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Api;

/// <summary>
/// What Numerai says of results: scores and payouts. A score is there from its round's resolution on; the 19 days before aren't known and so not served. Amounts are decimal strings of NMR.
/// </summary>
internal sealed class ScoreFields(Tournament tournament)
{
    private const int LastDay = 20;

    /// <summary>One score of a model in a round.</summary>
    private sealed record Score(SandboxModel Model, Round Round, ScoreConfig Config, ExactDecimal Value, double Percentile, Submission? Submission, BigInteger? SettledWei)
    {
        public string? SettledNmr => SettledWei is { } wei ? new ExactDecimal(wei, 18).ToString() : null;
    }

    private sealed record Performance(SandboxModel Model, Round Round, BigInteger AtRiskWei, bool IsResolved, IReadOnlyList<Score> Scores);

    private sealed record ModelPayout(RoundClaim Claim, Round Round, SandboxModel Model)
    {
        public string Nmr => new ExactDecimal(Claim.Payout.PayoutWei - Claim.Payout.BurnWei, 18).ToString();
    }

    public void AddTo(GraphType queries)
    {
        var score = new GraphType("SubmissionScore")
            .Value<Score>("roundId", s => $"{(int)s.Model.Tournament}-{s.Round.Number}")
            .Value<Score>("submissionId", s => s.Submission?.Id)
            .Value<Score>("roundNumber", s => s.Round.Number)
            .Value<Score>("roundResolveTime", s => s.Round.Resolve)
            .Value<Score>("roundScoreTime", s => s.Round.Score)
            .Value<Score>("roundCloseStakingTime", s => s.Round.CloseStaking)
            .Value<Score>("value", s => s.Value)
            .Value<Score>("percentile", s => s.Percentile)
            .Value<Score>("displayName", s => s.Config.DisplayName)
            .Value<Score>("version", _ => "v1")
            .Value<Score>("date", s => s.Round.Resolve)
            .Value<Score>("day", _ => LastDay)
            .Value<Score>("resolveDate", s => s.Round.Resolve)
            .Value<Score>("resolved", _ => true)
            .Value<Score>("payoutPending", _ => null)
            .Value<Score>("payoutSettled", s => s.SettledNmr);
        queries.Call("submissionScores", score, ["modelId!", "displayName", "version", "day", "resolved", "tournament", "lastNRounds", "distinctOnRound"], Scores);
        var performance = new GraphType("RoundModelPerformance")
            .Value<Performance>("atRisk", p => new ExactDecimal(p.AtRiskWei, 18).ToString())
            .Value<Performance>("corrMultiplier", _ => ScoreConfig.Classic[0].DefaultMultiplier)
            .Value<Performance>("mmcMultiplier", _ => ScoreConfig.Classic[1].DefaultMultiplier)
            .Value<Performance>("roundPayoutFactor", _ => ScoreConfig.PayoutFactor.ToString())
            .Value<Performance>("roundNumber", p => p.Round.Number)
            .Value<Performance>("roundOpenTime", p => p.Round.Open)
            .Value<Performance>("roundResolveTime", p => p.Round.Resolve)
            .Value<Performance>("roundResolved", p => p.IsResolved)
            .Value<Performance>("roundTarget", _ => "target_cyrusd_20")
            .Object<Performance>("submissionScores", score, p => p.Scores)
            .Object<Performance>("intraRoundSubmissionScores", score, _ => null);
        queries.CallAsync("v2RoundModelPerformances", performance, ["modelId!", "tournament", "lastNRounds"], async call => await PerformancesAsync(call));
        AddPayouts(queries);
    }

    private void AddPayouts(GraphType queries)
    {
        var payout = new GraphType("ModelPayout")
            .Value<ModelPayout>("roundId", p => $"{(int)p.Model.Tournament}-{p.Round.Number}")
            .Value<ModelPayout>("roundNumber", p => p.Round.Number)
            .Value<ModelPayout>("roundResolveTime", p => p.Round.Resolve)
            .Value<ModelPayout>("modelId", p => p.Model.Id)
            .Value<ModelPayout>("modelName", p => p.Model.Name)
            .Value<ModelPayout>("modelDisplayName", p => p.Model.Name)
            .Value<ModelPayout>("payoutNmr", p => p.Nmr)
            .Value<ModelPayout>("payoutValue", p => p.Nmr)
            .Value<ModelPayout>("currencySymbol", _ => "NMR");
        var groups = new GraphType("PendingModelPayouts")
            .Object<PayoutLists>("actual", payout, p => p.Actual)
            .Object<PayoutLists>("pending", payout, _ => Array.Empty<ModelPayout>());
        queries.Call("pendingModelPayouts", groups, ["tournament!"], call =>
        {
            var account = Access.Account(tournament, call);
            var kind = Schema.Kind(call.RequiredNumber("tournament"));
            return new PayoutLists(tournament.Calendar.Opened(tournament.Clock.GetUtcNow())
                .SelectMany(r => (tournament.Results(r.Number)?.Claims ?? []).Select(c => (Round: r, Claim: c, Model: ModelOf(c.Position))))
                .Where(c => c.Model?.Account == account && c.Model.Tournament == kind)
                .Select(c => new ModelPayout(c.Claim, c.Round, c.Model!)).ToList());
        });
    }

    private sealed record PayoutLists(List<ModelPayout> Actual);

    private SandboxModel? ModelOf(StakePosition position) => tournament.Models.FirstOrDefault(m => UuidWord.Of(m.Id).AsSpan().SequenceEqual(position.ModelId));

    private List<Score> Scores(FieldCall call)
    {
        var model = tournament.FindModel(call.RequiredId("modelId")) ?? throw new GraphQlException("Model not found");
        if (call.Flag("resolved") == false || call.Number("day") is not (null or LastDay) || call.Number("tournament") is { } asked && asked != (int)model.Tournament)
        {
            return [];
        }
        var name = call.Text("displayName");
        var rounds = Resolved().TakeLast(call.Number("lastNRounds") ?? int.MaxValue).Reverse();
        return rounds.SelectMany(r => ScoresOf(model, r).Where(s => name is null || string.Equals(s.Config.DisplayName, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(s.Config.Name, name, StringComparison.OrdinalIgnoreCase))).ToList();
    }

    private async Task<List<Performance>> PerformancesAsync(FieldCall call)
    {
        var model = tournament.FindModel(call.RequiredId("modelId")) ?? throw new GraphQlException("Model not found");
        var now = tournament.Clock.GetUtcNow();
        var performances = new List<Performance>();
        foreach (var round in tournament.Calendar.Opened(now).TakeLast(call.Number("lastNRounds") ?? int.MaxValue).Reverse())
        {
            var positions = tournament.Chain is null ? [] : await tournament.Chain.PositionsAsync(round.Number, call.Context.Stop);
            var atRiskWei = positions.Where(p => ModelOf(p) == model).Aggregate(BigInteger.Zero, (sum, p) => sum + p.AmountWei);
            var resolved = now >= round.Resolve;
            performances.Add(new Performance(model, round, atRiskWei, resolved, resolved ? ScoresOf(model, round) : []));
        }
        return performances;
    }

    private IEnumerable<Round> Resolved()
    {
        var now = tournament.Clock.GetUtcNow();
        return tournament.Calendar.Opened(now).Where(r => now >= r.Resolve);
    }

    private List<Score> ScoresOf(SandboxModel model, Round round)
    {
        if (model.Tournament != TournamentKind.Classic)
        {
            return [];
        }
        var submission = tournament.Submissions.Selected(model, round.Number);
        BigInteger? settled = tournament.Results(round.Number)?.Claims.Where(c => ModelOf(c.Position) == model)
            .Aggregate(BigInteger.Zero, (sum, c) => sum + c.Payout.PayoutWei - c.Payout.BurnWei);
        var scores = new List<Score>();
        foreach (var (config, table) in ScoreConfig.Classic.Zip([tournament.Scores.Corr20, tournament.Scores.Mmc20]))
        {
            if (table.Find(model.Name, round.Number) is { } value)
            {
                // Assumption: the round's whole payout stands with each score, as the round is paid once.
                scores.Add(new Score(model, round, config, value, Percentile(table, round.Number, value), submission, settled));
            }
        }
        return scores;
    }

    /// <summary>The share of models that scored less, ties half.</summary>
    private static double Percentile(ScoreTable table, int round, ExactDecimal value)
    {
        var all = table.Models.Select(m => table.Find(m, round)).OfType<ExactDecimal>().ToList();
        return (all.Count(v => v < value) + (0.5 * all.Count(v => v == value))) / all.Count;
    }
}

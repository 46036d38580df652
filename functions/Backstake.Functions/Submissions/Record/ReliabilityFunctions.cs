using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Backstake.Research;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions.Record;

/// <summary>How reliable a vault is, round by round, and whether it still looks like the same model.</summary>
public sealed class ReliabilityFunctions(VaultReads reads, VaultStories stories, PredictionConsistency consistency, TimeProvider clock)
{
    const int RoundsMost = 260; // a year; the summary counts all

    /// <summary>Everything follows from the log and the stored files; predictions themselves are never told.</summary>
    [Function("GetReliability"), Endpoint(Cost = 10)]
    public Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/reliability")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var (story, now) = (await stories.Of(state, stop), clock.GetUtcNow());
            var rounds = story.Rounds.Values.Select(round => RoundReliability.Of(round.Facts, now)).ToList();
            var files = await consistency.Of(state, story, stop);
            var breaks = ScoreBreaks.Of([.. story.Resolved.Select(round => round.Round)], story.Returns).Concat(files.SelectMany(file => file.Breaks)).OrderBy(found => found.Round);
            return JsonAnswer.Of(new
            {
                vault = state.Id, asOf = AsOf.Of(state), summary = Summary(ReliabilitySummary.Of(rounds)), rounds = rounds.TakeLast(RoundsMost), files,
                breaks = breaks.Select(found => new { found.Round, found.Kind, found.Value, found.Limit, announced = story.ModelChanges.Exists(change => Explains(change, found)) }),
                announced = story.ModelChanges,
            });
        }, stop);

    static object Summary(ReliabilitySummary summary) => new
    {
        summary.Rounds, summary.OnTime, summary.Retried, summary.Missed, summary.Stale, summary.Replaced, summary.Reliable,
        blamed = new { owner = summary.Blamed.GetValueOrDefault(Blame.Owner), us = summary.Blamed.GetValueOrDefault(Blame.Us), numerai = summary.Blamed.GetValueOrDefault(Blame.Numerai) },
    };

    /// <summary>A break in results is seen within the rounds that it is measured over; one between two files at its own round.</summary>
    static bool Explains(AnnouncedChange change, ConsistencyBreak found) =>
        Math.Abs(change.FromRound - found.Round) <= (found.Kind is BreakKind.Level or BreakKind.Steps ? ScoreBreaks.After : 0);
}

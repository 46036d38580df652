using Backstake.Functions.Http;
using Backstake.Research;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Vaults;

/// <summary>
/// What the rounds brought: to the model on what was staked, to the vault in its weeks, and to a unit under given terms after the owner's share (without <c>?terms=</c> the newest on offer).
/// Amounts are the books'; returns are ratios, for looking at.
/// </summary>
public sealed class PerformanceFunctions(VaultReads reads, VaultStories stories)
{
    const string Assumption = "One unit at a time, bought anew when its term ends, five rounds a week, each resolved 24 rounds after its close; in a vault of its own, folded by the same books.";

    [Function("GetPerformance"), Endpoint(Cost = 10)]
    public Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/performance")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var story = await stories.Of(state, stop);
            var terms = request.Query.TryGetValue("terms", out var asked) ? asked.ToString() : story.Terms.LastOrDefault(it => it.WithdrawnAt is null)?.Id;
            if (asked.Count > 0 && !state.Record.Terms.ContainsKey(terms!))
                return TermsFunctions.UnknownTerms(terms!);
            return JsonAnswer.Of(new
            {
                vault = state.Id, asOf = AsOf.Of(state),
                rounds = story.Resolved.Select(round => new { round.Round, round.Staked, round.Result, round.ResultAt, @return = Finite(VaultStory.ReturnOf(round)) }),
                weeks = Weeks(story),
                unit = terms is null ? null : Unit(terms, story),
            });
        }, stop);

    /// <summary>Of what the vault held when the week began.</summary>
    static IEnumerable<object> Weeks(VaultStory story)
    {
        var before = Accounting.Nmr.Zero;
        foreach (var week in story.Weeks.Values)
        {
            yield return new
            {
                week.Week, week.Cut, week.Rounds, week.Result, week.OwnerShare, value = week.Stake + week.Cash,
                @return = before.IsPositive ? (double)week.Result.Wei / (double)before.Wei : (double?)null,
            };
            before = week.Stake + week.Cash;
        }
    }

    static object Unit(string terms, VaultStory story)
    {
        var track = UnitTrack.Of(story.Returns, story.State.Record.Terms[terms]);
        return new
        {
            terms, rounds = story.Resolved.Zip(track.Net, (round, net) => new { round.Round, net = Finite(net) }), earned = track.Earned, gross = track.Gross, assumes = Assumption,
        };
    }

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

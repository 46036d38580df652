using System.Globalization;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions;

/// <summary>Per round of a vault what was submitted, verified, committed and staked, and when; or why not.</summary>
public sealed class SubmissionReadFunctions(VaultReads reads, VaultStories stories)
{
    /// <summary>In the order of the rounds.</summary>
    [Function("ListSubmissions")]
    public Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/submissions")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var paging = Paging.Of(request);
            if (paging.IsRefused(out var refusal))
                return refusal;
            var after = paging.Value.After is { } place ? int.Parse(place, CultureInfo.InvariantCulture) : -1;
            var rounds = (await stories.Of(state, stop)).Rounds.Values.SkipWhile(round => round.Round <= after).Take(paging.Value.Limit + 1).ToList();
            var last = rounds.Count > paging.Value.Limit ? rounds[paging.Value.Limit - 1].Round.ToString(CultureInfo.InvariantCulture) : null;
            return JsonAnswer.Of(new { vault = state.Id, asOf = AsOf.Of(state), submissions = rounds.Take(paging.Value.Limit), next = Paging.Next(request, last) });
        }, stop);
}

using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions.Record;

/// <summary>What an owner says of a change of their model.</summary>
/// <param name="FromRound">The open round, or one to come.</param>
public sealed record ModelChange(int FromRound, string Note);

/// <summary>The owner announces that another model predicts from a round on: it is shown beside what is measured, and changes nothing else.</summary>
public sealed class ModelChangeFunctions(VaultOwners owners, VaultStore store, VaultStories stories, TimeProvider clock)
{
    public static readonly ProblemKind RefusedKind = new("changeRefused", 409, "The announcement isn't taken.");

    const int NoteMost = 200;
    const int RoundsAhead = 1_000;
    const int AnnouncedMost = 100; // an owner who changes the model more often has another problem

    [Function("AnnounceModelChange")]
    public Task<IActionResult> Announce(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vaults/{id}/model-changes")] HttpRequest request, string id, CancellationToken stop) =>
        owners.As(request, id, async vault =>
        {
            var asked = request.Json<ModelChange>();
            if (asked.IsRefused(out var malformed))
                return malformed;
            var change = asked.Value;
            if (change.Note.Length is 0 or > NoteMost || change.Note.Any(char.IsControl))
                return HttpProblems.MalformedAt("note", $"1 to {NoteMost} characters, none of them a control character");
            IActionResult answer = RefusedKind.Of("Nothing is taken for a vault that has halted, or whose books are closed.");
            await store.Run(vault.Id, async work => answer = await Append(work, change, stop), stop);
            return answer;
        }, stop);

    async Task<IActionResult> Append(VaultWork work, ModelChange change, CancellationToken stop)
    {
        var record = work.State.Record;
        if (change.FromRound < record.LastRound || change.FromRound > record.LastRound + RoundsAhead)
            return RefusedKind.Of($"The last round of the vault is {record.LastRound}: announce a change from it on, at most {RoundsAhead} rounds ahead.", "fromRound");
        var announced = (await stories.Of(work.State, stop)).ModelChanges;
        if (announced.Exists(it => it.FromRound == change.FromRound && it.Note == change.Note))
            return JsonAnswer.Of(new { announced });
        if (announced.Count >= AnnouncedMost)
            return RefusedKind.Of($"{AnnouncedMost} changes are announced: no more are taken.");
        await work.Append(stop, new NewEntry($"modelChange|{work.State.Sequence}", new ModelChangeAnnounced(change.FromRound, change.Note), clock.GetUtcNow()));
        return JsonAnswer.Of(new { announced = (await stories.Of(work.State, stop)).ModelChanges });
    }
}

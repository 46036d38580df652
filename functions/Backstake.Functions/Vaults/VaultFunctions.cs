using System.Globalization;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Vaults;

/// <summary>What anyone may read of the vaults, without a key.</summary>
public sealed class VaultFunctions(VaultReads reads, VaultList list, VaultHistory history, LogTable log, ModelOwners models)
{
    /// <summary>A page of the vaults (<see cref="VaultQuery"/>).</summary>
    [Function("ListVaults"), Endpoint(Cost = 5)]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults")] HttpRequest request, CancellationToken stop)
    {
        var (query, paging) = (VaultQuery.Of(request), Paging.Of(request));
        if (query.IsRefused(out var refusal) || paging.IsRefused(out refusal))
            return refusal;
        var (page, last) = await list.Page(query.Value, paging.Value, stop);
        return JsonAnswer.Of(new { vaults = page.Select(vault => vault.View), next = Paging.Next(request, last) });
    }

    [Function("GetVault")]
    public Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state => JsonAnswer.Of(VaultSummary.Of(state, await models.Recent(state.Id, stop))), stop);

    /// <summary>The log as a replay file (ACCOUNTING.md 6): anybody can fold it and must get the published books. With <c>?after=</c> every entry behind that place, as NDJSON.</summary>
    [Function("GetLog"), Endpoint(Cost = 20)]
    public Task<IActionResult> Log(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/log")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state => request.Query.TryGetValue("after", out var after)
            ? Stream(state, after.Count == 1 ? after[0] : null)
            : new RenderedAnswer(StatusCodes.Status200OK, JsonAnswer.ContentType, (await history.Read(state, stop)).Write()), stop);

    IActionResult Stream(VaultState state, string? after) =>
        long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence <= state.Sequence
            ? new LogStream(log, state, sequence)
            : HttpProblems.MalformedAt("after", string.Create(CultureInfo.InvariantCulture, $"not the place of an entry, 0 to {state.Sequence}"));
}

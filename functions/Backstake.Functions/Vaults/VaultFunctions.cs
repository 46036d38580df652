using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Vaults;

/// <summary>What anyone may read of the vaults, without a key.</summary>
public sealed class VaultFunctions(VaultStore store, VaultHistory history, VaultRegistry registry, BlobStore blobs)
{
    const string Json = "application/json";

    [Function("ListVaults")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults")] HttpRequest request, CancellationToken stop)
    {
        var vaults = new List<VaultSummary>();
        await foreach (var vault in registry.All(stop))
            vaults.Add(VaultSummary.Of(await store.Load(vault.Id, stop)));
        return new OkObjectResult(new { vaults });
    }

    [Function("GetVault")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        await Find(id, stop) is { } state ? new OkObjectResult(VaultSummary.Of(state)) : Problems.UnknownVault(id);

    /// <summary>The published books of a settled week: ACCOUNTING.md 6's entry, byte for byte as it was stored.</summary>
    [Function("GetWeek")]
    public async Task<IActionResult> Week(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week:int}")] HttpRequest request, string id, int week, CancellationToken stop)
    {
        if (await Find(id, stop) is not { } state)
            return Problems.UnknownVault(id);
        return state.Record.Weeks.TryGetValue(week, out var settled)
            ? new FileContentResult(await blobs.Get(state.Id, settled.EntryDigest, stop), Json)
            : Problems.UnknownWeek(week, state.Books.LastWeek.Number);
    }

    /// <summary>The log as a replay file (ACCOUNTING.md 6): anybody can fold it and must get the published books.</summary>
    [Function("GetLog")]
    public async Task<IActionResult> Log(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/log")] HttpRequest request, string id, CancellationToken stop) =>
        await Find(id, stop) is { } state ? new FileContentResult((await history.Read(state, stop)).Write(), Json) : Problems.UnknownVault(id);

    async Task<VaultState?> Find(string id, CancellationToken stop) =>
        await registry.Find(id.ToLowerInvariant(), stop) is { } vault ? await store.Load(vault.Id, stop) : null;
}

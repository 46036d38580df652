using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Vaults;

/// <summary>What anyone may read of the vaults, without a key.</summary>
public sealed class VaultFunctions(VaultStore store, VaultHistory history, VaultRegistry registry, BlobStore blobs)
{
    const string Json = "application/json";

    /// <summary>Every vault; of one whose log is damaged only that, and what.</summary>
    [Function("ListVaults")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults")] HttpRequest request, CancellationToken stop)
    {
        var vaults = new List<object>();
        await foreach (var vault in registry.All(stop))
        {
            try
            {
                vaults.Add(VaultSummary.Of(await store.Load(vault.Id, stop)));
            }
            catch (LogDamagedException damage)
            {
                vaults.Add(new { vault.Id, vault.Tournament, vault.ModelId, Status = "halted", Damage = damage.Message });
            }
        }

        return new OkObjectResult(new { vaults });
    }

    [Function("GetVault")]
    public Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}")] HttpRequest request, string id, CancellationToken stop) =>
        Of(request, id, state => Task.FromResult<IActionResult>(new OkObjectResult(VaultSummary.Of(state))), stop);

    /// <summary>The published books of a settled week: ACCOUNTING.md 6's entry, byte for byte as it was stored.</summary>
    [Function("GetWeek")]
    public Task<IActionResult> Week(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week:int}")] HttpRequest request, string id, int week, CancellationToken stop) =>
        Of(request, id, async state => state.Record.Weeks.TryGetValue(week, out var settled)
            ? new FileContentResult(await blobs.Get(state.Id, settled.EntryDigest, stop), Json)
            : Problems.UnknownWeek(week, state.Books.LastWeek.Number), stop);

    /// <summary>The log as a replay file (ACCOUNTING.md 6): anybody can fold it and must get the published books.</summary>
    [Function("GetLog")]
    public Task<IActionResult> Log(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/log")] HttpRequest request, string id, CancellationToken stop) =>
        Of(request, id, async state => new FileContentResult((await history.Read(state, stop)).Write(), Json), stop);

    async Task<IActionResult> Of(HttpRequest request, string id, Func<VaultState, Task<IActionResult>> answer, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        try
        {
            var state = await store.Load(vault.Id, stop);
            AsOf.Of(state).Say(request.HttpContext.Response);
            return await answer(state);
        }
        catch (LogDamagedException damage)
        {
            return Problems.VaultDamaged(damage.Message);
        }
    }
}

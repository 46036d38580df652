using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Vaults;

/// <summary>What every read of one vault begins with: is there such a vault, is its log whole, up to where does it know.</summary>
public sealed class VaultReads(VaultStore store, VaultRegistry registry)
{
    public Task<IActionResult> Answer(HttpRequest request, string id, Func<VaultState, IActionResult> answer, CancellationToken stop) =>
        Answer(request, id, state => Task.FromResult(answer(state)), stop);

    public async Task<IActionResult> Answer(HttpRequest request, string id, Func<VaultState, Task<IActionResult>> answer, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        try
        {
            var state = await store.Load(vault.Id, stop);
            if (state.Sequence == 0)
                return Problems.UnknownVault(id); // the factory's event was read, the vault's own not yet
            AsOf.Of(state).Say(request.HttpContext.Response);
            return await answer(state);
        }
        catch (LogDamagedException damage)
        {
            return Problems.VaultDamaged(damage.Message);
        }
    }
}

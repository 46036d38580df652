using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Nethereum.Util;

namespace Backstake.Functions.Vaults;

/// <summary>What only a vault's owner may do: signed in, since no key of theirs is for it.</summary>
public sealed class VaultOwners(VaultRegistry registry, VaultStore store)
{
    public static readonly ProblemKind NotOwnerKind = new("notOwner", 403, "This is the owner's.");

    public async Task<IActionResult> As(HttpRequest request, string id, Func<RegisteredVault, Task<IActionResult>> answer, CancellationToken stop)
    {
        var caller = request.Session();
        if (caller.IsRefused(out var refusal))
            return refusal;
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        return caller.Value.Address.IsTheSameAddress((await store.Load(vault.Id, stop)).Vault.Owner)
            ? await answer(vault)
            : NotOwnerKind.Of("Only the vault's owner may do this, signed in with the address that owns it.");
    }
}

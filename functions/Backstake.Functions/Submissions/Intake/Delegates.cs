using Backstake.Functions.Identity;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Nethereum.Util;

namespace Backstake.Functions.Submissions.Intake;

/// <summary>
/// Who may submit for a vault: its owner, by a session, or whoever has a key of the owner's with the scope <c>submit:&lt;vault&gt;</c>. Handing such a key over
/// appoints a delegate, revoking it ends that; nothing else can be done with it.
/// </summary>
public sealed class Delegates(VaultRegistry registry, VaultStore store)
{
    public async Task<IActionResult> As(HttpRequest request, string id, Func<RegisteredVault, Task<IActionResult>> answer, CancellationToken stop)
    {
        var caller = request.Caller();
        if (caller.IsRefused(out var refusal))
            return refusal;
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        return caller.Value.May(ApiScope.Submit(vault.Id)) && caller.Value.Address.IsTheSameAddress((await store.Load(vault.Id, stop)).Vault.Owner)
            ? await answer(vault)
            : IntakeProblems.NotDelegate(vault.Id);
    }
}

using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Owners;

/// <summary>The owner's page about a vault: anybody reads it, only the owner's signature writes it.</summary>
public sealed class DisclosureFunctions(VaultReads reads, Disclosures disclosures)
{
    /// <summary>The last version as text and as harmless HTML; <c>?digest=</c> an older one.</summary>
    [Function("GetDisclosure")]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/disclosure")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, state => disclosures.Get(state, request.Query["digest"] is [{ Length: > 0 } digest] ? digest : null, stop), stop);

    [Function("PutDisclosure"), Endpoint(Cost = 20)]
    public Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/disclosure")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, state =>
        {
            var asked = request.Json<DisclosureRequest>();
            return asked.IsRefused(out var refusal) ? Task.FromResult<IActionResult>(refusal) : disclosures.Put(state, asked.Value, stop);
        }, stop);
}

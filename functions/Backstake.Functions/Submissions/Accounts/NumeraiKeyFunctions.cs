using Backstake.Functions.Http;
using Backstake.Functions.Numerai;
using Backstake.Functions.Owners;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Submissions.Accounts;

/// <summary>A key of Numerai's API as its owner brings it.</summary>
public sealed record BroughtKey(string PublicId, string SecretKey);

/// <summary>In whose Numerai account a vault's model lies: the owner brings a key and takes it back; nobody ever reads it.</summary>
public sealed class NumeraiKeyFunctions(VaultOwners owners, OwnersKeys keys, INumerai numerai, ModelOwners models)
{
    public static readonly ProblemKind KeysOffKind = new("keysOff", 409, "This deployment keeps no owners' keys.");
    public static readonly ProblemKind RefusedKind = new("numeraiKeyRefused", 422, "The key isn't taken.");

    const int LengthMost = 200;

    [Function("PutNumeraiKey"), Endpoint(Cost = 20)]
    public Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/numerai-key")] HttpRequest request, string id, CancellationToken stop) =>
        WithKeys(request, id, async vault =>
        {
            var asked = request.Json<BroughtKey>();
            if (asked.IsRefused(out var malformed))
                return malformed;
            if (!IsToken(asked.Value.PublicId))
                return HttpProblems.MalformedAt("publicId", "not a key's public id");
            if (!IsToken(asked.Value.SecretKey))
                return HttpProblems.MalformedAt("secretKey", "not a key's secret");
            var key = new NumeraiKey(asked.Value.PublicId, asked.Value.SecretKey);
            if (await Fault(key, vault.ModelId, stop) is { } fault)
                return RefusedKind.Of(fault);
            await keys.Put(vault.Id, key, stop);
            await models.KeyBrought(vault.Id, stop);
            return InAccountOf("owner");
        }, stop);

    /// <summary>Whose account it is. Of the key nothing is told.</summary>
    [Function("GetNumeraiKey")]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/numerai-key")] HttpRequest request, string id, CancellationToken stop) =>
        owners.As(request, id, async vault => InAccountOf(await keys.Find(vault.Id, stop) is null ? "operator" : "owner"), stop);

    /// <summary>From here on the vault is submitted and staked in the operator's account, as far as the model lies there.</summary>
    [Function("TakeBackNumeraiKey")]
    public Task<IActionResult> TakeBack([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "vaults/{id}/numerai-key")] HttpRequest request, string id, CancellationToken stop) =>
        WithKeys(request, id, async vault =>
        {
            await keys.TakeBack(vault.Id, stop);
            await models.KeyTakenBack(vault.Id, stop);
            return new NoContentResult();
        }, stop);

    async Task<string?> Fault(NumeraiKey key, string modelId, CancellationToken stop)
    {
        try
        {
            return KeyCheck.Fault(await numerai.Account(key, stop), modelId);
        }
        catch (NumeraiException refused) when (refused.Cause == NumeraiException.RefusedCause)
        {
            return "Numerai refuses it."; // what Numerai says of it isn't repeated
        }
    }

    Task<IActionResult> WithKeys(HttpRequest request, string id, Func<RegisteredVault, Task<IActionResult>> answer, CancellationToken stop) =>
        owners.As(request, id, vault => keys.IsPossible ? answer(vault) : Task.FromResult<IActionResult>(KeysOffKind.Of("Its operator has set no Numerai__OwnersVault: the model lies in the operator's account.")), stop);

    static bool IsToken(string text) => text.Length is > 0 and <= LengthMost && text.All(character => character is > ' ' and < '\u007F' and not '$');

    static RenderedAnswer InAccountOf(string whose) => JsonAnswer.Of(new { account = whose });
}

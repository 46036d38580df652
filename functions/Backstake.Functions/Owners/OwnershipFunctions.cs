using Backstake.Functions.Http;
using Backstake.Functions.Operations;
using Backstake.Functions.Quotes;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Owners;

/// <summary>What an operator says of whose a model is that lies in the operator's account.</summary>
public sealed class OwnershipFunctions(VaultReads reads, VaultRegistry registry, ModelVaults vaults, ModelOwners models, OwnershipTable table, TimeProvider clock)
{
    /// <param name="HandedOverBy">The vault's owner, as the operator knows them.</param>
    sealed record Handover(string HandedOverBy, string By, string Reason);

    /// <summary>What is known of whose the model is, and what operators said of it.</summary>
    [Function("GetOwnership")]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "ops/vaults/{id}/ownership")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state => await Answer(state, await table.Find(state.Id, stop), stop), stop);

    /// <summary>The model was handed over into the operator's account by this owner; Numerai is asked at once whether it is there.</summary>
    [Function("AttestOwnership")]
    public Task<IActionResult> Attest([HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/ownership")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var asked = request.Json<Handover>();
            if (asked.IsRefused(out var malformed))
                return malformed;
            if (!Order.IsSaid(asked.Value.By, asked.Value.Reason))
                return OperatorProblems.ReasonMissing();
            if (!string.Equals(asked.Value.HandedOverBy, state.Vault.Owner, StringComparison.OrdinalIgnoreCase))
                return OwnershipProblems.OtherOwner(state.Vault.Owner);
            if (state.Record.IsOver)
                return QuoteProblems.VaultIsOver(state); // resumed first: a vault that halted because its model is taken isn't its owner's word against the other's
            var vault = (await registry.Find(state.Id, stop))!;
            if (await vaults.Others(vault, stop).FirstOrDefaultAsync(other => !other.IsHalted, stop) is { } taken)
                return OwnershipProblems.ModelTaken(taken.Id);
            return await Answer(state, await models.Attest(vault, new(asked.Value.By, asked.Value.Reason), stop), stop);
        }, stop);

    /// <summary>What was attested isn't so.</summary>
    [Function("WithdrawAttestation")]
    public Task<IActionResult> Withdraw([HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/ownership/withdraw")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var order = Order.In(request);
            return order.IsRefused(out var refusal) ? refusal : await Answer(state, await models.WithdrawAttestation(state.Id, order.Value, stop), stop);
        }, stop);

    async Task<IActionResult> Answer(VaultState state, Ownership ownership, CancellationToken stop) => JsonAnswer.Of(new
    {
        vault = state.Id, owner = state.Vault.Owner, model = state.Vault.ModelId, ownership = ShownOwnership.Of(ownership, clock.GetUtcNow()), orders = await models.Orders(state.Id, stop),
    });
}

using Backstake.Accounting;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Operations;

/// <summary>What the operator can look at and do, with a function key: messages in quarantine, halted vaults, halted signers.</summary>
public sealed class OperatorFunctions(Quarantine quarantine, VaultStore store, VaultRegistry registry, VaultResumption resumption, VaultImport import, LogAudit audit, TransactionOutbox outbox)
{
    const int HistoryMost = 64 * 1024 * 1024;

    [Function("ListQuarantine")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Function, "get", Route = "ops/quarantine")] HttpRequest request, CancellationToken stop) =>
        new OkObjectResult(new { messages = await quarantine.All(stop) });

    [Function("ResendMessage")]
    public async Task<IActionResult> Resend(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/quarantine/{id}/resend")] HttpRequest request, string id, CancellationToken stop) =>
        await quarantine.Resend(id, stop) ? new NoContentResult() : OperatorProblems.UnknownMessage(id);

    [Function("HaltVault")]
    public async Task<IActionResult> Halt(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/halt")] HttpRequest request, string id, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        var order = Order.In(request);
        if (order.IsRefused(out var refusal))
            return refusal;
        try
        {
            await store.Halt(vault.Id, "operator", $"{order.Value.By}: {order.Value.Reason}", stop);
            return new NoContentResult();
        }
        catch (LogDamagedException damage)
        {
            return Problems.VaultDamaged(damage.Message);
        }
    }

    /// <summary>Resumes a halted vault, if its log is whole and the chain still has what it says; documents that can be made again from the log are.</summary>
    [Function("ResumeVault")]
    public async Task<IActionResult> Resume(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/resume")] HttpRequest request, string id, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        var order = Order.In(request);
        if (order.IsRefused(out var refusal))
            return refusal;
        try
        {
            return new OkObjectResult(new { repaired = await resumption.Resume(vault.Id, order.Value.By, order.Value.Reason, stop) });
        }
        catch (LogDamagedException damage)
        {
            return OperatorProblems.StillDamaged(damage.Message);
        }
    }

    /// <summary>Looks at every stored row and document of a vault; what is damaged halts it.</summary>
    [Function("CheckVault")]
    public async Task<IActionResult> Check(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/check")] HttpRequest request, string id, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        try
        {
            await store.Check(vault.Id, audit, allDocuments: true, stop);
            return new NoContentResult();
        }
        catch (LogDamagedException damage)
        {
            return Problems.VaultDamaged(damage.Message);
        }
    }

    /// <summary>Gives a vault its history back that this deployment doesn't have: the body is a replay file; who and why are in the query.</summary>
    [Function("ImportVault")]
    [Endpoint(BodyMost = HistoryMost)]
    public async Task<IActionResult> Import(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/import")] HttpRequest request, string id, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        var (by, reason) = ((string?)request.Query["by"], (string?)request.Query["reason"]);
        if (!Order.IsSaid(by, reason))
            return OperatorProblems.ReasonMissing();
        var read = ReplayFile.Read(request.Bytes().ToArray());
        if (read.IsMalformed(out var malformed))
            return OperatorProblems.HistoryMalformed(malformed.ToString());
        try
        {
            return await import.Import(vault.Id, read.Value, by!, reason!, stop) is { } state
                ? new OkObjectResult(new { events = state.Sequence, lastWeek = state.Books.LastWeek.Number, booksDigest = state.Record.Weeks.Values.LastOrDefault()?.BooksDigest })
                : OperatorProblems.HistoryThere(vault.Id);
        }
        catch (HistoryRefusedException refusal)
        {
            return OperatorProblems.HistoryRefused(refusal.Message);
        }
    }

    /// <summary>Lets a halted key sign again. Whoever else had it should have been shut out before.</summary>
    [Function("ResumeSigner")]
    public async Task<IActionResult> ResumeSigner(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/signers/{role}/resume")] HttpRequest request, string role, CancellationToken stop)
    {
        if (!Enum.TryParse<Role>(role, ignoreCase: true, out var signer) || !Enum.IsDefined(signer) || int.TryParse(role, out _))
            return OperatorProblems.UnknownSigner(role);
        var order = Order.In(request);
        if (order.IsRefused(out var refusal))
            return refusal;
        await outbox.Resume(signer, order.Value.By, order.Value.Reason, stop);
        return new NoContentResult();
    }
}

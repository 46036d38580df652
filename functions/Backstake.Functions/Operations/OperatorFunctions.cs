using Backstake.Accounting;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Quotes;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Operations;

/// <summary>What the operator can look at and do, with a function key: messages in quarantine, halted vaults, halted signers. Every order says who gives it and why, and is kept.</summary>
public sealed class OperatorFunctions(
    Quarantine quarantine, VaultStore store, VaultRegistry registry, VaultResumption resumption, VaultImport import, LogAudit audit, TransactionOutbox outbox, DueSender due, OperatorOrders orders)
{
    const int HistoryMost = 64 * 1024 * 1024;
    const int OrdersMost = 200;

    [Function("ListQuarantine")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Function, "get", Route = "ops/quarantine")] HttpRequest request, CancellationToken stop) =>
        new OkObjectResult(new { messages = await quarantine.All(stop) });

    [Function("ResendMessage")]
    public async Task<IActionResult> Resend(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/quarantine/{id}/resend")] HttpRequest request, string id, CancellationToken stop) =>
        await Ordered(request, "resend", id, async _ => await quarantine.Resend(id, stop) ? new NoContentResult() : OperatorProblems.UnknownMessage(id), stop);

    /// <summary>Who ordered what, and why.</summary>
    [Function("ListOrders")]
    public async Task<IActionResult> Orders([HttpTrigger(AuthorizationLevel.Function, "get", Route = "ops/orders")] HttpRequest request, CancellationToken stop) =>
        new OkObjectResult(new { orders = await orders.Last(OrdersMost, stop) });

    /// <summary>Sends now what is due for a vault, as the sweep would some minutes later: submission, result, proposal, acceptance, payments, news.</summary>
    [Function("RetryVault")]
    public Task<IActionResult> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/retry")] HttpRequest request, string id, CancellationToken stop) =>
        OfVault(id, vault => Ordered(request, "retry", vault.Id, async _ =>
        {
            var state = await store.Load(vault.Id, stop);
            if (state.Record.IsOver)
                return QuoteProblems.VaultIsOver(state);
            await due.Send(state, stop);
            return new NoContentResult();
        }, stop), stop);

    [Function("HaltVault")]
    public Task<IActionResult> Halt(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/halt")] HttpRequest request, string id, CancellationToken stop) =>
        OfVault(id, vault => Ordered(request, "halt", vault.Id, async order =>
        {
            await store.Halt(vault.Id, "operator", $"{order.By}: {order.Reason}", stop);
            return new NoContentResult();
        }, stop), stop);

    /// <summary>Resumes a halted vault, if its log is whole and the chain still has what it says; documents that can be made again from the log are.</summary>
    [Function("ResumeVault")]
    public Task<IActionResult> Resume(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/resume")] HttpRequest request, string id, CancellationToken stop) =>
        OfVault(id, vault => Ordered(request, "resume", vault.Id, async order =>
        {
            try
            {
                return new OkObjectResult(new { repaired = await resumption.Resume(vault.Id, order.By, order.Reason, stop) });
            }
            catch (LogDamagedException damage)
            {
                return OperatorProblems.StillDamaged(damage.Message);
            }
        }, stop), stop);

    /// <summary>Looks at every stored row and document of a vault; what is damaged halts it.</summary>
    [Function("CheckVault")]
    public Task<IActionResult> Check(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/vaults/{id}/check")] HttpRequest request, string id, CancellationToken stop) =>
        OfVault(id, async vault =>
        {
            await store.Check(vault.Id, audit, allDocuments: true, stop);
            return new NoContentResult();
        }, stop);

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
        await orders.Keep("import", vault.Id, new Order(by!, reason!), stop);
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
        return await Ordered(request, "resumeSigner", role.ToLowerInvariant(), async order =>
        {
            await outbox.Resume(signer, order.By, order.Reason, stop);
            return new NoContentResult();
        }, stop);
    }

    async Task<IActionResult> OfVault(string id, Func<RegisteredVault, Task<IActionResult>> answer, CancellationToken stop)
    {
        if (await registry.Find(id.ToLowerInvariant(), stop) is not { } vault)
            return Problems.UnknownVault(id);
        try
        {
            return await answer(vault);
        }
        catch (LogDamagedException damage)
        {
            return Problems.VaultDamaged(damage.Message);
        }
    }

    /// <summary>Keeps the order, then carries it out.</summary>
    async Task<IActionResult> Ordered(HttpRequest request, string act, string subject, Func<Order, Task<IActionResult>> carryOut, CancellationToken stop)
    {
        var order = Order.In(request);
        if (order.IsRefused(out var refusal))
            return refusal;
        await orders.Keep(act, subject, order.Value, stop);
        return await carryOut(order.Value);
    }
}

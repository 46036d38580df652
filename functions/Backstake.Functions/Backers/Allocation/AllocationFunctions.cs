using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Backers.Allocation;

/// <summary>Where a backer's payments are to go. The backer's signature writes it; only they read it.</summary>
public sealed class AllocationFunctions(VaultReads reads, Allocations allocations, AllocatedPayment payments)
{
    [Function("PutAllocation"), Endpoint(Cost = 20)]
    public Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/allocation")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, state =>
        {
            var asked = request.Json<AllocationRequest>();
            return asked.IsRefused(out var refusal) ? Task.FromResult<IActionResult>(refusal) : allocations.Put(state, asked.Value, stop);
        }, stop);

    [Function("GetAllocation"), Endpoint(Cost = 5)]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/allocation")] HttpRequest request, string id, CancellationToken stop) =>
        reads.AnswerOwn(request, id, (state, backer) => allocations.Get(state, backer.Address, stop), stop);

    /// <summary>A settlement's payment, split, with the deposits to send.</summary>
    [Function("GetAllocatedPayment"), Endpoint(Cost = 40)]
    public Task<IActionResult> Payment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/payments/{week:int}")] HttpRequest request, string id, int week, CancellationToken stop) =>
        reads.AnswerOwn(request, id, (state, backer) => state.Record.Weeks.ContainsKey(week)
            ? payments.Of(state, new Week(week), backer, stop)
            : Task.FromResult<IActionResult>(Problems.UnknownWeek(week, state.Books.LastWeek.Number)), stop);
}

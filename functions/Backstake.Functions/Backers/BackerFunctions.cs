using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Backers;

/// <summary>What a backer has, had and was paid: only the caller's own. Whoever else holds what isn't told, nor whether they do.</summary>
public sealed class BackerFunctions(VaultReads reads, VaultStore store, VaultRegistry registry, BackerAccount accounts)
{
    /// <summary>Everything that the caller has, vault by vault, and together. A vault whose log is damaged is named, and left out of the sums.</summary>
    [Function("ListPositions"), Endpoint(Cost = 20)]
    public async Task<IActionResult> Positions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "positions")] HttpRequest request, CancellationToken stop)
    {
        var caller = request.Caller(ApiScope.ReadOwn);
        if (caller.IsRefused(out var refusal))
            return refusal;
        var (held, damaged) = (new List<HeldVault>(), new List<string>());
        await foreach (var vault in registry.All(stop))
        {
            try
            {
                var state = await store.Load(vault.Id, stop);
                if (Position.Of(state.Books, new Backer(caller.Value.Address)) is { IsEmpty: false } position)
                    held.Add(new(state, position));
            }
            catch (LogDamagedException)
            {
                damaged.Add(vault.Id);
            }
        }

        return JsonAnswer.Written(json => HeldVault.Write(json, caller.Value.Address, held, damaged));
    }

    [Function("GetPosition"), Endpoint(Cost = 5)]
    public Task<IActionResult> GetPosition([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/position")] HttpRequest request, string id, CancellationToken stop) =>
        reads.AnswerOwn(request, id, (state, backer) => Task.FromResult<IActionResult>(JsonAnswer.Written(json => new HeldVault(state, Position.Of(state.Books, backer)).Write(json))), stop);

    /// <summary>A settled week's statement, which never changes: <c>?format=json</c> (the default), <c>csv</c> or <c>html</c>, which prints on A4.</summary>
    [Function("GetStatement"), Endpoint(Cost = 20)]
    public Task<IActionResult> Statement(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/statements/{week:int}")] HttpRequest request, string id, int week, CancellationToken stop) =>
        reads.AnswerOwn(request, id, async (state, backer) =>
        {
            if (!state.Record.Weeks.TryGetValue(week, out var settled))
                return Problems.UnknownWeek(week, state.Books.LastWeek.Number);
            var format = request.Query["format"].ToString();
            if (format is not ("" or "json" or "csv" or "html"))
                return HttpProblems.MalformedAt("format", "it isn't json, csv or html");
            return await accounts.Statement(state, backer, new Week(week), stop) is { } statement
                ? new StatementOfVault(state, settled, statement).As(format, request.HttpContext.Response)
                : BackerProblems.NoStatement(week);
        }, stop);

    /// <summary>What settlements paid the caller, what of it reached the wallet, and what can be claimed.</summary>
    [Function("ListPayments"), Endpoint(Cost = 20)]
    public Task<IActionResult> Payments([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/payments")] HttpRequest request, string id, CancellationToken stop) =>
        reads.AnswerOwn(request, id, async (state, backer) =>
        {
            var (paid, receipts) = (new List<(Week Week, Nmr Amount)>(), new List<Receipt>());
            await foreach (var entry in accounts.Read(state, backer, stop))
            {
                if (entry.Receipt is { } receipt)
                    receipts.Add(receipt);
                else if (entry.Statement is { Paid.IsZero: false } statement)
                    paid.Add((statement.Week, statement.Paid));
            }

            return JsonAnswer.Written(json => PaymentsJson.Write(json, state, backer, paid, receipts));
        }, stop);
}

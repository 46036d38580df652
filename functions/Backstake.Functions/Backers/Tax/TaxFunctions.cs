using System.Globalization;
using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Backers.Tax;

/// <summary>A year of a backer's, of all vaults, as a CSV that tax programs read. No advice is given.</summary>
public sealed class TaxFunctions(VaultStore store, VaultRegistry registry, BackerAccount accounts)
{
    /// <summary><c>?basis=cash</c> (the default) or <c>accrual</c>; <c>?layout=neutral</c> (the default), <c>koinly</c> or <c>cointracker</c>. Weeks that aren't settled aren't in it.</summary>
    [Function("ExportTax"), Endpoint(Cost = 50)]
    public async Task<IActionResult> Export([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tax/{year:int}")] HttpRequest request, int year, CancellationToken stop)
    {
        var caller = request.Caller(ApiScope.ReadOwn);
        if (caller.IsRefused(out var refusal))
            return refusal;
        var (basisName, layoutName) = (request.Query["basis"].ToString(), request.Query["layout"].ToString());
        if (basisName is not ("" or "cash" or "accrual"))
            return HttpProblems.MalformedAt("basis", "it isn't cash or accrual");
        if (TaxLayout.All.FirstOrDefault(one => one.Name == (layoutName.Length == 0 ? TaxLayout.Neutral.Name : layoutName)) is not { } layout)
            return HttpProblems.MalformedAt("layout", $"it isn't {string.Join(", ", TaxLayout.All.Select(one => one.Name))}");
        var (rows, basis) = (new List<TaxRow>(), basisName == "accrual" ? TaxBasis.Accrual : TaxBasis.Cash);
        await foreach (var vault in registry.All(stop))
        {
            var state = await store.Load(vault.Id, stop);
            var ledger = new TaxLedger(vault.Id, state.Vault.Model, week => state.Record.Cut(week.Number), basis);
            await foreach (var entry in accounts.Read(state, new Backer(caller.Value.Address), stop))
                rows.AddRange(ledger.Add(entry).Where(row => row.At.UtcDateTime.Year == year));
        }

        request.HttpContext.Response.Headers.ContentDisposition =
            string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"backstake-{year}-{(basis == TaxBasis.Cash ? "cash" : "accrual")}-{layout.Name}.csv\"");
        return new FileContentResult(layout.Write(rows.OrderBy(row => row.At)), "text/csv; charset=utf-8");
    }
}

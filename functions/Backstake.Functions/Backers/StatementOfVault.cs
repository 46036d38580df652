using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers;

/// <summary>A backer's statement with what proves it: the digests of the week's published books, whose root the chain has.</summary>
sealed record StatementOfVault(VaultState State, WeekRecord Settled, WeekStatement Statement)
{
    public IActionResult As(string format, HttpResponse response)
    {
        // The digest names the books that it follows from: the same statement for ever.
        response.Headers.ETag = $"\"{Settled.BooksDigest[..32]}-{(format.Length == 0 ? "json" : format)}\"";
        switch (format)
        {
            case "csv":
                response.Headers.ContentDisposition = $"attachment; filename=\"statement-{State.Id}-{Statement.Week}.csv\"";
                return new FileContentResult(Csv(), "text/csv; charset=utf-8");
            case "html":
                response.Headers.ContentSecurityPolicy = StatementPage.Policy;
                return new FileContentResult(StatementPage.Of(this), "text/html; charset=utf-8");
            default:
                return Json();
        }
    }

    RenderedAnswer Json() => JsonAnswer.Written(json =>
    {
        json.WriteString("vault", State.Id);
        json.WriteString("model", State.Vault.Model);
        StatementJson.Write(json, Statement, new RunningVault(State, State.Books).Calendar.Written);
        json.WriteStartObject("proof");
        json.WriteString("booksDigest", Settled.BooksDigest);
        json.WriteString("booksRoot", Settled.BooksRoot);
        json.WriteString("entryDigest", Settled.EntryDigest);
        json.WriteString("verify", Command);
        json.WriteEndObject();
    });

    /// <summary>What folds everything again on anybody's machine.</summary>
    public string Command => $"backstake statement --app URL --vault {State.Id} --backer {Statement.Backer} --week {Statement.Week}";

    byte[] Csv()
    {
        var names = StatementJson.Amounts(new StatementLine { Series = default }).Select(one => one.Name);
        return CsvTable.Of(
            ["vault", "model", "week", "terms", "entryWeek", "payout", "units", .. names],
            Statement.Lines.Select(line => (IReadOnlyList<object?>)
            [
                State.Id, State.Vault.Model, Statement.Week.Number, line.Series.Terms.Text, line.Series.EntryWeek.Number, line.Series.Payout == Payout.Pay ? "pay" : "compound", line.Units.Count,
                .. StatementJson.Amounts(line).Select(one => (object)one.Amount),
            ]));
    }
}

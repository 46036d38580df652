using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Backstake.Accounting;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backers;

/// <summary>A statement as a page without scripts that prints on A4. Every amount is exact; every text is encoded.</summary>
static class StatementPage
{
    const string Style = """
        @page { size: A4; margin: 18mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); } }
        :root { color-scheme: light dark; }
        body { font: 10pt/1.4 system-ui, sans-serif; max-width: 182mm; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
        h1 { font-size: 15pt; } h2 { font-size: 11pt; margin: 1.2rem 0 .3rem; }
        table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid; padding: .15rem .3rem; text-align: left; vertical-align: top; }
        td.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } tr.sum > * { font-weight: bold; }
        section, tr { break-inside: avoid; } footer { margin-top: 1.5rem; font-size: 8pt; }
        @media print { body { margin: 0; padding: 0; max-width: none; color: #000; background: #fff; } }
        """;

    /// <summary>The page's own style, and nothing else.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static readonly IReadOnlyList<(string Words, bool IsTaken)> Words =
    [
        ("Worth before", false), ("Bought", false), ("Taken back while waiting", true), ("Received from others", false), ("Handed on to others", true), ("Result of rounds", false),
        ("Cover from the reserve", false), ("Owner's share", true), ("Upfront fee", true), ("Paid by this settlement", true), ("Worth after", false),
    ];

    public static byte[] Of(StatementOfVault of)
    {
        var (state, statement, page) = (of.State, of.Statement, new StringBuilder());
        var calendar = new RunningVault(state, state.Books).Calendar.Written;
        var title = $"Statement of week {statement.Week}";
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>").Append(title).Append("</title><style>").Append(Style)
            .Append("</style></head><body><h1>").Append(title).Append("</h1>\n<table>");
        Row(page, "Model", state.Vault.Model);
        Row(page, "Vault", state.Id);
        Row(page, "Backer", statement.Backer.Address);
        Row(page, "Week ended (UTC)", calendar.Cut(statement.Week));
        Row(page, "Payments can be claimed from (UTC)", calendar.AcceptedFrom(statement.Week));
        page.Append("</table>\n");
        foreach (var line in statement.Lines)
        {
            page.Append("<section><h2>").Append(Text($"Units bought in week {line.Series.EntryWeek}, {(line.Series.Payout == Payout.Pay ? "profit paid out" : "profit compounds")}: {line.Units}")).Append("</h2><p>Terms ")
                .Append(Text(line.Series.Terms.Text)).Append("</p>\n<table>");
            foreach (var ((_, amount), (words, isTaken)) in StatementJson.Amounts(line).Zip(Words))
            {
                if (!amount.IsZero || words.StartsWith("Worth", StringComparison.Ordinal))
                    Amount(page, words, isTaken ? -amount : amount, words == "Worth after");
            }

            page.Append("</table></section>\n");
        }

        page.Append("<section><h2>Together</h2><table>");
        Amount(page, "Worth before", statement.Opening, false);
        Amount(page, "What the week brought", statement.Income, false);
        Amount(page, "Paid by this settlement", statement.Paid, false);
        Amount(page, "Worth after", statement.Closing, true);
        page.Append("</table></section>\n<footer><p>Amounts are in NMR, exact to the wei. Computed by the fold that books the vault; anybody can do it again: <code>").Append(Text(of.Command)).Append("</code></p><p>Books of the week, SHA-256: ")
            .Append(Text(of.Settled.BooksDigest)).Append("<br>Root of the books, as it was brought to the chain: ").Append(Text(of.Settled.BooksRoot)).Append("</p></footer></body></html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    static void Row(StringBuilder page, string name, string value) => page.Append("<tr><th scope=\"row\">").Append(Text(name)).Append("</th><td>").Append(Text(value)).Append("</td></tr>\n");

    static void Amount(StringBuilder page, string name, Nmr amount, bool isSum) =>
        page.Append(isSum ? "<tr class=\"sum\">" : "<tr>").Append("<th scope=\"row\">").Append(Text(name)).Append("</th><td class=\"amount\">").Append(Text(amount.ToString())).Append("</td></tr>\n");

    static string Text(string text) => HtmlEncoder.Default.Encode(text);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Cli.Research;
using Backstake.Research;

namespace Backstake.Cli.Quotes;

/// <summary>What <c>backstake quote</c> prints: one JSON object to the wei, or tables for people, rounded to six decimals.</summary>
internal sealed record QuoteReport(QuotedVault Vault, Quote Quote, QuoteReplay? Replay)
{
    private const int Decimals = 6;

    private static readonly string[] Columns = ["rounds return", "result", "you get", "you gain", "owner's share", "fee", "reserve pays", "owner gains"];

    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("vault", Vault.Books.Vault.Id);
            json.WriteStartObject("asOf");
            json.WriteNumber("week", Vault.Books.LastWeek.Number);
            if (Vault.Books.LastClosed is { } round) json.WriteNumber("round", round.Number);
            else json.WriteNull("round");
            json.WriteEndObject();
            QuoteJson.Write(json, Quote, Vault.Calendar?.Written);
            VaultGas.Write(json);
            if (Replay is not null)
            {
                json.WritePropertyName("replay");
                Replay.Write(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public void Write(TextWriter output)
    {
        var (books, asOf) = (Vault.Books, Vault.Books.LastClosed is { } round ? $", round {round}" : "");
        output.WriteLine($"Vault {books.Vault.Id} after the settlement of week {books.LastWeek}{asOf}");
        switch (Quote)
        {
            case DepositQuote deposit:
                Write(output, deposit);
                break;
            case ExitQuote exit:
                Write(output, exit);
                break;
            default:
                throw new InvalidOperationException($"{Quote.GetType().Name} has no form.");
        }

        output.WriteLine("Amounts are rounded to six decimals; --json has them to the wei.");
    }

    private void Write(TextWriter output, DepositQuote quote)
    {
        output.WriteLine($"{Counted(quote.Ask.Units)} of {quote.Ask.Of}, {(quote.Ask.Choice == Payout.Pay ? "profit paid out" : "profit compounds")}: {Shown(quote.Price)} NMR");
        output.WriteLine();
        TextTable.Write(output, Columns, quote.Headline.Select(Row));
        output.WriteLine();
        TextTable.Write(output, Columns, quote.Table.Select(Row));
        if (quote.Table.Any(one => one.IsCoverExhausted)) output.WriteLine("* the reserve has no more for these units");
        output.WriteLine();
        var left = quote.UnitsLeft is { } units ? $"; {(units == 0 ? "no" : units)} more units of these terms would fit" : "";
        output.WriteLine($"Reserve: {Shown(quote.ReserveLocked)} NMR are locked for these units{left}.");
        output.WriteLine($"Accepted by the settlement of week {At(quote.Entry)}; the first round is the next that closes after its acceptance{From(quote.Entry)}.");
        output.WriteLine($"Earliest exit: week {At(quote.EarliestExit)}, asked for before; its last money about week {At(quote.LastMoneyAfter(quote.EarliestExit))}.");
        output.WriteLine($"The term ends in week {At(quote.TermEnds)}; its last money about week {At(quote.LastMoneyAfter(quote.TermEnds))}.");
        output.WriteLine($"Worst case: {QuoteWords.WorstCase(quote)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Gas, as the contract's tests measured it: deposit {VaultGas.Deposit:N0}, exit {VaultGas.Exit:N0}, claim {VaultGas.Claim:N0}; NMR's approve comes on top."));
        WriteReplay(output, quote);
        WriteAssumptions(output, QuoteWords.Assumptions(quote));
    }

    private void Write(TextWriter output, ExitQuote quote)
    {
        output.WriteLine($"{Counted(quote.Ask.Units)} of {quote.Ask.Terms} that entered in week {quote.Ask.Series.EntryWeek} leave: worth {Shown(quote.Worth)} NMR now, {Shown(quote.AtRisk)} of them in open rounds");
        output.WriteLine();
        string[] head = ["week", .. quote.Paths.Select(path => $"paid at {QuoteWords.Signed(path.ReturnBps)}"), "then at risk"];
        // Weeks in which nothing is paid stay away, but for the first.
        var weeks = quote.Paths.SelectMany(path => path.Weeks).Where(week => week.Week == quote.Exit || !week.Paid.IsZero).Select(week => week.Week).Distinct().Order();
        IReadOnlyList<string>[] rows =
        [
            .. weeks.Select(string[] (week) => [At(week), .. quote.Paths.Select(path => Shown(InWeek(path, week)?.Paid ?? Nmr.Zero)), Shown(InWeek(quote.Paths[0], week)?.AtRisk ?? Nmr.Zero)]),
            ["in all", .. quote.Paths.Select(path => Shown(path.Paid)), ""],
            ["reserve pays", .. quote.Paths.Select(path => Shown(path.Cover)), ""],
            ["owner gains", .. quote.Paths.Select(path => Shown(path.OwnerGain)), ""],
        ];
        TextTable.Write(output, head, rows);
        output.WriteLine();
        output.WriteLine($"Worst case: {QuoteWords.WorstCase(quote)}");
        output.WriteLine($"Weeks of open rounds are estimates: a round's money is back about {Quote.WeeksOfARound(quote.Vault)} weeks after its close.");
        WriteAssumptions(output, QuoteWords.Assumptions(quote));
    }

    private void WriteReplay(TextWriter output, DepositQuote quote)
    {
        if (Replay is null) return;
        output.WriteLine();
        if (Replay.Outcomes is not { } outcomes)
        {
            output.WriteLine($"The past replayed: {Replay.Missing}");
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The past replayed under these terms, not a forecast: {outcomes.Count:N0} paths of {Replay.Rounds} rounds, drawn in blocks from {Replay.Known}"));
        string[] head = ["of all paths", .. SimulatedOutcomes.Percents.Select(percent => $"{percent} % at most")];
        TextTable.Write(output, head, [["you gain", .. Gains(outcomes.Backer, quote.Price)], ["owner gains", .. SimulatedOutcomes.Percents.Select(percent => Shown(outcomes.Owner(percent)))]]);
    }

    private static IEnumerable<string> Gains(Func<int, Nmr> gain, Nmr price) =>
        SimulatedOutcomes.Percents.Select(percent => string.Create(CultureInfo.InvariantCulture, $"{Shown(gain(percent))} ({(double)gain(percent).Wei / (double)price.Wei:+0.0%;-0.0%})"));

    private static void WriteAssumptions(TextWriter output, IReadOnlyList<string> assumptions)
    {
        output.WriteLine();
        output.WriteLine("Assumed:");
        foreach (var assumption in assumptions) output.WriteLine($"  {assumption}");
    }

    private static string[] Row(QuotedOutcome outcome) =>
    [
        QuoteWords.Signed(outcome.ReturnBps), Shown(outcome.Result), Shown(outcome.Paid), Shown(outcome.Gain), Shown(outcome.OwnerShare), Shown(outcome.UpfrontFee),
        Shown(outcome.Cover) + (outcome.IsCoverExhausted ? "*" : ""), Shown(outcome.OwnerGain),
    ];

    private static ExitWeek? InWeek(ExitPath path, Week week) => path.Weeks.FirstOrDefault(one => one.Week == week);

    private string At(Week week) => Vault.Calendar is { } calendar ? string.Create(CultureInfo.InvariantCulture, $"{week} (cut {calendar.Cut(week).UtcDateTime:yyyy-MM-dd HH:mm} UTC)") : week.ToString();

    private string From(Week week) => Vault.Calendar is { } calendar ? string.Create(CultureInfo.InvariantCulture, $", not before {calendar.AcceptedFrom(week).UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "";

    private static string Counted(Units units) => units.Count == 1 ? "1 unit" : $"{units} units";

    /// <summary>Up to 11,000,000 NMR are 26 digits of wei: a decimal holds them.</summary>
    private static string Shown(Nmr amount) => Math.Round((decimal)amount.Wei / 1_000_000_000_000_000_000m, Decimals, MidpointRounding.AwayFromZero).ToString("0.######", CultureInfo.InvariantCulture);
}

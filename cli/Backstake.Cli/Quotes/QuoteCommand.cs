using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Cli.Scores;
using Backstake.Research;

namespace Backstake.Cli.Quotes;

/// <summary>
/// <c>backstake quote</c>: what units of a vault would give, or the way out of units held, folded here from the vault's history by the books that will book it.
/// </summary>
internal static class QuoteCommand
{
    private const int Paths = 10_000;

    private const string About = """
        Tell what units of a vault would give both sides, or what leaving it would pay and when, by the fold that books it.

        Examples:
          backstake quote --app http://localhost:7071 --vault 0x… --units 5
          backstake quote --history log.json --terms T1 --units 5 --replay --scores data --model A
          backstake quote --history log.json --terms T1 --exit 3 --backer 0x… --units 2

        Exit status 0: quoted; 1: a file or the app can't be used; 2: the history is malformed; 3: the books would refuse it, and why is printed.
        """;

    public static Command Create()
    {
        var history = new Option<FileInfo?>("--history") { Description = "The vault's history in the replay format.", HelpName = "FILE" };
        var app = AppAddress.Optional("A running app to get it from.");
        var vault = new Option<string?>("--vault") { Description = "Which of the app's vaults, by its address.", HelpName = "ADDRESS" };
        var terms = new Option<string?>("--terms") { Description = "The terms' id (by default the only ones that the vault offers).", HelpName = "ID" };
        var units = new Option<long>("--units") { Description = "How many units.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var payout = PayoutOption.Create();
        var exit = new Option<int?>("--exit") { Description = "Quote the way out of units that entered in this week.", HelpName = "ENTRYWEEK" };
        var backer = new Option<string?>("--backer") { Description = "Who holds them.", HelpName = "ADDRESS" };
        var firstCut = new Option<DateTimeOffset?>("--first-cut") { Description = "When the vault's first week ended, in UTC: then weeks have dates (an app says so by itself).", HelpName = "TIME", CustomParser = Time };
        var replay = new Option<bool>("--replay") { Description = "Also replay past rounds under these terms: the vault's own, or with --scores and --model those of a model." };
        var scores = new Option<DirectoryInfo?>("--scores") { Description = $"The folder of {ScoresDownload.Corr20File} and {ScoresDownload.Mmc20File}.", HelpName = "DIR" };
        var model = new Option<string?>("--model") { Description = "The model, by its name in the files.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("quote", About) { history, app, vault, terms, units, payout, exit, backer, firstCut, replay, scores, model, json };
        units.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() is < 1 or > Units.MostOfAnEvent) result.AddError($"--units: from 1 to {Units.MostOfAnEvent}.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(history) is null == result.GetValue(app) is null) result.AddError("Name the vault: --history FILE, or --app URL with --vault ADDRESS.");
            if (result.GetValue(app) is null != result.GetValue(vault) is null) result.AddError("--app and --vault go together.");
            if (result.GetValue(exit) is null != result.GetValue(backer) is null) result.AddError("--exit and --backer go together.");
            if (result.GetValue(exit) is < 0) result.AddError("--exit: a week is not negative.");
            if (result.GetValue(scores) is null != result.GetValue(model) is null) result.AddError("--scores and --model go together.");
            if (result.GetValue(scores) is not null && !result.GetValue(replay)) result.AddError("--scores and --model are for --replay.");
            if (result.GetValue(replay) && result.GetValue(exit) is not null) result.AddError("--replay is for units to be bought.");
            foreach (var option in new[] { vault, backer })
            {
                if (result.GetValue(option) is { } address && !Backer.IsAddress(address.ToLowerInvariant())) result.AddError($"{option.Name}: an address is 0x and 40 hex digits.");
            }
        });
        command.SetAction(async (result, stop) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            try
            {
                var (name, bytes, calendar) = result.GetValue(app) is { } url
                    ? await FromApp(url, result.GetValue(vault)!.ToLowerInvariant(), stop)
                    : (result.GetValue(history)!.ToString(), await File.ReadAllBytesAsync(result.GetValue(history)!.FullName, stop), null);
                var read = ReplayFile.Read(bytes);
                if (read.IsMalformed(out var malformed)) return OneLineFailures.OneLine(error, ExitStatus.Malformed, $"{name}: {malformed}");
                var quoted = QuotedVault.Of(read.Value, result.GetValue(firstCut) is { } first ? QuotedVault.CalendarFrom(first) : calendar);
                var ask = Ask(quoted.Books, result.GetValue(terms), new Units(result.GetValue(units)), result.GetValue(payout), result.GetValue(exit), result.GetValue(backer)?.ToLowerInvariant());
                if (ask is DepositAsk deposit && deposit.IsBeyondSupply(quoted.Books)) return OneLineFailures.OneLine(error, ExitStatus.Failed, $"--units: together beyond {Nmr.GreatestSupply} NMR.");
                var quote = Quote.Of(quoted.Books, ask, quoted.Resolving);
                var report = new QuoteReport(quoted, quote, result.GetValue(replay) && quote is DepositQuote buy ? QuoteReplay.Of(buy, Returns(quoted, result.GetValue(scores), result.GetValue(model)), Paths) : null);
                if (result.GetValue(json)) output.WriteLine(report.ToJson());
                else if (quote is not RefusedQuote) report.Write(output);
                return quote is RefusedQuote refused ? OneLineFailures.OneLine(error, ExitStatus.Refused, $"{refused.Refusal.Code}: {refused.Explanation}") : ExitStatus.Done;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ResearchInputException or InvariantViolatedException or OverflowException or JsonException)
            {
                return OneLineFailures.OneLine(error, ExitStatus.Failed, e.Message);
            }
        });
        return command;
    }

    /// <summary>The log to be folded here, and the app's word for the dates alone.</summary>
    internal static async Task<(string Name, byte[] History, WeekCalendar? Calendar)> FromApp(Uri app, string vault, CancellationToken stop)
    {
        var log = AppAddress.Of(app, $"vaults/{vault}/log");
        return (log.ToString(), await Download.Bytes(log, stop), QuotedVault.CalendarOf(await Download.Bytes(AppAddress.Of(app, $"vaults/{vault}"), stop)));
    }

    private static QuoteAsk Ask(Books books, string? named, Units units, Payout payout, int? entryWeek, string? backer)
    {
        var terms = named is { } id ? new TermsId(id)
            : books.Terms.Count == 1 ? books.Terms.Keys.Single()
            : throw new IOException($"Name the terms with --terms: the vault has {(books.Terms.IsEmpty ? "none" : string.Join(", ", books.Terms.Keys))}.");
        return entryWeek is { } week ? new ExitAsk(new Backer(backer!), new Accounting.SeriesId(terms, new Week(week), payout), units) : new DepositAsk(terms, units, payout);
    }

    private static double[] Returns(QuotedVault vault, DirectoryInfo? scores, string? model) => scores is null ? VaultReturns.Of(vault.History) : ModelReturns.Read(scores, model!);

    private static DateTimeOffset? Time(ArgumentResult argument)
    {
        if (DateTimeOffset.TryParse(argument.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        argument.AddError($"'{argument.Tokens[0].Value}' is no time: 2026-11-22T15:00:00Z is one.");
        return null;
    }
}

using System.CommandLine;
using Backstake.Accounting;
using Backstake.Cli.Quotes;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake statement</c>: a backer's statement of a week, folded here from the vault's public history; what the app says must be the same.</summary>
internal static class StatementCommand
{
    private const string About = """
        Tell what a settled week brought a backer: worth before, what came and went, result, cover, owner's share, payment, worth after. Each line adds up to the wei.

        Examples:
          backstake statement --app http://localhost:7071 --vault 0x… --backer 0x… --week 7
          backstake statement --history log.json --backer 0x… --week 7 --json

        Exit status 0: told; 1: a file or the app can't be used, or there is no such statement; 2: the history is malformed.
        """;

    public static Command Create()
    {
        var (source, backer, json) = (new VaultSource(), VaultSource.Backer(), new Option<bool>("--json") { Description = "Print one JSON object, to the wei." });
        var week = new Option<int>("--week") { Description = "The settled week.", HelpName = "N", Required = true };
        var command = new Command("statement", About) { backer, week, json };
        source.AddTo(command);
        VaultSource.RequireAddress(command, backer);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var vault = await source.Read(result, stop);
            var (whose, number) = (new Backer(result.GetValue(backer)!.ToLowerInvariant()), result.GetValue(week));
            if (Statements(vault, whose).FirstOrDefault(one => one.Week.Number == number) is not { IsEmpty: false } statement)
                throw new IOException(number > vault.Books.LastWeek.Number ? $"Week {number} isn't settled: the last is {vault.Books.LastWeek}." : $"{whose} had nothing in this vault in week {number}.");
            if (result.GetValue(json))
            {
                Printed.Json(result.InvocationConfiguration.Output, fields =>
                {
                    fields.WriteString("vault", vault.Books.Vault.Id);
                    StatementJson.Write(fields, statement, vault.Calendar?.Written);
                });
            }
            else
            {
                Write(result.InvocationConfiguration.Output, statement);
            }

            return ExitStatus.Done;
        }));
        return command;
    }

    internal static IEnumerable<WeekStatement> Statements(QuotedVault vault, Backer backer)
    {
        var ledger = new BackerLedger(vault.History.Begin(), backer);
        return vault.History.Events.Select(one => ledger.Apply(one)).OfType<WeekStatement>();
    }

    private static void Write(TextWriter output, WeekStatement statement)
    {
        output.WriteLine($"{statement.Backer}, week {statement.Week}");
        string[] names = [.. StatementJson.Amounts(new StatementLine { Series = default }).Select(one => one.Name)];
        Printed.Table(output, 1, ["", .. statement.Lines.Select(line => $"{line.Units} of week {line.Series.EntryWeek}"), "together"], names.Select((name, i) => (IReadOnlyList<string>)
            [name, .. statement.Lines.Select(line => $"{StatementJson.Amounts(line)[i].Amount}"), $"{statement.Sum(line => StatementJson.Amounts(line)[i].Amount)}"]));
        foreach (var movement in statement.Movements) output.WriteLine($"  {movement.Kind}: {movement.Units} of week {movement.Series.EntryWeek}{(movement.Amount.IsZero ? "" : $", {movement.Amount} NMR")}");
    }
}

using System.CommandLine;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Cli.Quotes;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake position</c>: what a backer has in a vault, folded here from its public history; needs no key.</summary>
internal static class PositionCommand
{
    private const string About = """
        Tell what a backer has in a vault now: units, worth, what is at risk, waiting and releasable, and when open rounds settle. Sums hold to the wei.

        Examples:
          backstake position --app http://localhost:7071 --vault 0x… --backer 0x…
          backstake position --history log.json --backer 0x… --json

        Exit status 0: told, also where there is nothing; 1: a file or the app can't be used; 2: the history is malformed.
        """;

    public static Command Create()
    {
        var (source, backer, json) = (new VaultSource(), VaultSource.Backer(), new Option<bool>("--json") { Description = "Print one JSON object, to the wei." });
        var command = new Command("position", About) { backer, json };
        source.AddTo(command);
        VaultSource.RequireAddress(command, backer);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var vault = await source.Read(result, stop);
            var position = Position.Of(vault.Books, new Backer(result.GetValue(backer)!.ToLowerInvariant()));
            if (result.GetValue(json)) Printed.Json(result.InvocationConfiguration.Output, fields => Write(fields, vault, position));
            else Write(result.InvocationConfiguration.Output, vault, position);
            return ExitStatus.Done;
        }));
        return command;
    }

    internal static void WriteAsOf(Utf8JsonWriter json, QuotedVault vault)
    {
        json.WriteString("vault", vault.Books.Vault.Id);
        json.WriteStartObject("asOf");
        json.WriteNumber("week", vault.Books.LastWeek.Number);
        if (vault.Books.LastClosed is { } round) json.WriteNumber("round", round.Number);
        else json.WriteNull("round");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, QuotedVault vault, Position position)
    {
        WriteAsOf(json, vault);
        PositionJson.Write(json, position, vault.Resolving, vault.Calendar?.Written);
    }

    private static void Write(TextWriter output, QuotedVault vault, Position position)
    {
        output.WriteLine($"{position.Backer} in vault {vault.Books.Vault.Id}, after the settlement of week {vault.Books.LastWeek}");
        if (position.IsEmpty)
        {
            output.WriteLine("Nothing.");
            return;
        }

        Printed.Table(output, 2, ["units", "state", "number", "worth", "at risk", "for the owner", "staying", "releasable", "paid"], position.Holdings.Select(holding => (IReadOnlyList<string>)
        [
            $"of week {holding.Series.EntryWeek}, {(holding.Series.Payout == Payout.Pay ? "paid out" : "compounding")}", State(holding), $"{holding.Units}", $"{holding.Worth}", $"{holding.AtRisk}",
            $"{holding.ForOwner}", $"{holding.Staying}", $"{holding.Releasable}", $"{holding.Paid}",
        ]));
        output.WriteLine($"Together worth {position.Worth} NMR, of which {position.AtRisk} are at risk in open rounds and {position.Waiting} wait. A settlement now would pay {position.NextPayment}.");
        foreach (var part in position.Rounds)
        {
            var week = vault.Resolving(part.Round);
            output.WriteLine($"  round {part.Round}: {part.Stake} NMR staked; about the settlement of week {week}{(vault.Calendar is { } calendar ? $", paid from {calendar.Written.AcceptedFrom(week)}" : "")}");
        }
    }

    private static string State(Holding holding) => holding.State switch
    {
        HoldingState.Waiting => "waiting",
        HoldingState.Live => holding.AskedOut.IsZero ? "live" : $"live, {holding.AskedOut} asked out",
        _ => $"left in week {holding.ExitWeek}",
    };
}

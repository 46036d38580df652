using System.Globalization;
using System.Text.Json;

namespace Backstake.Cli.Backers;

/// <summary>A vault's reliability and consistency, as <c>backstake vault</c> prints what the app tells of them.</summary>
internal static class ReliabilityText
{
    public static void Write(TextWriter output, JsonElement record)
    {
        var summary = record.GetProperty("summary");
        var counts = string.Join(", ", new[] { ("onTime", "on time"), ("retried", "retried"), ("missed", "missed"), ("stale", "stale"), ("replaced", "replaced") }
            .Select(outcome => $"{summary.GetProperty(outcome.Item1).GetInt32()} {outcome.Item2}"));
        output.WriteLine();
        output.WriteLine($"{"submitted in time",-22}{Share(summary.GetProperty("reliable"))} of {summary.GetProperty("rounds").GetInt32()} rounds: {counts}");
        foreach (var who in summary.GetProperty("blamed").EnumerateObject().Where(who => who.Value.GetInt32() > 0))
            output.WriteLine($"{"",-22}{who.Value.GetInt32()} through {(who.Name == "numerai" ? "Numerai" : who.Name == "us" ? "this deployment" : "the owner")}");
        foreach (var round in record.GetProperty("rounds").EnumerateArray().Where(round => round.GetProperty("outcome").GetString() is "missed" or "stale" or "replaced"))
            output.WriteLine($"{"",-22}round {round.GetProperty("round").GetInt32()} {round.GetProperty("outcome").GetString()}: {round.GetProperty("cause").GetString()}");
        foreach (var found in record.GetProperty("breaks").EnumerateArray())
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{"not the same model?",-22}round {found.GetProperty("round").GetInt32()}: {found.GetProperty("kind").GetString()} {found.GetProperty("value").GetDouble():0.###}, limit {found.GetProperty("limit").GetDouble():0.###}{(found.GetProperty("announced").GetBoolean() ? " (announced)" : "")}"));
        }

        foreach (var change in record.GetProperty("announced").EnumerateArray())
            output.WriteLine($"{"announced by the owner",-22} from round {change.GetProperty("fromRound").GetInt32()}: {change.GetProperty("note").GetString()}");
    }

    private static string Share(JsonElement part) => part.ValueKind is JsonValueKind.Null ? "none yet" : part.GetDouble().ToString("P1", CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Backstake.Accounting.Reference;

/// <summary>An event that the books refused, by its place in the history.</summary>
public readonly record struct RefusedEvent(int Event, Refusal Refusal);

/// <summary>The published books of a vault: a week's entry each, and the events that were refused (ACCOUNTING.md 6).</summary>
public sealed record BooksDocument(ImmutableArray<WeekEntry> Weeks, ImmutableArray<RefusedEvent> Errors)
{
    /// <summary>One week a line.</summary>
    public byte[] Write()
    {
        var lines = new List<byte>();
        lines.AddRange("{\"weeks\":["u8);
        for (var i = 0; i < Weeks.Length; i++)
        {
            lines.AddRange(i == 0 ? "\n"u8 : ",\n"u8);
            lines.AddRange(WriteWeek(Weeks[i]).AsSpan());
        }

        lines.AddRange("\n],\"errors\":"u8);
        lines.AddRange(JsonText.Of(WriteErrors).AsSpan());
        lines.AddRange("}\n"u8);
        return [.. lines];
    }

    /// <summary>One week's entry by itself.</summary>
    public static byte[] WriteWeek(WeekEntry week) => JsonText.Of(json => WriteWeek(json, week));

    private void WriteErrors(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var error in Errors)
        {
            json.WriteStartObject();
            json.WriteNumber("event", error.Event);
            json.WriteString("code", error.Refusal.Code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWeek(Utf8JsonWriter json, WeekEntry week)
    {
        json.WriteStartObject();
        json.WriteNumber("week", week.Week.Number);
        json.WriteAmount("stake", week.Stake);
        json.WriteAmount("pendingRelease", week.PendingRelease);
        json.WriteAmount("cash", week.Cash);
        json.WriteAmount("house", week.House);
        json.WriteAmount("houseLeaving", week.HouseLeaving);
        json.WriteAmount("houseSpare", week.HouseSpare);
        json.WriteAmount("reserve", week.Reserve);
        json.WriteAmount("reserveLocked", week.ReserveLocked);
        json.WriteStartArray("series");
        foreach (var series in week.Series) WriteClass(json, series);
        json.WriteEndArray();
        WriteInstruction(json, week.Instruction);
        json.WriteStartArray("payments");
        foreach (var payment in week.Payments)
        {
            json.WriteStartObject();
            json.WriteString("to", payment.To);
            json.WriteAmount("amount", payment.Amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteClass(Utf8JsonWriter json, ClassEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("terms", entry.Series.Terms.Text);
        json.WriteNumber("entryWeek", entry.Series.EntryWeek.Number);
        json.WriteString("payout", Words.Payout[entry.Series.Payout]);
        if (entry.ExitWeek is { } exitWeek) json.WriteNumber("exitWeek", exitWeek.Number);
        else json.WriteNull("exitWeek");
        json.WriteNumber("units", entry.Units.Count);
        json.WriteAmount("unitValue", entry.UnitValue);
        json.WriteAmount("cumulative", entry.Cumulative);
        json.WriteAmount("ownerShare", entry.OwnerShare);
        json.WriteAmount("owed", entry.Owed);
        json.WriteAmount("fee", entry.Fee);
        json.WriteAmount("cover", entry.Cover);
        json.WriteAmount("locked", entry.Locked);
        json.WriteAmount("releasable", entry.Releasable);
        json.WriteAmount("paid", entry.Paid);
        json.WriteAmount("payable", entry.Payable);
        json.WriteAmount("distributed", entry.Distributed);
        json.WriteBoolean("final", entry.Final);
        json.WriteEndObject();
    }

    private static void WriteInstruction(Utf8JsonWriter json, Instruction instruction)
    {
        json.WriteStartObject("instruction");
        switch (instruction)
        {
            case PerRoundStake stake:
                json.WriteAmount("perRoundStake", stake.Amount);
                break;
            case ContinuousChange change:
                json.WriteAmount("cancelRelease", change.CancelRelease);
                json.WriteAmount("increase", change.Increase);
                json.WriteAmount("release", change.Release);
                break;
            default:
                throw new InvalidOperationException($"{instruction.GetType().Name} has no form.");
        }

        json.WriteEndObject();
    }
}

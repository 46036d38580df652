using System.Globalization;
using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>A statement's fields as JSON: amounts in NMR as decimal strings, weeks and units as integers, times in UTC. The caller opens and closes the object around them.</summary>
public static class StatementJson
{
    /// <param name="calendar">Null: the week stands without its times.</param>
    public static void Write(Utf8JsonWriter json, WeekStatement statement, QuoteCalendar? calendar)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(statement);
        json.WriteString("backer", statement.Backer.Address);
        QuoteJson.WriteWeek(json, "settlement", statement.Week, calendar);
        json.WriteAmount("opening", statement.Opening);
        json.WriteAmount("income", statement.Income);
        json.WriteAmount("paid", statement.Paid);
        json.WriteAmount("closing", statement.Closing);
        json.WriteStartArray("lines");
        foreach (var line in statement.Lines)
        {
            json.WriteStartObject();
            PositionJson.WriteSeries(json, line.Series);
            json.WriteNumber("units", line.Units.Count);
            foreach (var (name, amount) in Amounts(line)) json.WriteAmount(name, amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("movements");
        foreach (var movement in statement.Movements) Write(json, movement);
        json.WriteEndArray();
    }

    /// <summary>A line's amounts by name, in the order in which they add up to the last.</summary>
    public static IReadOnlyList<(string Name, Nmr Amount)> Amounts(StatementLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return
        [
            ("opening", line.Opening), ("bought", line.Bought), ("takenBack", line.TakenBack), ("received", line.Received), ("handedOn", line.HandedOn), ("result", line.Result),
            ("cover", line.Cover), ("ownerShare", line.OwnerShare), ("upfrontFee", line.UpfrontFee), ("paid", line.Paid), ("closing", line.Closing),
        ];
    }

    private static void Write(Utf8JsonWriter json, Movement movement)
    {
        json.WriteStartObject();
        json.WriteString("kind", Words.MovementKind[movement.Kind]);
        PositionJson.WriteSeries(json, movement.Series);
        json.WriteNumber("units", movement.Units.Count);
        json.WriteAmount("amount", movement.Amount);
        if (movement.Other is { } other) json.WriteString("other", other.Address);
        if (movement.Origin is { } origin)
        {
            json.WriteString("at", UtcText.Of(origin.At));
            if (origin.Transaction is { } transaction) json.WriteString("transaction", transaction);
        }

        json.WriteEndObject();
    }
}

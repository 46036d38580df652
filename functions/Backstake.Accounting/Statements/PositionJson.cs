using System.Collections.Immutable;
using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>A position's fields as JSON: amounts in NMR as decimal strings, weeks, rounds and units as integers, times in UTC. The caller opens and closes the object around them.</summary>
public static class PositionJson
{
    /// <param name="resolving">In which week an open round resolves, as far as that is known: then its part of leaving units is paid.</param>
    /// <param name="calendar">Null: weeks stand without their times.</param>
    public static void Write(Utf8JsonWriter json, Position position, Func<Round, Week> resolving, QuoteCalendar? calendar)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(position);
        ArgumentNullException.ThrowIfNull(resolving);
        json.WriteString("backer", position.Backer.Address);
        WriteTotals(json, position);
        json.WriteAmount("nextPayment", position.NextPayment);
        json.WriteStartArray("holdings");
        foreach (var holding in position.Holdings)
        {
            json.WriteStartObject();
            Write(json, holding, resolving, calendar);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteRounds(json, "rounds", position.Rounds, resolving, calendar);
    }

    /// <summary>What the holdings are together: worth = waiting + atRisk + forOwner + staying + releasable + payable.</summary>
    public static void WriteTotals(Utf8JsonWriter json, Position position)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(position);
        json.WriteAmount("worth", position.Worth);
        json.WriteAmount("waiting", position.Waiting);
        json.WriteAmount("atRisk", position.AtRisk);
        json.WriteAmount("forOwner", position.ForOwner);
        json.WriteAmount("staying", position.Staying);
        json.WriteAmount("releasable", position.Releasable);
        json.WriteAmount("payable", position.Payable);
        json.WriteAmount("owed", position.Owed);
        json.WriteAmount("cover", position.Cover);
        json.WriteAmount("paid", position.Paid);
    }

    internal static void WriteSeries(Utf8JsonWriter json, SeriesId series)
    {
        json.WriteString("terms", series.Terms.Text);
        json.WriteNumber("entryWeek", series.EntryWeek.Number);
        json.WriteString("payout", Words.Payout[series.Payout]);
    }

    private static void Write(Utf8JsonWriter json, Holding holding, Func<Round, Week> resolving, QuoteCalendar? calendar)
    {
        json.WriteString("state", Words.HoldingState[holding.State]);
        WriteSeries(json, holding.Series);
        if (holding.ExitWeek is { } exitWeek) json.WriteNumber("exitWeek", exitWeek.Number);
        else json.WriteNull("exitWeek");
        json.WriteNumber("units", holding.Units.Count);
        json.WriteNumber("askedOut", holding.AskedOut.Count);
        json.WriteAmount("price", holding.Price);
        json.WriteAmount("result", holding.Result);
        json.WriteAmount("cover", holding.Cover);
        json.WriteAmount("ownerShare", holding.OwnerShare);
        json.WriteAmount("upfrontFee", holding.UpfrontFee);
        json.WriteAmount("paid", holding.Paid);
        json.WriteAmount("worth", holding.Worth);
        json.WriteAmount("atRisk", holding.AtRisk);
        json.WriteAmount("forOwner", holding.ForOwner);
        json.WriteAmount("staying", holding.Staying);
        json.WriteAmount("releasable", holding.Releasable);
        json.WriteAmount("payable", holding.Payable);
        json.WriteAmount("owed", holding.Owed);
        WriteRounds(json, "rounds", holding.Rounds, resolving, calendar);
    }

    private static void WriteRounds(Utf8JsonWriter json, string name, ImmutableArray<RoundPart> parts, Func<Round, Week> resolving, QuoteCalendar? calendar)
    {
        json.WriteStartArray(name);
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteNumber("round", part.Round.Number);
            json.WriteAmount("stake", part.Stake);
            json.WriteAmount("atRisk", part.AtRisk);
            QuoteJson.WriteWeek(json, "settles", resolving(part.Round), calendar);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>The canonical form. Every field is always there; what is empty is an empty array, what is zero is "0".</summary>
internal static class StoredBooksWriter
{
    public static void Write(Utf8JsonWriter json, Books books)
    {
        json.WriteStartObject();
        json.WriteString("schema", StoredBooks.Schema);
        json.WritePropertyName("vault");
        TermsJson.WriteVault(json, books.Vault);
        json.WritePropertyName("terms");
        var bought = books.Series.Keys.Select(id => id.Terms).Concat(books.Tranches.Keys.Select(id => id.Series.Terms)).Concat(books.WaitingUnits.Keys.Select(id => id.Terms)).ToHashSet();
        TermsJson.WriteAll(json, books.Terms.Where(terms => bought.Contains(terms.Key)));
        json.WriteNumber("lastWeek", books.LastWeek.Number);
        WriteRound(json, "lastClosed", books.LastClosed);
        json.WriteBoolean("windingDown", books.IsWindingDown);
        json.WriteAmount("stake", books.Stake);
        json.WriteAmount("cash", books.Cash);
        WriteHouse(json, books);
        WriteReserve(json, books);
        WriteRounds(json, books);
        WriteWaiting(json, books);
        json.WriteStartArray("series");
        foreach (var series in books.Series.Values) WriteSeries(json, series);
        json.WriteEndArray();
        json.WriteStartArray("tranches");
        foreach (var tranche in books.Tranches.Values) WriteTranche(json, tranche);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHouse(Utf8JsonWriter json, Books books)
    {
        json.WriteStartObject("house");
        json.WriteAmount("amount", books.House);
        json.WriteAmount("leaving", books.HouseLeaving);
        json.WriteAmount("asked", books.HouseAsked);
        json.WriteAmount("waiting", books.HouseWaiting);
        json.WriteAmount("spare", books.HouseSpare);
        json.WriteAmount("target", books.HouseTarget);
        json.WriteEndObject();
    }

    private static void WriteReserve(Utf8JsonWriter json, Books books)
    {
        json.WriteStartObject("reserve");
        json.WriteAmount("amount", books.Reserve);
        json.WriteAmount("locked", books.ReserveLocked);
        json.WriteAmount("asked", books.ReserveAsked);
        json.WriteEndObject();
    }

    private static void WriteRounds(Utf8JsonWriter json, Books books)
    {
        json.WriteStartArray("openRounds");
        foreach (var round in books.OpenRounds.Values)
        {
            json.WriteStartObject();
            json.WriteNumber("round", round.Round.Number);
            json.WriteAmount("stake", round.Stake);
            json.WriteAmount("houseStake", round.HouseStake);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("pendingReleases");
        foreach (var release in books.Pending.Releases)
        {
            json.WriteStartObject();
            json.WriteAmount("amount", release.Amount);
            WriteRound(json, "lastActive", release.LastActive);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWaiting(Utf8JsonWriter json, Books books)
    {
        json.WriteStartArray("waitingUnits");
        foreach (var (id, units) in books.WaitingUnits)
        {
            json.WriteStartObject();
            json.WriteString("terms", id.Terms.Text);
            json.WriteString("payout", Words.Payout[id.Payout]);
            json.WriteString("backer", id.Backer.Address);
            json.WriteNumber("units", units.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSeries(Utf8JsonWriter json, Series series)
    {
        json.WriteStartObject();
        WriteSeriesId(json, series.Id);
        WriteHoldings(json, "holders", series.Holders);
        WriteHoldings(json, "leaving", series.Leaving);
        WriteUnit(json, series.Unit);
        json.WriteEndObject();
    }

    private static void WriteTranche(Utf8JsonWriter json, Tranche tranche)
    {
        json.WriteStartObject();
        WriteSeriesId(json, tranche.Id.Series);
        json.WriteNumber("exitWeek", tranche.Id.ExitWeek.Number);
        json.WriteBoolean("final", tranche.Final);
        WriteHoldings(json, "holders", tranche.Holders);
        WriteUnit(json, tranche.Unit);
        json.WriteEndObject();
    }

    private static void WriteSeriesId(Utf8JsonWriter json, SeriesId id)
    {
        json.WriteString("terms", id.Terms.Text);
        json.WriteNumber("entryWeek", id.EntryWeek.Number);
        json.WriteString("payout", Words.Payout[id.Payout]);
    }

    private static void WriteHoldings(Utf8JsonWriter json, string name, Holdings holdings)
    {
        json.WriteStartArray(name);
        foreach (var (backer, units) in holdings.Holders)
        {
            json.WriteStartObject();
            json.WriteString("backer", backer.Address);
            json.WriteNumber("units", units.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUnit(Utf8JsonWriter json, Unit unit)
    {
        json.WriteStartObject("unit");
        json.WriteAmount("value", unit.Value);
        json.WriteAmount("cumulative", unit.Cumulative);
        json.WriteAmount("sinceSettlement", unit.SinceSettlement);
        json.WriteAmount("ownerShare", unit.OwnerShare);
        json.WriteAmount("upfrontFee", unit.UpfrontFee);
        json.WriteStartArray("entries");
        foreach (var entry in unit.Entries)
        {
            json.WriteStartObject();
            json.WriteNumber("week", entry.Week.Number);
            json.WriteAmount("amount", entry.Amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteAmount("cover", unit.Cover);
        json.WriteAmount("paid", unit.Paid);
        json.WriteAmount("payable", unit.Payable);
        json.WriteAmount("distributed", unit.Distributed);
        json.WriteAmount("target", unit.Target);
        json.WriteStartArray("parts");
        foreach (var part in unit.Parts)
        {
            json.WriteStartObject();
            json.WriteNumber("round", part.Round.Number);
            json.WriteAmount("stake", part.Stake);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRound(Utf8JsonWriter json, string name, Round? round)
    {
        if (round is { } known) json.WriteNumber(name, known.Number);
        else json.WriteNull(name);
    }
}

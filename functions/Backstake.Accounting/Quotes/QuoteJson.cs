using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>A quote's fields as JSON: amounts in NMR as decimal strings, weeks and units as integers, times in UTC. The caller opens and closes the object around them.</summary>
public static class QuoteJson
{
    /// <param name="calendar">Null: weeks stand without their times.</param>
    public static void Write(Utf8JsonWriter json, Quote quote, QuoteCalendar? calendar)
    {
        ArgumentNullException.ThrowIfNull(json);
        switch (quote)
        {
            case DepositQuote deposit:
                Write(json, deposit, calendar);
                break;
            case ExitQuote exit:
                Write(json, exit, calendar);
                break;
            case RefusedQuote refused:
                json.WriteString("kind", "refused");
                WriteAsk(json, refused.Ask);
                json.WriteString("code", refused.Refusal.Code);
                json.WriteString("sentence", refused.Refusal.Sentence);
                json.WriteString("explanation", refused.Explanation);
                json.WritePropertyName("numbers");
                WriteNumbers(json, refused);
                break;
            default:
                throw new ArgumentException($"{quote?.GetType().Name} has no form.", nameof(quote));
        }
    }

    /// <summary>The numbers that explain a refusal, as an object.</summary>
    public static void WriteNumbers(Utf8JsonWriter json, RefusedQuote refused)
    {
        json.WriteStartObject();
        foreach (var number in refused.Numbers)
        {
            if (number.Amount is { } amount) json.WriteAmount(number.Name, amount);
            else json.WriteNumber(number.Name, number.Count!.Value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DepositQuote quote, QuoteCalendar? calendar)
    {
        json.WriteString("kind", "deposit");
        WriteAsk(json, quote.Ask);
        json.WriteAmount("price", quote.Price);
        json.WriteStartObject("reserve");
        json.WriteAmount("locked", quote.ReserveLocked);
        if (quote.UnitsLeft is { } left) json.WriteNumber("unitsLeft", left);
        else json.WriteNull("unitsLeft");
        json.WriteEndObject();
        json.WriteStartObject("dates");
        WriteWeek(json, "accepted", quote.Entry, calendar);
        if (calendar is null) json.WriteNull("firstRoundClosesAfter");
        else json.WriteString("firstRoundClosesAfter", calendar.AcceptedFrom(quote.Entry));
        WriteWeek(json, "earliestExit", quote.EarliestExit, calendar);
        WriteWeek(json, "lastMoneyOfEarliestExit", quote.LastMoneyAfter(quote.EarliestExit), calendar);
        WriteWeek(json, "termEnds", quote.TermEnds, calendar);
        WriteWeek(json, "lastMoneyAfterTerm", quote.LastMoneyAfter(quote.TermEnds), calendar);
        json.WriteEndObject();
        WriteOutcomes(json, "headline", quote.Headline);
        WriteOutcomes(json, "table", quote.Table);
        json.WriteString("worstCase", QuoteWords.WorstCase(quote));
        WriteAll(json, "assumes", QuoteWords.Assumptions(quote));
    }

    private static void Write(Utf8JsonWriter json, ExitQuote quote, QuoteCalendar? calendar)
    {
        json.WriteString("kind", "exit");
        WriteAsk(json, quote.Ask);
        WriteWeek(json, "exit", quote.Exit, calendar);
        json.WriteAmount("worth", quote.Worth);
        json.WriteAmount("atRisk", quote.AtRisk);
        json.WriteStartArray("paths");
        foreach (var path in quote.Paths)
        {
            json.WriteStartObject();
            json.WriteNumber("returnBps", path.ReturnBps);
            json.WriteAmount("result", path.Result);
            json.WriteAmount("paid", path.Paid);
            json.WriteAmount("cover", path.Cover);
            json.WriteAmount("ownerGain", path.OwnerGain);
            json.WriteStartArray("weeks");
            foreach (var week in path.Weeks)
            {
                json.WriteStartObject();
                WriteWeek(json, week.Week, calendar);
                json.WriteAmount("paid", week.Paid);
                json.WriteAmount("atRisk", week.AtRisk);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("worstCase", QuoteWords.WorstCase(quote));
        WriteAll(json, "assumes", QuoteWords.Assumptions(quote));
    }

    private static void WriteAsk(Utf8JsonWriter json, QuoteAsk ask)
    {
        json.WriteStartObject("ask");
        json.WriteString("terms", ask.Terms.Text);
        json.WriteNumber("units", ask.Units.Count);
        json.WriteString("payout", Words.Payout[ask.Payout]);
        if (ask is ExitAsk exit)
        {
            json.WriteString("backer", exit.Backer.Address);
            json.WriteNumber("entryWeek", exit.Series.EntryWeek.Number);
        }

        json.WriteEndObject();
    }

    private static void WriteOutcomes(Utf8JsonWriter json, string name, IEnumerable<QuotedOutcome> outcomes)
    {
        json.WriteStartArray(name);
        foreach (var outcome in outcomes)
        {
            json.WriteStartObject();
            json.WriteNumber("returnBps", outcome.ReturnBps);
            json.WriteAmount("result", outcome.Result);
            json.WriteAmount("paid", outcome.Paid);
            json.WriteAmount("ownerShare", outcome.OwnerShare);
            json.WriteAmount("upfrontFee", outcome.UpfrontFee);
            json.WriteAmount("cover", outcome.Cover);
            json.WriteBoolean("coverExhausted", outcome.IsCoverExhausted);
            json.WriteAmount("ownerGain", outcome.OwnerGain);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteWeek(Utf8JsonWriter json, string name, Week week, QuoteCalendar? calendar)
    {
        json.WriteStartObject(name);
        WriteWeek(json, week, calendar);
        json.WriteEndObject();
    }

    private static void WriteWeek(Utf8JsonWriter json, Week week, QuoteCalendar? calendar)
    {
        json.WriteNumber("week", week.Number);
        if (calendar is null) return;
        json.WriteString("cut", calendar.Cut(week));
        json.WriteString("acceptedFrom", calendar.AcceptedFrom(week));
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<string> sentences)
    {
        json.WriteStartArray(name);
        foreach (var sentence in sentences) json.WriteStringValue(sentence);
        json.WriteEndArray();
    }
}

using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>A number that explains a refusal: units, a week or an amount.</summary>
public readonly record struct QuotedNumber(string Name, long? Count, Nmr? Amount)
{
    public QuotedNumber(string name, Units units)
        : this(name, units.Count, null)
    {
    }

    public QuotedNumber(string name, Week week)
        : this(name, week.Number, null)
    {
    }

    public QuotedNumber(string name, Nmr amount)
        : this(name, null, amount)
    {
    }
}

/// <summary>The books would refuse what was asked for: why, in a sentence with the numbers that explain it.</summary>
public sealed record RefusedQuote(QuoteAsk Ask, Refusal Refusal, string Explanation, ImmutableArray<QuotedNumber> Numbers) : Quote
{
    private static readonly Nmr OneWei = new(1);

    internal static RefusedQuote Of(Books books, DepositAsk ask, Refusal refusal)
    {
        if (refusal == Refusal.UnknownTerms) return new(ask, refusal, books.Terms.IsEmpty ? "The vault offers no terms." : $"The vault offers {string.Join(", ", books.Terms.Keys)}.", []);
        if (refusal == Refusal.UnitsNotPositive) return new(ask, refusal, "Ask for at least one unit.", []);
        if (refusal == Refusal.HouseInDebt) return new(ask, refusal, $"The owner's own capital is {books.House} NMR: nothing is accepted until that is made up.", [new("house", books.House)]);
        if (refusal == Refusal.HouseTooSmall) return Of(ask, refusal, "house", "houseSpare", books.HouseSpare, "spareOfUnit", books.Terms[ask.Of].SpareOfUnit());
        if (refusal == Refusal.ReserveInsufficient) return Of(ask, refusal, "reserve", "reserveUnlocked", Nmr.OrZero(books.ReserveUnlocked), "reserveOfUnit", books.Terms[ask.Of].ReserveOfUnit());
        return new(ask, refusal, refusal.Sentence, []);
    }

    internal static RefusedQuote Of(Books books, ExitAsk ask, Refusal refusal)
    {
        var series = books.Series.GetValueOrDefault(ask.Series);
        if (refusal == Refusal.UnknownSeries || series is null)
        {
            var held = books.Series.Values.Where(one => !one.Holders.Of(ask.Backer).IsZero).Select(one => one.Id.ToString()).ToArray();
            return new(ask, refusal, held.Length == 0 ? $"{ask.Backer} holds no live units of this vault." : $"{ask.Backer} holds units of {string.Join("; ", held)}.", []);
        }

        if (refusal == Refusal.UnitsNotPositive) return new(ask, refusal, "Ask for at least one unit.", []);
        if (refusal == Refusal.LockedUp)
        {
            var first = ask.Series.EntryWeek + Math.Min(series.Terms.LockupWeeks, series.Terms.CompoundingWeeks);
            return new(ask, refusal, $"These units can leave at the settlement of week {first} at the earliest; the next one is week {books.LastWeek + 1}.", [new("earliestExit", first), new("nextWeek", books.LastWeek + 1)]);
        }

        var (holds, leaving) = (series.Holders.Of(ask.Backer), series.Leaving.Of(ask.Backer));
        var asked = leaving.IsZero ? "" : $", {leaving} of them already leaving";
        return new(ask, refusal, $"{ask.Backer} holds {Counted(holds)}{asked}; you asked for {ask.Units}.", [new("unitsAsked", ask.Units), new("unitsHeld", holds), new("unitsLeaving", leaving)]);
    }

    /// <summary>How many units of these terms house and reserve allow for; null: any number.</summary>
    internal static long? UnitsThatFit(Nmr houseSpare, Nmr reserveUnlocked, Terms terms)
    {
        var (byHouse, byReserve) = (Fit(houseSpare, terms.SpareOfUnit()), Fit(reserveUnlocked, terms.ReserveOfUnit()));
        return byHouse is { } house && byReserve is { } reserve ? Math.Min(house, reserve) : byHouse ?? byReserve;
    }

    /// <summary>What one unit needs of the owner, and how often that is there.</summary>
    private static RefusedQuote Of(DepositAsk ask, Refusal refusal, string what, string thereName, Nmr there, string ofUnitName, Nmr ofUnit)
    {
        var fit = new Units(Fit(there, ofUnit)!.Value);
        return new(ask, refusal, $"The {what} covers {Counted(fit)}, you asked for {ask.Units}.",
            [new("unitsAsked", ask.Units), new("unitsCovered", fit), new(thereName, there), new(ofUnitName, ofUnit), new("missing", (ask.Units * ofUnit) - there)]);
    }

    private static long? Fit(Nmr there, Nmr ofUnit) => ofUnit.IsZero ? null : (long)Int128.Min(Nmr.MulDivFloor(Nmr.OrZero(there), OneWei, ofUnit).Value, long.MaxValue);

    private static string Counted(Units units) => units.Count == 1 ? "1 unit" : $"{units} units";
}

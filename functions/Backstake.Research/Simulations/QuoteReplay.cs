using System.Text.Json;
using Backstake.Accounting;

namespace Backstake.Research;

/// <summary>
/// What a model's past rounds would have given under the terms of a quote: its returns drawn anew in blocks many times, each path folded by the books. Not a forecast.
/// </summary>
/// <param name="Known">How many rounds of the past have a result.</param>
/// <param name="Rounds">How many rounds a path has, five a week.</param>
/// <param name="Outcomes">Null: see <paramref name="Missing"/>.</param>
/// <param name="Missing">Why there are none.</param>
public sealed record QuoteReplay(int Known, int Rounds, SimulatedOutcomes? Outcomes, string? Missing)
{
    /// <summary>From fewer rounds nothing is drawn: it would only repeat them.</summary>
    public const int LeastRounds = 30;

    /// <summary>Twelve weeks.</summary>
    public const int MostRounds = 60;

    /// <param name="returns">On the stake of a round, in the order of the rounds; NaN: the model didn't take part.</param>
    public static QuoteReplay Of(DepositQuote quote, double[] returns, int paths)
    {
        ArgumentNullException.ThrowIfNull(quote);
        var known = returns.Count(one => !double.IsNaN(one));
        var rounds = Math.Min(MostRounds, Quote.RoundsAWeek * quote.Terms.CompoundingWeeks);
        if (quote.Vault.Staking != Staking.PerRound) return new(known, rounds, null, "Only vaults that stake each round by itself are replayed.");
        if (known < LeastRounds) return new(known, rounds, null, $"Too early to say: {known} rounds have a result, at least {LeastRounds} are needed.");
        var plan = SimulationPlan.Least(quote.Vault, quote.Terms, quote.Ask.Units, quote.Ask.Choice, rounds);
        return new(known, rounds, new Simulation(plan, returns).Draw(paths), null);
    }

    /// <summary>As one JSON object: amounts in NMR as decimal strings, gains of both sides at the 5, 50 and 95 % of paths.</summary>
    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteNumber("roundsKnown", Known);
        json.WriteNumber("roundsOfAPath", Rounds);
        json.WriteNumber("paths", Outcomes?.Count ?? 0);
        if (Outcomes is null) json.WriteString("missing", Missing);
        else
        {
            Write(json, "backer", Outcomes.Backer);
            Write(json, "owner", Outcomes.Owner);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Func<int, Nmr> gain)
    {
        json.WriteStartObject(name);
        foreach (var percent in SimulatedOutcomes.Percents) json.WriteString($"p{percent:d2}", gain(percent).ToString());
        json.WriteEndObject();
    }
}

using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Functions.Vaults;

/// <summary>A vault as it is at a time: what happens now belongs to the week that runs, so settlements that are late come first.</summary>
public sealed record RunningVault(VaultState State, Books Books)
{
    public static RunningVault At(VaultState state, DateTimeOffset now)
    {
        var fold = new Fold(state.Books);
        for (var week = state.Books.LastWeek + 1; state.Record.Cut(week.Number) <= now; week += 1)
            fold.Apply(new Settle(week), out _);
        return new(state, fold.Books);
    }

    /// <summary>The week that runs.</summary>
    public Week Week => Books.LastWeek + 1;

    public WeekCalendar Calendar => new(week => State.Record.Cut(week.Number), TimeSpan.FromSeconds(State.Vault.WindowSeconds));

    /// <summary>The first week that ends after the round resolves.</summary>
    public Week Resolving(Round round)
    {
        var week = Week;
        while (State.Record.Rounds.TryGetValue(round.Number, out var open) && State.Record.Cut(week.Number) < open.Resolves)
            week += 1;
        return week;
    }
}

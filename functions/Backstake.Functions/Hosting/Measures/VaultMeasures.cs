using Backstake.Functions.Numerai;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Hosting.Measures;

/// <summary>What a vault's log says of how it runs: a pure function of its state, the open rounds and the time.</summary>
public static class VaultMeasures
{
    public static IEnumerable<Measure> Of(VaultState state, IReadOnlyList<NumeraiRound> open, DateTimeOffset now, TimeSpan beforeClose)
    {
        if (state.Sequence == 0)
            yield break;
        var record = state.Record;
        Measure By(string name, long value) => new(name, "vault", state.Id, value);

        yield return By(MeasureNames.Halted, record.Halted is null ? 0 : 1);
        yield return By(MeasureNames.RoundsMissed, record.Missed.Values.Sum());
        if (record.IsOver)
            yield break; // nothing is due for it any more: a halted vault has its own alert
        yield return By(MeasureNames.RoundsLate, open.Count(round => IsLate(record, round, now, beforeClose)));
        yield return By(MeasureNames.RoundsUncollected, record.Rounds.Values
            .Where(round => round.Closed && !round.Staked.IsZero)
            .Select(round => HoursSince(round.Resolves, now))
            .DefaultIfEmpty().Max());
        yield return By(MeasureNames.Unsettled, HoursSince(record.Cut(state.Books.LastWeek.Number + 1), now));
        yield return By(MeasureNames.Unaccepted, Unaccepted(state, now));
        yield return By(MeasureNames.ReleasesWaiting, record.LastAcceptedWeek - record.LastReleasedWeek);
    }

    static bool IsLate(VaultRecord record, NumeraiRound open, DateTimeOffset now, TimeSpan beforeClose)
    {
        if (now >= open.CloseStakingTime || now < open.CloseStakingTime - beforeClose || open.Number < record.LastRound)
            return false;
        return !record.Rounds.TryGetValue(open.Number, out var round) || !(round.IsCommitted || round.Closed);
    }

    /// <summary>Since the oldest settled week could have been accepted; if it isn't even proposed, since it should have been acceptable.</summary>
    static long Unaccepted(VaultState state, DateTimeOffset now)
    {
        var next = state.Record.LastAcceptedWeek + 1;
        return state.Record.Weeks.TryGetValue(next, out var week)
            ? HoursSince(week.AcceptableAt ?? state.Record.Cut(next).AddSeconds(state.Vault.WindowSeconds), now)
            : 0;
    }

    static long HoursSince(DateTimeOffset due, DateTimeOffset now) => Math.Max(0, (long)Math.Floor((now - due).TotalHours));
}

namespace Backstake.Research;

/// <summary>How a round went for a vault.</summary>
public enum RoundOutcome
{
    /// <summary>Its deadline is to come.</summary>
    Open,

    /// <summary>Submitted at the first try, and ours to the end.</summary>
    OnTime,

    /// <summary>Submitted in time after tries that failed.</summary>
    Retried,

    /// <summary>Submitted, and Numerai selected another file than ours: nothing was staked.</summary>
    Stale,

    /// <summary>Submitted in time; somebody replaced the file at Numerai. It was restored, or it was not.</summary>
    Replaced,

    /// <summary>Nothing was staked although something should have been.</summary>
    Missed,
}

/// <summary>Who caused it.</summary>
public enum Blame
{
    Nobody,
    Owner,
    Us,
    Numerai,
}

/// <summary>What the log says of a round.</summary>
/// <param name="Closes">The deadline (UTC).</param>
/// <param name="Tries">How many tries failed before the deadline.</param>
/// <param name="LastCause">Why the last of them failed; null: none did.</param>
/// <param name="Submitted">A file was submitted and read back.</param>
/// <param name="Replaced">At a look another file was selected.</param>
/// <param name="MissedCause">Why nothing was staked; null: it was, or there was nothing to stake.</param>
public sealed record RoundFacts(int Round, DateTimeOffset Closes, int Tries, string? LastCause, bool Submitted, bool Replaced, string? MissedCause);

/// <summary>A round in a vault's published reliability.</summary>
/// <param name="Cause">Stable, as the log has it; null: nothing went wrong.</param>
/// <param name="Tries">How many tries failed.</param>
public sealed record RoundReliability(int Round, RoundOutcome Outcome, Blame Blame, string? Cause, int Tries)
{
    const string StaleCause = "stale";
    const string ReplacedCause = "replaced";

    public static RoundReliability Of(RoundFacts facts, DateTimeOffset now)
    {
        var outcome = facts.MissedCause is { } missed ? (missed == StaleCause ? RoundOutcome.Stale : RoundOutcome.Missed)
            : now < facts.Closes ? RoundOutcome.Open
            : facts.Replaced ? RoundOutcome.Replaced
            : !facts.Submitted ? RoundOutcome.Missed
            : facts.Tries > 0 ? RoundOutcome.Retried
            : RoundOutcome.OnTime;
        var cause = outcome switch
        {
            RoundOutcome.Stale or RoundOutcome.Missed => facts.MissedCause ?? facts.LastCause ?? "noPredictions",
            RoundOutcome.Replaced => ReplacedCause,
            RoundOutcome.Retried => facts.LastCause,
            _ => null,
        };
        return new(facts.Round, outcome, cause is null ? Blame.Nobody : BlameOf(cause), cause, facts.Tries);
    }

    /// <summary>What isn't known to be another's fault is ours.</summary>
    public static Blame BlameOf(string cause) => cause switch
    {
        "noPredictions" or "invalidPredictions" or "nodeFailed" or "ownersKeyRefused" => Blame.Owner,
        ReplacedCause => Blame.Owner, // only whoever has the model's account can
        StaleCause or "numeraiUnreachable" or "numeraiRefused" or "numeraiUnreadable" => Blame.Numerai,
        _ => Blame.Us,
    };
}

/// <summary>A vault's rounds summed up.</summary>
/// <param name="Rounds">Those whose deadline is over.</param>
/// <param name="Reliable">The part of them that was submitted in time and stayed ours: on time, or after retries; null before the first.</param>
/// <param name="Blamed">Rounds that went wrong, by who caused it.</param>
public sealed record ReliabilitySummary(int Rounds, int OnTime, int Retried, int Missed, int Stale, int Replaced, double? Reliable, IReadOnlyDictionary<Blame, int> Blamed)
{
    public static ReliabilitySummary Of(IEnumerable<RoundReliability> rounds)
    {
        var over = rounds.Where(round => round.Outcome is not RoundOutcome.Open).ToList();
        int Count(RoundOutcome outcome) => over.Count(round => round.Outcome == outcome);
        var wrong = over.Where(round => round.Outcome is RoundOutcome.Missed or RoundOutcome.Stale or RoundOutcome.Replaced).ToList();
        return new(
            over.Count, Count(RoundOutcome.OnTime), Count(RoundOutcome.Retried), Count(RoundOutcome.Missed), Count(RoundOutcome.Stale), Count(RoundOutcome.Replaced),
            over.Count == 0 ? null : (double)(over.Count - wrong.Count) / over.Count,
            wrong.GroupBy(round => round.Blame).ToDictionary(group => group.Key, group => group.Count()));
    }
}

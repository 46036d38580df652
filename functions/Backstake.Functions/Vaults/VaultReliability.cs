using Backstake.Functions.Storage;
using Backstake.Research;

namespace Backstake.Functions.Vaults;

/// <summary>How reliable a vault was, round by round, folded from its log: what the vault's routes show.</summary>
public static class VaultReliability
{
    sealed class Facts(RoundOpened opened)
    {
        public DateTimeOffset Closes { get; set; } = opened.ClosesStaking;

        public List<string> Failures { get; } = [];

        public bool Submitted { get; set; }

        public bool Replaced { get; set; }

        public string? MissedCause { get; set; }

        public RoundFacts Of(int round) => new(round, Closes, Failures, Submitted, Replaced, MissedCause);
    }

    /// <param name="log">The whole log, from its beginning, in order.</param>
    /// <returns>Every round that opened, in order.</returns>
    public static IReadOnlyList<RoundReliability> Of(IEnumerable<LogEntry> log, DateTimeOffset now)
    {
        var rounds = new SortedDictionary<int, Facts>();
        foreach (var entry in log)
            Take(rounds, entry);
        return [.. rounds.Select(round => RoundReliability.Of(round.Value.Of(round.Key), now))];
    }

    static void Take(SortedDictionary<int, Facts> rounds, LogEntry entry)
    {
        switch (entry.Event)
        {
            case RoundOpened opened:
                rounds[opened.Round] = new(opened);
                break;
            case RoundMoved moved when rounds.TryGetValue(moved.Round, out var round):
                round.Closes = moved.ClosesStaking;
                break;
            // What fails after the deadline is the look afterwards: it makes no round late.
            case AttemptFailed { Step: Step.Submission } failed when rounds.TryGetValue(failed.Subject, out var round) && entry.At <= round.Closes:
                round.Failures.Add(failed.Cause);
                break;
            case PredictionsSubmitted submitted when rounds.TryGetValue(submitted.Round, out var round):
                round.Submitted = true;
                break;
            case SubmissionChecked { Stale: true } check when rounds.TryGetValue(check.Round, out var round):
                round.Replaced = true;
                break;
            case RoundMissed missed when rounds.TryGetValue(missed.Round, out var round):
                round.MissedCause = missed.Cause;
                break;
        }
    }
}

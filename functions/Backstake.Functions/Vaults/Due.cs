using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>A message that is due for a vault, and the queue that it belongs to.</summary>
public sealed record DueMessage(string Queue, object Message);

/// <summary>
/// What the log says is due now: a pure function of the vault's state, the open rounds and the time. The sweep sends it, and so does every step that
/// may have made the next one due; sending it twice does no harm.
/// </summary>
public static class Due
{
    /// <summary>When what Numerai holds is looked at again, from the deadline: before it what was replaced is restored, after it recorded (FAULTS.md E-10).</summary>
    public static readonly IReadOnlyList<TimeSpan> Looks = [TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(-2), TimeSpan.FromMinutes(5)];

    /// <summary>Whoever comes so late doesn't look any more: Numerai may list the round no longer.</summary>
    public static readonly TimeSpan LooksEnd = TimeSpan.FromDays(1);

    /// <summary>How many of the looks are due at this time.</summary>
    public static int LooksUntil(RoundRecord round, DateTimeOffset now) => Looks.Count(look => now >= round.ClosesStaking + look);

    /// <summary>When the next of the looks will be due, or null.</summary>
    public static DateTimeOffset? NextLook(RoundRecord round, DateTimeOffset now) => LooksUntil(round, now) is var due && due < Looks.Count ? round.ClosesStaking + Looks[due] : null;

    /// <summary>So often the operator sends the claims that accepted settlements released (DESIGN.md, "Flows" 4).</summary>
    public const int WeeksBetweenReleases = 2;

    public static IEnumerable<DueMessage> Of(VaultState state, IReadOnlyList<NumeraiRound> open, DateTimeOffset now)
    {
        if (state.Sequence == 0 || state.Record.IsOver)
            yield break;
        foreach (var round in open.OrderBy(round => round.Number))
        {
            if (NeedsSubmission(state.Record, round, now))
                yield return new(VaultQueues.Submissions, RoundOpening.Message(state.Id, round, null));
        }

        foreach (var (number, round) in state.Record.Rounds)
        {
            if (NeedsLastLook(state.Record, number, round, now))
                yield return new(VaultQueues.Submissions, new SubmitRound(state.Id, number, round.Opens, round.ClosesStaking, round.Resolves, null));
            if (round.Closed && !round.Staked.IsZero && now >= round.Resolves && state.Record.IntendedRound is null
                && !state.Record.MustWait(Step.Collect, number, now))
                yield return new(VaultQueues.Collects, new CollectRound(state.Id, number));
        }

        if (SettlementDue(state, now) is { } week)
            yield return new(VaultQueues.Settlements, new SettleWeek(state.Id, week));
        if (ReleasesDue(state.Record) is { } released)
            yield return new(VaultQueues.Releases, new SendReleases(state.Id, released));
    }

    static bool NeedsSubmission(VaultRecord record, NumeraiRound open, DateTimeOffset now)
    {
        if (now >= open.CloseStakingTime || open.Number < record.LastRound)
            return false;
        if (!record.Rounds.TryGetValue(open.Number, out var round))
            return open.Number > record.LastRound;
        if (record.MustWait(Step.Submission, open.Number, now) && !round.IsPastItsFailure)
            return false;
        return !round.IsCommitted || !round.Closed || round.Stale || round.Looks < LooksUntil(round, now);
    }

    /// <summary>The look after the deadline: of a round that was staked only.</summary>
    public static bool NeedsLastLook(VaultRecord record, int number, RoundRecord round, DateTimeOffset now) =>
        now >= round.ClosesStaking && now < round.ClosesStaking + LooksEnd && round.Closed && !round.Staked.IsZero && round.SubmissionId is not null
        && round.Looks < LooksUntil(round, now) && !record.MustWait(Step.Submission, number, now);

    /// <summary>The oldest week that is to be settled, proposed or accepted.</summary>
    static int? SettlementDue(VaultState state, DateTimeOffset now)
    {
        var record = state.Record;
        var next = record.LastAcceptedWeek + 1;
        if (record.MustWait(Step.Settlement, next, now))
            return null;
        if (!record.Weeks.TryGetValue(next, out var week))
            return now >= record.Cut(next) ? next : null;
        return week.AcceptableAt is not { } acceptable || now >= acceptable ? next : null;
    }

    static int? ReleasesDue(VaultRecord record) =>
        record.LastAcceptedWeek - record.LastReleasedWeek >= WeeksBetweenReleases ? record.LastAcceptedWeek : null;
}

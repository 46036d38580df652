using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Vaults;

/// <summary>The record beside the books: a fold that counts what happened to rounds, weeks and holders.</summary>
public sealed class VaultRecordTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static readonly DateTimeOffset At = History.OpensAt(1);

    [Fact]
    public void Round_GoesThroughItsSteps_AndIsGoneWhenResolved()
    {
        var record = Fold(History.Opened(1));
        Assert.Equal((1, 1), (record.LastRound, record.Rounds.Count));
        Assert.False(record.Rounds[1].IsCommitted);

        record = Fold(record, new PredictionsSubmitted(1, "s", Hash));
        Assert.Equal(("s", Hash, 1), (record.Rounds[1].SubmissionId, record.Rounds[1].Hash, record.Submitted));

        record = Fold(record, new PredictionsCommitted(1, Hash));
        Assert.True(record.Rounds[1].IsCommitted);

        record = Fold(record, new StakeIntended(1, 1, Nmr.FromNmr(5), 3));
        Assert.Equal(1, record.IntendedRound);
        Assert.Equal(new StakeIntent(1, Nmr.FromNmr(5), 3), record.Rounds[1].Intent);

        record = record.Close(1, Nmr.FromNmr(5));
        Assert.Null(record.IntendedRound);
        Assert.Equal((true, Nmr.FromNmr(5), Nmr.FromNmr(5)), (record.Rounds[1].Closed, record.Rounds[1].Staked, record.StakedTotal));

        record = record.Apply(Placed(History.Resolved(1, Nmr.FromNmr(-1))));
        Assert.Empty(record.Rounds);
        Assert.Equal((Nmr.FromNmr(-1), 1, 1), (record.ResultTotal, record.Collects, record.LastRound));
    }

    [Fact]
    public void CommitmentToAnotherFile_IsNoCommitment()
    {
        var record = Fold(Fold(History.Opened(1)), new PredictionsCommitted(1, new string('a', 64)));
        Assert.False(record.Rounds[1].IsCommitted);
        Assert.False(Fold(record, new PredictionsSubmitted(1, "s", Hash)).Rounds[1].IsCommitted);
    }

    [Fact]
    public void AbandonedStake_CanBeIntendedAgain_UnderTheNextAttempt()
    {
        var record = Fold(Fold(History.Opened(1)), new StakeIntended(1, 1, Nmr.FromNmr(5), 3), new StakeAbandoned(1, 1, "reverted"));
        Assert.Null(record.IntendedRound);
        Assert.Equal((1, "reverted"), (record.Rounds[1].StakeAttempts, record.Rounds[1].LastCause));
        Assert.Equal(1, Fold(record, new StakeIntended(1, 2, Nmr.FromNmr(5), 3)).IntendedRound);
    }

    [Fact]
    public void ResultOfNothingStaked_IsNoCollect()
    {
        // Appended by the watcher at the deadline, without a source on chain.
        var record = Fold(History.Opened(1)).Apply(Placed(History.Resolved(1, Nmr.Zero) with { Source = null }));
        Assert.Equal(0, record.Collects);
    }

    [Fact]
    public void MissedRounds_AreCountedByCause()
    {
        var record = Fold(Fold(History.Opened(1)), new RoundMissed(1, Cause.Stale), new RoundMissed(2, Cause.NoPredictions), new RoundMissed(3, Cause.Stale));
        Assert.Equal([new(Cause.NoPredictions, 1), new(Cause.Stale, 2)], record.Missed);
    }

    [Fact]
    public void FailedAttempt_WaitsUntilTheMinuteIsOver_ForItsSubjectAlone()
    {
        var record = Fold(Fold(History.Opened(1)), new AttemptFailed(Step.Submission, 1, 1, Cause.InvalidPredictions, ""));
        Assert.Equal((1, Cause.InvalidPredictions), (record.Rounds[1].FailedAttempts, record.Rounds[1].LastCause));
        Assert.True(record.MustWait(Step.Submission, 1, At + Step.Pause - TimeSpan.FromTicks(1)));
        Assert.False(record.MustWait(Step.Submission, 1, At + Step.Pause));
        Assert.False(record.MustWait(Step.Submission, 2, At));
        Assert.False(record.MustWait(Step.Collect, 1, At));
        Assert.Empty(record.Apply(Placed(History.Resolved(1, Nmr.Zero))).TryAgainAt);
    }

    [Fact]
    public void Week_IsSettledProposedVetoedProposedAndAccepted()
    {
        var record = Fold(Fold(History.Added(Vault)), new VaultSettled(1, Hash, Hash, Hash, Hash, Hash, new Nmr(7)));
        Assert.Null(record.Weeks[1].AcceptableAt);
        record = Fold(record, new SettlementProposed(1, Hash, At));
        Assert.Equal(At, record.Weeks[1].AcceptableAt);
        record = Fold(record, new SettlementVetoed(1));
        Assert.Equal((null, 1), (record.Weeks[1].AcceptableAt, record.Weeks[1].Vetoes));
        record = Fold(record, new SettlementProposed(1, Hash, At), new SettlementAccepted(1));
        Assert.Equal((1, new Nmr(7)), (record.LastAcceptedWeek, record.OwnerShareTotal));
        Assert.Equal(History.FirstCut.AddDays(7), record.Cut(2));
    }

    [Fact]
    public void Cuts_MoveFromTheirWeekOn_UntilTheNextMove_AndATakenBackMoveIsNone()
    {
        TimeSpan Shift(VaultRecord record, int week) => record.Cut(week) - History.FirstCut.AddDays(7 * (week - 1));
        var record = Fold(Fold(History.Added(Vault)), new CutMoved(4, 3_600), new CutMoved(9, -60));
        Assert.Equal([0, 60, 60, -1, -1], new[] { 3, 4, 8, 9, 20 }.Select(week => Shift(record, week).TotalMinutes));
        record = Fold(record, new CutMoveRevoked(9));
        Assert.Equal([0, 60, 60], new[] { 3, 4, 20 }.Select(week => Shift(record, week).TotalMinutes));
    }

    [Fact]
    public void Round_KeepsTheStakerThatStakedIt()
    {
        var record = Fold(Fold(History.Added(Vault)), History.Opened(1).Event, History.Opened(2).Event).Close(1, Nmr.FromNmr(5));
        record = Fold(record, new StakerAdopted("0x2")).Close(2, Nmr.FromNmr(5));
        Assert.Equal(("0x00000000000000000000000000000000000000bb", "0x2", "0x2"), (record.Rounds[1].Staker, record.Rounds[2].Staker, record.Staker));
    }

    [Fact]
    public void OpeningTheWayOut_EndsTheVault_AsAHaltDoes()
    {
        Assert.False(Fold(History.Added(Vault)).IsOver);
        Assert.True(Fold(Fold(History.Added(Vault)), new BooksClosed()) is { IsOver: true, BooksAreClosed: true, Halted: null });
        Assert.True(Fold(Fold(History.Added(Vault)), new VaultHalted("a", "b")) is { IsOver: true, BooksAreClosed: false });
    }

    [Fact]
    public void Payments_AreCountedAndAdded()
    {
        var record = Fold(Fold(History.Added(Vault)), new Claimed("0x1", Hash, 2, new Nmr(5)), new Claimed("0x2", Hash, 2, new Nmr(6)), new ReleasesSent(2));
        Assert.Equal((2, new Nmr(11), 2), (record.Claims, record.PaidTotal, record.LastReleasedWeek));
    }

    [Fact]
    public void ChainLogs_AreTakenInOrder_EachOnce()
    {
        var record = Fold(History.Deposited(3)); // block 13, log 3
        Assert.True(record.HasTaken(12, 99));
        Assert.True(record.HasTaken(13, 2));
        Assert.True(record.HasTaken(13, 3));
        Assert.False(record.HasTaken(13, 4));
        Assert.False(record.HasTaken(14, 0));
    }

    static VaultRecord Fold(NewEntry first) => VaultRecord.Empty.Apply(Placed(first));

    static VaultRecord Fold(VaultRecord record, params LogEvent[] events) =>
        events.Aggregate(record, (folded, @event) => folded.Apply(Placed(new NewEntry("key", @event, At))));

    static LogEntry Placed(NewEntry entry) => LogEntry.Place(entry, 1, LogEntry.Genesis);
}

using Backstake.Accounting;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Vaults;

/// <summary>What the log says is due, on both sides of every time and of every step.</summary>
public sealed class DueTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly DateTimeOffset Opens = History.OpensAt(1);
    static readonly DateTimeOffset Closes = Opens.AddHours(1);
    static readonly DateTimeOffset Resolves = Opens.AddDays(31);
    static readonly NumeraiRound Round = new(1, Opens, Closes, Resolves);

    static readonly NewEntry Submitted = Seen("submit", new PredictionsSubmitted(1, "s", Hash));
    static readonly NewEntry Committed = Seen("commit", new PredictionsCommitted(1, Hash));
    static NewEntry Looked(int look) => Looked(look, stale: false);

    static NewEntry Looked(int look, bool stale) => new($"check|{look}", new SubmissionChecked(1, "s", stale), Closes + Due.Looks[look]);

    static readonly NewEntry Intended = Seen("stake", new StakeIntended(1, 1, Nmr.FromNmr(20), 0));

    [Fact]
    public void OpenRound_IsSubmitted_UntilItsDeadline()
    {
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1), Opens, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1), Closes - Second, Round));
        Assert.Empty(Queues(Accepted(1), Closes, Round));
        Assert.Empty(Queues(Accepted(1), Opens));
    }

    [Fact]
    public void Submission_IsDueAsLongAsTheRoundIsNotStaked()
    {
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1, History.Opened(1)), Opens, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1, History.Opened(1), Submitted), Opens, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1, History.Opened(1), Submitted, Committed), Opens, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1, History.Opened(1), Submitted, Committed, Intended), Opens, Round));
        Assert.Empty(Queues(Accepted(1, History.Opened(1), Submitted, Committed, Intended, History.Closed(1)), Opens, Round));
    }

    [Fact]
    public void StakedRound_IsLookedAtAgain_TenAndTwoMinutesBeforeTheDeadline_AndFiveAfter()
    {
        var staked = Accepted(1, History.Opened(1), Submitted, Committed, Intended, History.Closed(1));
        Assert.Empty(Queues(staked, Closes + Due.Looks[0] - Second, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(staked, Closes + Due.Looks[0], Round));
        for (var look = 0; look < Due.Looks.Count; look++)
        {
            var looked = Accepted(1, [History.Opened(1), Submitted, Committed, Intended, History.Closed(1), .. Enumerable.Range(0, look).Select(Looked)]);
            Assert.Equal([VaultQueues.Submissions], Queues(looked, Closes + Due.Looks[look], Round));
            Assert.Empty(Queues(Accepted(1, [History.Opened(1), Submitted, Committed, Intended, History.Closed(1), .. Enumerable.Range(0, look + 1).Select(Looked)]), Closes + Due.Looks[look], Round));
        }

        Assert.Empty(Queues(staked, Closes + Due.LooksEnd, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(Accepted(1, History.Opened(1), Submitted, Committed, Intended, History.Closed(1), Looked(0, stale: true)), Closes + Due.Looks[0] + Step.Pause, Round));
    }

    [Fact]
    public void FailedStep_WaitsAMinute()
    {
        var failed = Accepted(1, History.Opened(1), new NewEntry("failed", new AttemptFailed(Step.Submission, 1, 1, Cause.NoPredictions, ""), Opens));
        Assert.Empty(Queues(failed, Opens + Step.Pause - Second, Round));
        Assert.Equal([VaultQueues.Submissions], Queues(failed, Opens + Step.Pause, Round));
    }

    /// <summary>A weekend's round whose delegate stores no file: asked for less and less often, up to an hour, in the last hour as often as ever; a file that was stored and a node that failed aren't waited for so.</summary>
    [Theory]
    [InlineData(1, Cause.NoPredictions, 1)]
    [InlineData(2, Cause.NoPredictions, 2)]
    [InlineData(5, Cause.NoPredictions, 16)]
    [InlineData(7, Cause.NoPredictions, 60)]
    [InlineData(40, Cause.NoPredictions, 60)]
    [InlineData(7, Cause.NodeFailed, 1)]
    [InlineData(7, Cause.InvalidPredictions, 1)]
    public void MissingFile_IsAskedFor_LessAndLessOften(int attempts, string cause, int minutes)
    {
        var (closes, at) = (Opens.AddHours(60), Opens.AddHours(3));
        var weekend = Round with { CloseStakingTime = closes };
        var opened = new NewEntry("open|1", new RoundOpened(1, Opens, closes, Resolves, null), Opens);
        VaultState Failed(DateTimeOffset last) => Accepted(1, [opened, .. Enumerable.Range(1, attempts).Select(attempt => new NewEntry($"failed|{attempt}", new AttemptFailed(Step.Submission, 1, attempt, cause, ""), last))]);
        Assert.Empty(Queues(Failed(at), at.AddMinutes(minutes) - Second, weekend));
        Assert.Equal([VaultQueues.Submissions], Queues(Failed(at), at.AddMinutes(minutes), weekend));
        var late = closes.AddHours(-1) - TimeSpan.FromMinutes(5);
        Assert.Equal(minutes <= 5 ? [VaultQueues.Submissions] : [], Queues(Failed(late), closes.AddHours(-1) - Second, weekend));
        Assert.Equal([VaultQueues.Submissions], Queues(Failed(late), closes.AddHours(-1), weekend));
    }

    [Fact]
    public void EarlierRoundThanTheLast_IsNotSubmitted() => Assert.Empty(Queues(Accepted(1, History.Opened(1), History.Opened(2)), Opens, Round));

    [Fact]
    public void StakedRound_IsCollected_WhenItResolves_ButNotBetweenAnIntentAndItsClose()
    {
        var closed = Accepted(5, History.Opened(1), Submitted, Committed, History.Closed(1));
        Assert.Empty(Queues(closed, Resolves - Second));
        Assert.Equal([VaultQueues.Collects], Queues(closed, Resolves));
        var intended = Accepted(5, History.Opened(1), History.Closed(1), History.Opened(2), Seen("stake2", new StakeIntended(2, 1, Nmr.FromNmr(1), 0)));
        Assert.Empty(Queues(intended, Resolves));
        Assert.Empty(Queues(Accepted(5, History.Opened(1), History.Closed(1), History.Resolved(1, Nmr.Zero)), Resolves));
        var failed = Accepted(5, History.Opened(1), History.Closed(1), new NewEntry("failed", new AttemptFailed(Step.Collect, 1, 0, "numeraiUnreachable", ""), Resolves));
        Assert.Empty(Queues(failed, Resolves + Step.Pause - Second));
        Assert.Equal([VaultQueues.Collects], Queues(failed, Resolves + Step.Pause));
    }

    [Fact]
    public void RoundWithoutAStake_IsNeverCollected() => Assert.Empty(Queues(
        Accepted(5, History.Opened(1), new NewEntry("close|1", new Booked(new Close(new Round(1), BasisPoints.Zero)), Closes)), Resolves));

    [Fact]
    public void Week_IsSettledAtItsCut_ProposedAtOnce_AcceptedAfterTheWindow()
    {
        Assert.Empty(Queues(Begun(), History.FirstCut - Second));
        Assert.Equal([VaultQueues.Settlements], Queues(Begun(), History.FirstCut));
        Assert.Equal([VaultQueues.Settlements], Queues(Begun(Settled(1)), History.FirstCut));
        var proposed = Begun(Settled(1), Seen("propose", new SettlementProposed(1, Hash, History.FirstCut.AddHours(40))));
        Assert.Empty(Queues(proposed, History.FirstCut.AddHours(40) - Second));
        Assert.Equal([VaultQueues.Settlements], Queues(proposed, History.FirstCut.AddHours(40)));
        Assert.Empty(Queues(Accepted(1), History.FirstCut.AddDays(7) - Second));
        Assert.Equal([VaultQueues.Settlements], Queues(Accepted(1), History.FirstCut.AddDays(7)));
    }

    [Fact]
    public void Week_IsSettledAtItsMovedCut()
    {
        var moved = Begun(Seen("moveCut", new CutMoved(1, 3_600)));
        Assert.Empty(Queues(moved, History.FirstCut.AddHours(1) - Second));
        Assert.Equal([VaultQueues.Settlements], Queues(moved, History.FirstCut.AddHours(1)));
    }

    [Fact]
    public void VetoedWeek_IsProposedAgainAtOnce() => Assert.Equal([VaultQueues.Settlements], Queues(
        Begun(Settled(1), Seen("propose", new SettlementProposed(1, Hash, History.FirstCut.AddHours(40))), Seen("veto", new SettlementVetoed(1))), History.FirstCut));

    [Fact]
    public void Releases_AreSentEveryTwoAcceptedWeeks()
    {
        Assert.Empty(Queues(Accepted(1), History.FirstCut));
        Assert.Equal([VaultQueues.Releases], Queues(Accepted(2), History.FirstCut));
        Assert.Empty(Queues(Accepted(2, Seen("release", new ReleasesSent(2))), History.FirstCut));
        Assert.Empty(Queues(Accepted(3, Seen("release", new ReleasesSent(2))), History.FirstCut));
        Assert.Equal([VaultQueues.Releases], Queues(Accepted(4, Seen("release", new ReleasesSent(2))), History.FirstCut));
    }

    [Fact]
    public void NothingIsDue_BeforeAVaultsFirstEvent_AfterItsHalt_OrOnceHoldersPayThemselvesOut()
    {
        Assert.Empty(Due.Of(VaultState.Empty(Vault), [Round], Opens));
        Assert.Empty(Queues(Accepted(2, Seen("halt", new VaultHalted("a", "b"))), History.FirstCut.AddYears(1), Round));
        Assert.Empty(Queues(Accepted(2, Seen("closeBooks", new BooksClosed())), History.FirstCut.AddYears(1), Round));
    }

    static NewEntry Seen(string key, LogEvent @event) => new(key, @event, Opens);

    static NewEntry Settled(int week) => Seen($"settle|{week}", new VaultSettled(week, Hash, Hash, Hash, Hash, Hash, Nmr.Zero));

    static VaultState Begun(params NewEntry[] news) => Fold([History.Added(Vault), History.Offered(), History.Deposited(1, 2), .. news]);

    /// <summary>A vault with accepted weeks; up to week 5 none of them releases, so that only what is tested is due.</summary>
    static VaultState Accepted(int weeks, params NewEntry[] news) => Begun(
    [
        .. Enumerable.Range(1, weeks).SelectMany(week => new[] { Settled(week), Seen($"accept|{week}", new SettlementAccepted(week)) }),
        .. weeks == 5 ? [Seen("released", new ReleasesSent(5))] : Array.Empty<NewEntry>(),
        .. news,
    ]);

    static VaultState Fold(IEnumerable<NewEntry> news) => news.Aggregate(VaultState.Empty(Vault),
        (state, entry) => state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain)));

    static IEnumerable<string> Queues(VaultState state, DateTimeOffset now, params NumeraiRound[] open) => Due.Of(state, open, now).Select(due => due.Queue);
}

using Backstake.Accounting;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>What is measured of a vault's log, on both sides of each time.</summary>
public sealed class VaultMeasuresTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static readonly TimeSpan BeforeClose = TimeSpan.FromMinutes(30);
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly DateTimeOffset Opens = History.OpensAt(1);
    static readonly DateTimeOffset Closes = Opens.AddHours(1);
    static readonly NumeraiRound Round = new(1, Opens, Closes, Opens.AddDays(31));
    static readonly DateTimeOffset FirstCut = History.FirstCut;

    static readonly NewEntry Settled = new("settle|1", new VaultSettled(1, Hash, Hash, Hash, Hash, Hash, Nmr.Zero), FirstCut);
    static readonly NewEntry Proposed = new("propose|1", new SettlementProposed(1, Hash, FirstCut.AddHours(41)), FirstCut.AddHours(1));
    static readonly NewEntry Accepted = new("accept|1", new SettlementAccepted(1), FirstCut.AddHours(41));

    static VaultState State(params NewEntry[] news)
    {
        var state = VaultState.Empty(Vault);
        foreach (var entry in news.Prepend(History.Offered()).Prepend(History.Added(Vault)))
            state = state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain));
        return state;
    }

    static long? Of(string name, VaultState state, DateTimeOffset now, params NumeraiRound[] open) =>
        VaultMeasures.Of(state, open, now, BeforeClose).SingleOrDefault(it => it.Name == name)?.Value;

    [Fact]
    public void Round_IsLate_WhenItIsNotCommittedShortlyBeforeItsDeadline()
    {
        var unseen = State(Settled, Accepted);
        Assert.Equal(0, Of(MeasureNames.RoundsLate, unseen, Closes - BeforeClose - Second, Round));
        Assert.Equal(1, Of(MeasureNames.RoundsLate, unseen, Closes - BeforeClose, Round));
        Assert.Equal(1, Of(MeasureNames.RoundsLate, unseen, Closes - Second, Round));
        Assert.Equal(0, Of(MeasureNames.RoundsLate, unseen, Closes, Round));
        var submitted = State(Settled, Accepted, History.Opened(1), new NewEntry("submit|1", new PredictionsSubmitted(1, "s", Hash), Opens));
        Assert.Equal(1, Of(MeasureNames.RoundsLate, submitted, Closes - Second, Round));
        var committed = State(Settled, Accepted, History.Opened(1), new NewEntry("submit|1", new PredictionsSubmitted(1, "s", Hash), Opens), new NewEntry("commit|1", new PredictionsCommitted(1, Hash), Opens));
        Assert.Equal(0, Of(MeasureNames.RoundsLate, committed, Closes - Second, Round));
    }

    [Fact]
    public void Week_IsUnsettled_FromItsCutOn()
    {
        Assert.Equal(0, Of(MeasureNames.Unsettled, State(), FirstCut));
        Assert.Equal(0, Of(MeasureNames.Unsettled, State(), FirstCut.AddHours(1) - Second));
        Assert.Equal(49, Of(MeasureNames.Unsettled, State(), FirstCut.AddHours(49)));
        Assert.Equal(0, Of(MeasureNames.Unsettled, State(Settled), FirstCut.AddHours(49)));
        Assert.Equal(49, Of(MeasureNames.Unsettled, State(Settled), FirstCut.AddDays(7).AddHours(49)));
    }

    [Fact]
    public void Settlement_IsUnaccepted_FromWhenItCouldHaveBeen()
    {
        Assert.Equal(0, Of(MeasureNames.Unaccepted, State(), FirstCut.AddHours(100)));
        Assert.Equal(0, Of(MeasureNames.Unaccepted, State(Settled), FirstCut.AddHours(40)));
        Assert.Equal(7, Of(MeasureNames.Unaccepted, State(Settled), FirstCut.AddHours(47)));             // not proposed: a window after the cut
        Assert.Equal(6, Of(MeasureNames.Unaccepted, State(Settled, Proposed), FirstCut.AddHours(47)));   // proposed an hour late
        Assert.Equal(0, Of(MeasureNames.Unaccepted, State(Settled, Proposed, Accepted), FirstCut.AddHours(47)));
    }

    [Fact]
    public void Missed_AreCounted_ForGood()
    {
        Assert.Equal(0, Of(MeasureNames.RoundsMissed, State(), Opens));
        Assert.Equal(1, Of(MeasureNames.RoundsMissed, State(new NewEntry("missed|1", new RoundMissed(1, Cause.NotStaked), Closes)), Opens.AddDays(90)));
    }

    [Fact]
    public void Releases_Wait_SinceTheLastThatWereSent()
    {
        Assert.Equal(1, Of(MeasureNames.ReleasesWaiting, State(Settled, Accepted), FirstCut.AddHours(42)));
        Assert.Equal(0, Of(MeasureNames.ReleasesWaiting, State(Settled, Accepted, new NewEntry("release|1", new ReleasesSent(1), FirstCut.AddHours(42))), FirstCut.AddHours(42)));
    }

    [Fact]
    public void HaltedVault_IsHalted_AndNothingElseIsDue()
    {
        var halted = State(new NewEntry("halt", new VaultHalted("eventConflict", "two events"), Opens));
        Assert.Equal(0, Of(MeasureNames.Halted, State(), Opens));
        Assert.Equal(1, Of(MeasureNames.Halted, halted, Opens));
        Assert.Null(Of(MeasureNames.Unsettled, halted, FirstCut.AddDays(100)));
        Assert.Null(Of(MeasureNames.RoundsLate, halted, Closes - Second, Round));
    }

    [Fact]
    public void VaultWithoutLog_IsNotMeasured() => Assert.Empty(VaultMeasures.Of(VaultState.Empty(Vault), [Round], Closes - Second, BeforeClose));
}

namespace Backstake.Research.Tests.Reliability;

public sealed class RoundReliabilityTest
{
    static readonly DateTimeOffset Closes = new(2026, 11, 24, 13, 0, 0, TimeSpan.Zero);

    [Theory]   // failures, submitted, replaced, missed because, outcome, whose fault, cause
    [InlineData("", true, false, null, RoundOutcome.OnTime, Blame.Nobody, null)]
    [InlineData("numeraiUnreachable", true, false, null, RoundOutcome.Retried, Blame.Numerai, "numeraiUnreachable")]
    [InlineData("numeraiUnreachable noPredictions", true, false, null, RoundOutcome.Retried, Blame.Owner, "noPredictions")]
    [InlineData("gasAboveCap", true, false, null, RoundOutcome.Retried, Blame.Us, "gasAboveCap")]
    [InlineData("noPredictions", false, false, "noPredictions", RoundOutcome.Missed, Blame.Owner, "noPredictions")]
    [InlineData("nodeFailed nodeFailed", false, false, "nodeFailed", RoundOutcome.Missed, Blame.Owner, "nodeFailed")]
    [InlineData("nodeFailed", false, false, null, RoundOutcome.Missed, Blame.Owner, "nodeFailed")]
    [InlineData("", false, false, null, RoundOutcome.Missed, Blame.Owner, "noPredictions")]
    [InlineData("ownersKeyRefused", false, false, "ownersKeyRefused", RoundOutcome.Missed, Blame.Owner, "ownersKeyRefused")]
    [InlineData("numeraiKeyUnavailable", false, false, "numeraiKeyUnavailable", RoundOutcome.Missed, Blame.Us, "numeraiKeyUnavailable")]
    [InlineData("numeraiRefused", false, false, "numeraiRefused", RoundOutcome.Missed, Blame.Numerai, "numeraiRefused")]
    [InlineData("", true, false, "notStaked", RoundOutcome.Missed, Blame.Us, "notStaked")]
    [InlineData("", true, false, "something new", RoundOutcome.Missed, Blame.Us, "something new")]
    [InlineData("stale", true, true, "stale", RoundOutcome.Stale, Blame.Numerai, "stale")]
    [InlineData("", true, true, null, RoundOutcome.Replaced, Blame.Owner, "replaced")]
    [InlineData("noPredictions", true, true, null, RoundOutcome.Replaced, Blame.Owner, "replaced")]
    public void Round_HasAnOutcome_ACause_AndWhoseItIs(string failures, bool submitted, bool replaced, string? missed, RoundOutcome outcome, Blame blame, string? cause)
    {
        var tries = failures.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(new RoundReliability(843, outcome, blame, cause, tries.Length), RoundReliability.Of(new(843, Closes, tries.Length, tries.LastOrDefault(), submitted, replaced, missed), Closes));
    }

    [Fact]
    public void Round_IsOpenUntilItsDeadline_UnlessItIsMissedAlready()
    {
        Assert.Equal(RoundOutcome.Open, RoundReliability.Of(new(843, Closes, 0, null, false, false, null), Closes.AddTicks(-1)).Outcome);
        Assert.Equal(RoundOutcome.Missed, RoundReliability.Of(new(843, Closes, 0, null, false, false, "noPredictions"), Closes.AddTicks(-1)).Outcome);
    }

    [Fact]
    public void Summary_CountsWhatIsOver()
    {
        RoundReliability Round(RoundOutcome outcome, Blame blame = Blame.Nobody) => new(1, outcome, blame, null, 0);
        var summary = ReliabilitySummary.Of(
        [
            Round(RoundOutcome.OnTime), Round(RoundOutcome.OnTime), Round(RoundOutcome.Retried, Blame.Numerai), Round(RoundOutcome.Missed, Blame.Owner), Round(RoundOutcome.Missed, Blame.Us),
            Round(RoundOutcome.Stale, Blame.Numerai), Round(RoundOutcome.Replaced, Blame.Owner), Round(RoundOutcome.Retried), Round(RoundOutcome.Open),
        ]);
        Assert.Equal((8, 2, 2, 2, 1, 1, 0.5), (summary.Rounds, summary.OnTime, summary.Retried, summary.Missed, summary.Stale, summary.Replaced, summary.Reliable));
        Assert.Equal((2, 1, 1), (summary.Blamed[Blame.Owner], summary.Blamed[Blame.Us], summary.Blamed[Blame.Numerai]));
        Assert.Null(ReliabilitySummary.Of([Round(RoundOutcome.Open)]).Reliable);
    }
}

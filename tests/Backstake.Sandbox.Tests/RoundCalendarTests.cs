using System.Text.Json;
using Backstake.Sandbox.Rounds;

namespace Backstake.Sandbox.Tests;

public sealed class RoundCalendarTests
{
    private static readonly RoundCalendar Calendar = new(843, new DateOnly(2026, 11, 24));

    [SkippableFact]
    public void Rounds_AreThoseOfNumerai()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.FileOf("vectors/rounds_calendar.json")));
        var samples = document.RootElement.GetProperty("sample_rounds_generated_from_rule").EnumerateArray().ToList();
        Assert.NotEmpty(samples);
        foreach (var sample in samples)
        {
            var calendar = new RoundCalendar(1250, new DateOnly(2026, 4, 21));
            var round = calendar.Get(sample.GetProperty("round_number_extrapolated").GetInt32());
            Assert.Equal(sample.GetProperty("open").GetDateTimeOffset(), round.Open);
            Assert.Equal(sample.GetProperty("close_staking").GetDateTimeOffset(), round.CloseStaking);
            Assert.Equal(sample.GetProperty("first_score").GetString(), round.Score.ToString("yyyy-MM-dd"));
            Assert.Equal(sample.GetProperty("last_score_20D").GetString(), round.Resolve.ToString("yyyy-MM-dd"));
        }
    }

    [Theory]
    [InlineData("2026-11-24T11:59:59Z", null)]
    [InlineData("2026-11-24T12:00:00Z", 843)]
    [InlineData("2026-11-24T13:00:00Z", 843)]
    [InlineData("2026-11-28T11:59:59Z", 846)]
    [InlineData("2026-11-28T12:00:00Z", 847)]
    [InlineData("2026-11-30T13:59:59Z", 847)]
    [InlineData("2026-11-30T14:00:00Z", null)]
    [InlineData("2026-12-01T11:59:59Z", null)]
    [InlineData("2026-12-01T12:00:00Z", 848)]
    public void Current_IsTheNewestRound_WhileItTakesSubmissions(string now, int? round) =>
        Assert.Equal(round, Calendar.Current(DateTimeOffset.Parse(now))?.Number);

    [Fact]
    public void Staking_ClosesAtTheDeadline_NotAfter()
    {
        var round = Calendar.Get(847);
        Assert.True(round.IsOpenForStaking(round.CloseStaking.AddTicks(-1)));
        Assert.False(round.IsOpenForStaking(round.CloseStaking));
        Assert.True(round.TakesSubmissions(round.CloseStaking));
    }

    [Fact]
    public void AnEnd_EndsIt()
    {
        var calendar = new RoundCalendar(843, new DateOnly(2026, 11, 24), lastRound: 844);
        Assert.Null(calendar.Find(845));
        Assert.Equal(844, calendar.LatestOpened(calendar.Get(844).Open.AddDays(30))!.Number);
        Assert.Null(calendar.NextToOpen(calendar.Get(844).Open));
    }

    [Fact]
    public void AFirstDay_IsATuesday() => Assert.Throws<ArgumentException>(() => new RoundCalendar(843, new DateOnly(2026, 11, 25)));
}

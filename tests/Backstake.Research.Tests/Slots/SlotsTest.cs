namespace Backstake.Research.Tests.Slots;

public class SlotsTest
{
    private static readonly ReturnTable Field = SimulatedField.Make(new FieldMoments(), 6, 100, 1, seed: 3).Past;

    [Fact]
    public void Keeping_GivesEachSlotItsModel()
    {
        var slots = SlotLog.Slots(new SlotShuffle(Field).Keep(), Field);
        for (var m = 0; m < 6; m++) Assert.Equal(Field[m].ToArray(), slots[m].ToArray());
    }

    [Fact]
    public void Shuffling_DealsEveryWeek_AndEveryModelOnce()
    {
        var log = new SlotShuffle(Field).Shuffle(seed: 4);
        Assert.All(log.GroupBy(a => a.Round), round => Assert.Equal(6, round.Select(a => a.Model).Distinct().Count()));
        Assert.All(log.GroupBy(a => ((a.Round - 1) / 5, a.Slot)), week => Assert.Single(week.Select(a => a.Model).Distinct()));
        Assert.True(log.GroupBy(a => a.Slot).All(slot => slot.Select(a => a.Model).Distinct().Count() > 2));
        Assert.Equal(log, new SlotShuffle(Field).Shuffle(seed: 4));
    }

    [Fact]
    public void ModelsStatistics_AreTheirOwn_HoweverTheyMoved()
    {
        var models = SlotLog.Models(new SlotShuffle(Field).Shuffle(seed: 4), Field);
        for (var m = 0; m < 6; m++) Assert.Equal(Field[m].ToArray(), models[models.IndexOf(Field.Models[m])].ToArray());
    }

    [Fact]
    public void ShufflingMovesNoAverage_OnlyDispersion()
    {
        var c = new SlotShuffle(SimulatedField.Make(new FieldMoments(), 23, 295, 1, seed: 3).Past).Compare(seeds: 400, firstSeed: 1);
        var finals = c.Kept.Select(k => k[^1]).ToArray();
        Assert.Equal(finals.Average(), c.Average[^1], 12);
        Assert.InRange(c.FinalMean - c.Average[^1], -3 * c.FinalDeviation / 20, 3 * c.FinalDeviation / 20);
        Assert.True(c.FinalDeviation < Risk.Volatility(finals));
        Assert.True(c.ShuffledLower[^1] < c.ShuffledMedian[^1] && c.ShuffledMedian[^1] < c.ShuffledUpper[^1]);
    }

    [Fact]
    public void Log_IsReadAsItWasWritten()
    {
        var log = new SlotShuffle(Field).Shuffle(seed: 4);
        Assert.Equal(log, SlotLog.Read("log", SlotLog.Write(log)));
    }

    [Theory]
    [InlineData("slot,round,model\n", "line 1")]
    [InlineData("round,slot,model\n", "no assignment")]
    [InlineData("round,slot,model\n1,S\n", "line 2")]
    [InlineData("round,slot,model\n1,S,A\n1,S,B\n", "line 3: slot S has two models")]
    [InlineData("round,slot,model\n1,S,A\n1,T,A\n", "line 3: A is in two slots")]
    public void BadLog_IsRefused(string text, string error) => Assert.Contains(error, Assert.Throws<ResearchInputException>(() => SlotLog.Read("log", text)).Message);

    [Fact]
    public void RoundsWithoutScores_AreRefused() =>
        Assert.Contains("no scores of round 999", Assert.Throws<ResearchInputException>(() => SlotLog.Slots([new SlotAssignment(999, "S", "MODEL_001")], Field)).Message);
}

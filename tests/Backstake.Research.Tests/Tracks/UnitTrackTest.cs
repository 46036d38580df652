using Backstake.Accounting;

namespace Backstake.Research.Tests.Tracks;

public class UnitTrackTest
{
    private static readonly Terms Free = new()
    {
        UnitSize = Nmr.FromNmr(100), ProfitShareBps = BasisPoints.Zero, LossShareBps = BasisPoints.Zero, ReserveBps = BasisPoints.Zero, Crystallisation = Crystallisation.AtEnd, CompoundingWeeks = 520,
    };

    private static readonly double[] Gain = [.. Enumerable.Repeat(0.02, 60)];
    private static readonly double[] Loss = [.. Enumerable.Repeat(-0.02, 60)];

    [Fact]
    public void WithoutShareOrFees_NetIsGross()
    {
        double[] mixed = [.. Enumerable.Range(0, 60).Select(i => i == 7 ? double.NaN : 0.02 * Math.Sin(i))];
        var track = UnitTrack.Of(mixed, Free);
        Assert.Equal(track.Gross, track.Earned, 9);
        Assert.True(double.IsNaN(track.Net[7]));
        // A week's rounds, those that resolve in the same five, share what it brought.
        Assert.Equal(mixed[11..56].Sum(), track.Net[11..56].Sum(), 4);
    }

    [Theory]   // atEnd and weekly take the same part of steady gains
    [InlineData(Crystallisation.AtEnd)]
    [InlineData(Crystallisation.Weekly)]
    [InlineData(Crystallisation.WeeklyHighWater)]
    public void ProfitShare_IsTakenFromGains(Crystallisation crystallisation)
    {
        var track = UnitTrack.Of(Gain, Free with { ProfitShareBps = new BasisPoints(2_500), Crystallisation = crystallisation });
        Assert.Equal(0.75 * track.Gross, track.Earned, 6);
        Assert.All(track.Net, net => Assert.InRange(net, 0.0149, 0.0151));
    }

    [Fact]
    public void Losses_AreCovered_ByTheShareOfLoss()
    {
        var track = UnitTrack.Of(Loss, Free with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) });
        Assert.True(track.Gross < 0);
        Assert.Equal(0.5 * track.Gross, track.Earned, 6);
    }

    [Fact]
    public void UpfrontFee_IsPaidAnew_WithEachTerm()
    {
        var once = UnitTrack.Of(Gain, Free with { UpfrontFeeBps = new BasisPoints(100) });
        var often = UnitTrack.Of(Gain, Free with { UpfrontFeeBps = new BasisPoints(100), CompoundingWeeks = 4 });
        Assert.Equal(-0.01, once.Earned - once.Gross, 6);
        Assert.Equal(-0.03, often.Earned - often.Gross, 6);   // 60 rounds are twelve weeks: three terms
        Assert.True(once.Net[0] < 0 && once.Net[^1] > 0.0199);
    }

    [Fact]
    public void Net_OfAField_IsThatOfItsModels()
    {
        var table = new ReturnTable([.. Enumerable.Range(1, 60)], ["A", "B"], [Gain, Loss]);
        var net = UnitTrack.NetOf(table, Free with { ProfitShareBps = new BasisPoints(1_000) });
        Assert.Equal(UnitTrack.Of(Gain, Free with { ProfitShareBps = new BasisPoints(1_000) }).Net, net[0].ToArray());
        Assert.Equal(-0.02, net[1, 5], 6);
    }
}

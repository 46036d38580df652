namespace Backstake.Research.Tests.Tracks;

public class DrawdownTest
{
    [Theory]   // returns; depth, rounds down, rounds to recover (−1: not yet), longest
    [InlineData(new[] { 0.1, 0.1 }, 0.0, 0, 0, 0)]
    [InlineData(new[] { 0.1, -0.2, 0.1, 0.1 }, 0.2, 1, 2, 2)]
    [InlineData(new[] { -0.1, -0.1, 0.1 }, 0.2, 2, -1, 3)]
    [InlineData(new[] { 0.1, -0.05, 0.1, -0.3, -0.1, 0.1 }, 0.4, 2, -1, 3)]
    [InlineData(new[] { 0.3, -0.3, 0.3, -0.1, 0.1 }, 0.3, 1, 1, 1)]
    public void Drawdowns_AreCounted(double[] returns, double depth, int down, int recover, int longest)
    {
        var deepest = Drawdown.Deepest(returns);
        Assert.Equal(depth, deepest.Depth, 12);
        Assert.Equal(down, deepest.RoundsDown);
        Assert.Equal(recover, deepest.RoundsToRecover ?? -1);
        Assert.Equal(longest, Drawdown.Longest(returns));
    }

    [Fact]
    public void Cvar_IsTheMeanOfTheWorstTwentieth()
    {
        double[] returns = [.. Enumerable.Range(0, 59).Select(i => i * 0.01), -0.5];
        Assert.Equal((-0.5 + 0 + 0.01) / 3, Risk.Cvar(returns), 12);
        Assert.Equal(-0.5, Risk.Cvar(returns.AsSpan(50)), 12);   // ten rounds: the worst one
        Assert.True(double.IsNaN(Risk.Cvar([])));
    }
}

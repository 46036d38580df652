using Xunit;
using Xunit.Abstractions;

namespace Backstake.Accounting.Tests.Gain;

/// <summary>
/// Who knows the results of the rounds that are open gains nothing by it (FAULTS.md L-4): units get what their terms give for the rounds that closed while they lived, the same as in a vault of
/// their own in which what was known had been otherwise; and nobody else is paid more or less because they were there.
/// </summary>
public sealed class GainTests(ITestOutputHelper output)
{
    private const int MarketsEach = 12;
    private const int MarketsDeep = 100_000;
    private const int MarketsUsually = 150;

    public static TheoryData<string> Names => new(Strategies.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void L_04_KnowingWhatIsBookedNext_BringsNothing(string strategy)
    {
        var bought = 0;
        for (var seed = 1; seed <= MarketsEach; seed++) bought += Check(seed, Strategies.All[strategy]);
        Assert.True(bought >= MarketsEach, $"{bought} series bought");
        Assert.Equal(20, Strategies.All.Count);
    }

    [Fact]
    public void L_04_NoRandomSearch_FindsAGain()
    {
        var markets = Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1" ? MarketsDeep : MarketsUsually;
        var bought = Enumerable.Range(1_000, markets).AsParallel().Sum(seed => Check(seed, Strategies.Random));
        output.WriteLine($"{markets} markets, {bought} series bought");
        Assert.True(bought > markets);
    }

    /// <returns>How many series the agent bought.</returns>
    private static int Check(int seed, Func<View, IEnumerable<VaultEvent>> strategy)
    {
        var market = new Market(seed);
        var (with, without) = (market.Play(strategy), market.Play(null));
        var units = with.Acts.Select(one => one.Act).OfType<Deposit>().Sum(one => one.Units.Count);
        // Each round is divided once, each week's shares are a few floors: a wei each, which later rounds carry on.
        var floors = new Nmr((units + 60) * Market.Weeks * 64);
        foreach (var other in without.Receivers.Where(one => one != Payment.Owner)) AssertSame(without.To(one => one == other), with.To(one => one == other), floors, $"seed {seed}: {other} is paid otherwise because the agent was there");
        var expected = Nmr.Zero;
        foreach (var (series, price) in with.Bought)
        {
            var alone = market.Alone(series, [.. with.Acts.Where(one => IsOf(one.Week, one.Act, series))]);
            Assert.Equal(price, Assert.Single(alone.Bought).Value);
            expected += alone.To(Market.IsAgent);
        }

        AssertSame(expected, with.To(Market.IsAgent), floors, $"seed {seed}: the agent is paid otherwise than its units are alone");
        return with.Bought.Count;
    }

    private static bool IsOf(int week, VaultEvent act, SeriesId series) => act switch
    {
        Deposit one => new SeriesId(one.Terms, new Week(week), one.Payout) == series,
        CancelDeposit one => new SeriesId(one.Terms, new Week(week), one.Payout) == series,
        Exit one => one.Series == series,
        CancelExit one => one.Series == series,
        Transfer one => one.Series == series,
        _ => throw new InvalidOperationException($"{act}"),
    };

    private static void AssertSame(Nmr expected, Nmr actual, Nmr floors, string what) =>
        Assert.True(actual - expected <= floors && expected - actual <= floors, $"{what}: {actual} instead of {expected}");
}

namespace Backstake.Research.Tests.Skill;

public class FalseDiscoveryTest
{
    [Fact]   // the 15 p-values of Benjamini and Hochberg (1995), section 4: at 5 % they call the first four
    public void QValues_OfThePapersExample()
    {
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];
        var q = FalseDiscovery.QValues(p);
        Assert.Equal(4, q.Count(x => x <= 0.05));
        Assert.Equal(0.0015, q[0], 6);
        Assert.Equal(0.0095 * 15 / 4, q[3], 6);
        Assert.Equal(1, q[14], 6);
    }

    [Fact]
    public void QValuesFromProbabilities_AreRunningMeansOfTheError() =>
        Assert.Equal([0.2, 0.01, 0.055], FalseDiscovery.QValuesFromProbabilities([0.51, 0.99, 0.9]), (a, b) => Math.Abs(a - b) < 1e-12);
}

namespace Backstake.Research.Tests.Skill;

public class FieldSkillTest
{
    [Fact]
    public void FewerThan30Rounds_AreTooEarlyToSay()
    {
        var full = Enumerable.Range(0, 60).Select(i => 0.01 + (0.02 * Math.Sin(i / 3.0))).ToArray();
        double[] last29 = [.. full.Select((x, i) => i < 31 ? double.NaN : x)];
        double[] last30 = [.. full.Select((x, i) => i < 30 ? double.NaN : x)];
        var skill = FieldSkill.Of(Table(full, last30, last29));
        Assert.Equal(["C"], skill.TooEarly);
        Assert.Equal(2, skill.Models.Count);
    }

    [Fact]
    public void AllTooEarly_GivesNoNumber()
    {
        var skill = FieldSkill.Of(Table([0.01, 0.02], [double.NaN, 0.03]));
        Assert.Empty(skill.Models);
        Assert.True(double.IsNaN(skill.Level));
    }

    [Fact]   // A is always 0.005 better than B, but B was away while everybody lost: its own mean is higher
    public void BeingAwayInBadRounds_IsNoSkill()
    {
        var market = Enumerable.Range(0, 200).Select(i => i < 100 ? -0.02 : 0.02).ToArray();
        var luck = Enumerable.Range(0, 200).Select(i => 0.001 * Math.Sin(i)).ToArray();
        double[] a = [.. market.Zip(luck, (x, l) => x + 0.005 + l)];
        double[] b = [.. market.Select((x, i) => i < 100 ? double.NaN : x - luck[i])];
        double[] c = [.. market.Select((x, i) => x - 0.005 + (0.001 * Math.Cos(i)))];
        var skill = FieldSkill.Of(Table(a, b, c));
        var (first, second) = (skill.Models.Single(m => m.Model == "A"), skill.Models.Single(m => m.Model == "B"));
        Assert.True(second.Mean > first.Mean);
        Assert.True(first.Shrunk > second.Shrunk);
    }

    [Fact]
    public void DifferencesThatLuckExplains_AreShrunkAway()
    {
        var field = SimulatedField.Make(new FieldMoments { SkillDeviation = 0, Correlation = 0 }, 40, 295, 1, seed: 4);
        var skill = FieldSkill.Of(field.Past);
        Assert.True(Deviation(skill.Models.Select(m => m.Shrunk)) < 0.4 * Deviation(skill.Models.Select(m => m.Mean)));
    }

    [Fact]
    public void TheOrder_IsTheLowerBoundPerLossOfTheWorstRounds()
    {
        var skill = FieldSkill.Of(SimulatedField.Make(new FieldMoments(), 23, 295, 1, seed: 8).Past);
        Assert.Equal(skill.Models.OrderByDescending(m => m.Order), skill.Models);
        Assert.All(skill.Models, m => Assert.True(m.Lower < m.Shrunk && m.Shrunk < m.Upper && m.ProbabilityPositive is >= 0 and <= 1 && m.QValue is >= 0 and <= 1));
        Assert.Contains(skill.Models, m => m.Lower > 0 && Math.Abs(m.Order - (m.Lower / -m.Cvar)) < 1e-9);
    }

    private static double Deviation(IEnumerable<double> values) => Risk.Volatility([.. values]);

    private static ReturnTable Table(params double[][] series) => new([.. Enumerable.Range(1, series[0].Length)], [.. series.Select((_, i) => ((char)('A' + i)).ToString())], series);
}

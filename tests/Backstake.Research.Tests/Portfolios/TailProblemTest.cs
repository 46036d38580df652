namespace Backstake.Research.Tests.Portfolios;

public class TailProblemTest
{
    [Theory]   // models, aversion, cap; against every portfolio in steps of a fiftieth
    [InlineData(3, 0.0, 1.0)]
    [InlineData(3, 0.3, 1.0)]
    [InlineData(3, 1.0, 0.5)]
    [InlineData(4, 0.1, 0.4)]
    [InlineData(4, 0.7, 1.0)]
    [InlineData(4, 1.0, 1.0)]
    public void Solution_IsAsGoodAsBruteForce_AndTheGapIsProven(int models, double aversion, double cap)
    {
        var (scenarios, expected) = Made(models, 60, seed: models);
        var problem = new TailProblem(scenarios, expected, 0.05, cap);
        var weights = problem.Solve(aversion);
        Assert.InRange(problem.Gap, 0, TailProblem.Tolerance);
        Assert.Equal(1, weights.Sum(), 9);
        Assert.All(weights, w => Assert.InRange(w, 0, cap + 1e-4));
        var best = Grid(models, 50).Where(w => w.Max() <= cap + 1e-9).Min(w => problem.Objective(w, aversion));
        var reached = problem.Objective(weights, aversion);
        Assert.True(reached <= best + TailProblem.Tolerance, $"{reached} is worse than {best}");
        // A fiftieth of weight moves the objective by less than this, so the grid can't be much worse either.
        Assert.True(reached >= best - 0.002, $"{reached} is better than {best} can be");
    }

    [Fact]
    public void Cvar_CountsThePartOfAScenario()
    {
        // 30 scenarios at 5 %: the worst one and half of the next.
        double[] returns = [.. Enumerable.Range(0, 30).Select(i => i * 0.01)];
        Assert.Equal(-((0 * 1) + (0.01 * 0.5)) / 1.5, new TailProblem([returns], [0.1], 0.05, 1).Cvar([1]), 12);
    }

    [Fact]
    public void MarginalCvar_AddsUpToCvar()
    {
        var (scenarios, expected) = Made(4, 100, seed: 9);
        var problem = new TailProblem(scenarios, expected, 0.05, 1);
        double[] w = [0.1, 0.2, 0.3, 0.4];
        Assert.Equal(problem.Cvar(w), problem.MarginalCvar(w).Zip(w, (m, x) => m * x).Sum(), 9);
    }

    [Fact]
    public void TooLowACap_IsRefused() => Assert.Throws<ArgumentException>(() => new TailProblem([[0.1], [0.1]], [0, 0], 0.05, 0.4));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void Projection_IsTheNearestAllowedPoint(double cap)
    {
        double[] point = [0.9, 0.5, -0.2, 0.45];
        var nearest = new double[4];
        CappedSimplex.Project(point, cap, nearest);
        Assert.Equal(1, nearest.Sum(), 12);
        var distance = Distance(point, nearest);
        Assert.All(Grid(4, 40).Where(w => w.Max() <= cap), w => Assert.True(Distance(point, w) >= distance - 1e-12));
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private static (double[][] Scenarios, double[] Expected) Made(int models, int scenarios, int seed)
    {
        var field = SimulatedField.Make(new FieldMoments { EmptyShare = 0 }, models, scenarios, 1, seed).Past;
        var rows = Enumerable.Range(0, models).Select(m => field[m].ToArray()).ToArray();
        return (rows, [.. rows.Select(r => r.Average())]);
    }

    private static IEnumerable<double[]> Grid(int models, int steps)
    {
        return Parts(models, steps).Select(parts => parts.Select(p => (double)p / steps).ToArray());

        static IEnumerable<int[]> Parts(int count, int left) =>
            count == 1 ? [[left]] : Enumerable.Range(0, left + 1).SelectMany(first => Parts(count - 1, left - first).Select(rest => (int[])[first, .. rest]));
    }
}

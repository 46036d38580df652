namespace Backstake.Research;

/// <summary>Weights by model; those not named have none. Together 1.</summary>
public delegate IReadOnlyDictionary<string, double> Strategy(ReturnTable known);

/// <summary>What everybody can do without any of this, to be compared with. Each sees only what was known.</summary>
public static class Yardsticks
{
    /// <summary>A model with fewer known rounds is not considered: its mean and deviation mean nothing.</summary>
    public const int LeastRounds = 20;

    public const int TopCount = 5;

    public const string EqualName = "equal weight";

    public static IReadOnlyList<(string Name, Strategy Strategy)> All { get; } =
    [
        (EqualName, Equal),
        ("best so far", known => Top(known, 1)),
        ("top 5 so far", known => Top(known, TopCount)),
        ("inverse volatility", InverseVolatility),
    ];

    /// <summary>All models of the table alike.</summary>
    public static IReadOnlyDictionary<string, double> Equal(ReturnTable known) => known.Models.ToDictionary(model => model, _ => 1.0 / known.Models.Count);

    /// <summary>Those with the highest mean, alike.</summary>
    public static IReadOnlyDictionary<string, double> Top(ReturnTable known, int count)
    {
        var top = Old(known).OrderByDescending(m => m.Returns.Average()).Take(count).ToArray();
        return top.ToDictionary(m => m.Model, _ => 1.0 / top.Length);
    }

    public static IReadOnlyDictionary<string, double> InverseVolatility(ReturnTable known)
    {
        var weights = Old(known).Select(m => (m.Model, Weight: 1 / Math.Max(Risk.Volatility(m.Returns), 1e-9))).ToArray();
        var sum = weights.Sum(m => m.Weight);
        return weights.ToDictionary(m => m.Model, m => m.Weight / sum);
    }

    private static IEnumerable<(string Model, double[] Returns)> Old(ReturnTable known)
    {
        var old = known.Models.Select((model, m) => (model, known.Submitted(m))).Where(m => m.Item2.Length >= LeastRounds).ToArray();
        return old.Length > 0 ? old : throw new ResearchInputException($"No model has {LeastRounds} resolved rounds yet.");
    }
}

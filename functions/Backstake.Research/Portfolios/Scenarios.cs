using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>
/// Equally likely futures of several models: the mean return a round over the next <see cref="Horizon"/> rounds. A part of them are stretches of the known rounds as they were (all models together, so that what
/// fell together falls together); in the others what each model does beside the field is drawn for itself, since correlations estimated from a few independent stretches are mostly noise (Ledoit and Wolf 2003).
/// All are moved so that each model's mean is what is expected of it.
/// </summary>
public sealed class Scenarios
{
    /// <summary>Four weeks: over shorter times overlapping rounds are one bet, so single rounds would not show how losses add up.</summary>
    public const int Horizon = 20;

    private const double MeanBlock = 25;

    private Scenarios(IReadOnlyList<string> models, double[][] byModel, double[] expected) => (Models, ByModel, Expected) = (models, byModel, expected);

    public IReadOnlyList<string> Models { get; }

    /// <summary>First index the model, second the scenario.</summary>
    public double[][] ByModel { get; }

    /// <summary>The shrunk values; of <see cref="Trusting"/>, those drawn towards their mean.</summary>
    public double[] Expected { get; }

    /// <param name="known">The rounds known.</param>
    /// <param name="skills">Of the models to choose from.</param>
    /// <param name="asTheyWere">The part of the scenarios that are stretches as they were: a half, or all.</param>
    public static Scenarios Draw(ReturnTable known, IReadOnlyList<ModelSkill> skills, int count, int seed, double asTheyWere = 0.5, int horizon = Horizon)
    {
        int[] models = [.. skills.Select(s => known.IndexOf(s.Model))];
        var means = TwoWayMeans.Of(known, models);
        int[] rounds = [.. Enumerable.Range(0, known.Rounds.Count).Where(t => !double.IsNaN(means.Rounds[t]))];
        double[] field = [.. rounds.Select(t => means.Rounds[t])];
        var centre = field.Average();
        var beside = models.Select((model, i) => Beside(known[model], means, i, rounds)).ToArray();

        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var together = new StationaryBootstrap(rounds.Length, Math.Min(MeanBlock, rounds.Length), random.Next());
        var alone = new StationaryBootstrap(rounds.Length, Math.Min(MeanBlock, rounds.Length), random.Next());
        var (path, own) = (new int[horizon], new int[horizon]);
        var byModel = models.Select(_ => new double[count]).ToArray();
        for (var s = 0; s < count; s++)
        {
            together.NextPath(path);
            var shared = path.Sum(t => field[t]) / horizon;
            var isApart = s % 2 == 1 && asTheyWere < 1;
            for (var m = 0; m < models.Length; m++)
            {
                if (isApart) alone.NextPath(own);
                var sum = 0.0;
                foreach (var t in isApart ? own : path) sum += beside[m][t];
                byModel[m][s] = shared - centre + (sum / horizon);
            }
        }

        return new Scenarios([.. skills.Select(s => s.Model)], byModel, [.. skills.Select(s => s.Shrunk)]).Moved();
    }

    /// <summary>The same, believing only a part of the differences between shrunk values.</summary>
    public Scenarios Trusting(double trust)
    {
        var mean = Expected.Average();
        return new Scenarios(Models, [.. ByModel.Select(row => (double[])row.Clone())], [.. Expected.Select(e => mean + (trust * (e - mean)))]).Moved();
    }

    private Scenarios Moved()
    {
        for (var m = 0; m < ByModel.Length; m++)
        {
            var (row, shift) = (ByModel[m], Expected[m] - ByModel[m].Average());
            for (var s = 0; s < row.Length; s++) row[s] += shift;
        }

        return this;
    }

    /// <summary>What a model did beside the field and its own mean; where it took no part, what it did in some other round, so that its risk isn't understated.</summary>
    private static double[] Beside(ReadOnlySpan<double> series, TwoWayMeans means, int model, int[] rounds)
    {
        var known = new List<double>();
        foreach (var t in rounds)
        {
            if (!double.IsNaN(series[t])) known.Add(series[t] - means.Rounds[t] - means.Models[model]);
        }

        var (beside, next) = (new double[rounds.Length], 0);
        for (var i = 0; i < rounds.Length; i++)
        {
            beside[i] = double.IsNaN(series[rounds[i]]) ? known[i % known.Count] : known[next++];
        }

        return beside;
    }
}

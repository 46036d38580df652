using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>
/// The back-test people roll by hand: as many slots as models; keep each model in its slot, or deal the models out at random every week. Shuffling changes nothing about the average of all slots; it takes from every
/// slot the risk of having the wrong model, and the chance of having the right one.
/// </summary>
public sealed class SlotShuffle
{
    private const int RoundsAWeek = UnitTrack.RoundsAWeek;
    private readonly ReturnTable returns;

    public SlotShuffle(ReturnTable returns) => this.returns = returns;

    public static string SlotName(int slot) => $"SLOT_{slot + 1:00}";

    /// <summary>Model i stays in slot i.</summary>
    public IReadOnlyList<SlotAssignment> Keep() => Assign(_ => Enumerable.Range(0, returns.Models.Count).ToArray());

    /// <summary>Models are dealt out anew every fifth round; same seed, same deal.</summary>
    public IReadOnlyList<SlotAssignment> Shuffle(int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var dealt = Enumerable.Range(0, returns.Models.Count).ToArray();
        return Assign(t =>
        {
            if (t % RoundsAWeek == 0) random.Shuffle(dealt);
            return dealt;
        });
    }

    /// <summary>Running sums: of every slot when kept, of every slot in one shuffle, of the average of all, and of slot 1 over many shuffles.</summary>
    /// <param name="seeds">How many shuffles.</param>
    public SlotComparison Compare(int seeds, int firstSeed)
    {
        var models = returns.Models.Count;
        var finals = new double[seeds];
        var falls = new double[seeds];
        var curves = Enumerable.Range(0, returns.Rounds.Count).Select(_ => new double[seeds]).ToArray();
        var dealt = Enumerable.Range(0, models).ToArray();
        var series = new double[returns.Rounds.Count];
        for (var s = 0; s < seeds; s++)
        {
            var random = new Xoshiro256StarStar(firstSeed + s, threadSafe: false);
            for (var m = 0; m < models; m++) dealt[m] = m;
            var sum = 0.0;
            for (var t = 0; t < series.Length; t++)
            {
                if (t % RoundsAWeek == 0) random.Shuffle(dealt);
                series[t] = double.IsNaN(returns[dealt[0], t]) ? 0 : returns[dealt[0], t];
                curves[t][s] = sum += series[t];
            }

            (finals[s], falls[s]) = (sum, Risk.MaxDrawdown(series));
        }

        var kept = Enumerable.Range(0, models).Select(m => RunningSum(returns[m])).ToArray();
        foreach (var curve in curves) Array.Sort(curve);
        Array.Sort(finals);
        Array.Sort(falls);
        return new SlotComparison(
            returns.Rounds, returns.Models, kept, [.. Enumerable.Range(0, series.Length).Select(t => kept.Average(k => k[t]))],
            [.. curves.Select(c => c[seeds / 2])], [.. curves.Select(c => c[(int)(0.05 * seeds)])], [.. curves.Select(c => c[(int)(0.95 * seeds)])],
            finals.Average(), Risk.Volatility(finals), (finals[(int)(0.05 * seeds)], finals[(int)(0.95 * seeds)]), falls[seeds / 2], seeds);
    }

    /// <summary>A round without the model adds nothing.</summary>
    private static double[] RunningSum(ReadOnlySpan<double> series)
    {
        var (sums, sum) = (new double[series.Length], 0.0);
        for (var t = 0; t < series.Length; t++) sums[t] = sum += double.IsNaN(series[t]) ? 0 : series[t];
        return sums;
    }

    private List<SlotAssignment> Assign(Func<int, int[]> modelOfSlot)
    {
        var log = new List<SlotAssignment>();
        for (var t = 0; t < returns.Rounds.Count; t++)
        {
            var models = modelOfSlot(t);
            for (var slot = 0; slot < models.Length; slot++) log.Add(new SlotAssignment(returns.Rounds[t], SlotName(slot), returns.Models[models[slot]]));
        }

        return log;
    }
}

/// <param name="Kept">Running sum of each slot when every model stays.</param>
/// <param name="Average">Of all slots; the same whether kept or shuffled.</param>
/// <param name="ShuffledMedian">Of one slot over the seeds, with its 5 % and 95 % points.</param>
/// <param name="FinalMean">What a shuffled slot brought in the end, mean over the seeds; its deviation; where nine in ten lie.</param>
/// <param name="MedianDrawdown">Of a shuffled slot.</param>
public sealed record SlotComparison(
    IReadOnlyList<int> Rounds, IReadOnlyList<string> Models, double[][] Kept, double[] Average, double[] ShuffledMedian, double[] ShuffledLower, double[] ShuffledUpper,
    double FinalMean, double FinalDeviation, (double Lower, double Upper) Final, double MedianDrawdown, int Seeds);

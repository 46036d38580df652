using System.Text;
using Backstake.Research;

namespace Backstake.Benchmarks;

/// <summary>How long a delegate waits for the check of a file: one of Classic's size, and the largest that is taken.</summary>
internal static class PredictionsBenchmark
{
    private const int ClassicRows = 6_000;

    public static IEnumerable<Measurement> Run()
    {
        yield return Of("a file of 6,000 rows", ClassicRows, limitMilliseconds: 20, limitMiB: 10);
        yield return Of("a file of 200,000 rows", PredictionCheck.RowsMost, limitMilliseconds: 2_000, limitMiB: null);
    }

    private static Measurement Of(string name, int rows, double limitMilliseconds, double? limitMiB)
    {
        var ids = Enumerable.Range(0, rows).Select(i => $"n{i * 2654435761L % 10_000_000_000L:d15}").ToHashSet(StringComparer.Ordinal);
        var file = Encoding.UTF8.GetBytes("id,prediction\n" + string.Concat(ids.Select((id, i) => $"{id},{(i + 0.5) / ids.Count:F6}\n")));
        var measured = Measurement.Of(name, () => Check(file, ids), limitMilliseconds, runs: 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(file, ids);
        return measured with { AllocatedMiB = Math.Round((GC.GetAllocatedBytesForCurrentThread() - before) / 1048576.0, 2), LimitMiB = limitMiB };
    }

    private static void Check(byte[] file, IReadOnlySet<string> ids)
    {
        if (!PredictionCheck.Of(file, PredictionRules.Classic, ids).IsFit) throw new InvalidOperationException("The file is fit, and was refused.");
    }
}

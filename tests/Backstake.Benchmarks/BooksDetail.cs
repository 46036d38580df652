using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Backstake.Benchmarks;

/// <summary>
/// The kernel and its floor by BenchmarkDotNet, in ns a unit-state, with their spread. The least is what the plain program gives: it takes the best of many. An operation goes through rounds with
/// gains and with burns, and is short enough to fall between other work on the machine.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class BooksDetail
{
    private const int OpenRounds = 64;
    private const int Small = 200;
    private const int Large = 20_000;

    /// <summary>How many of the open rounds an operation goes through, and how often each.</summary>
    private const int SmallRounds = OpenRounds;
    private const int SmallRepeats = 4;
    private const int LargeRounds = 8;
    private const int LargeRepeats = 1;

    private KernelOfBooks _small = null!;
    private KernelOfBooks _large = null!;

    public static int Run()
    {
        // In this process: a project that BenchmarkDotNet would make has no stand-ins for packages that a feed lacks.
        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithInvocationCount(1).WithUnrollFactor(1).WithWarmupCount(10).WithIterationCount(200);
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).AddColumn(StatisticColumn.Min, StatisticColumn.Median).WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "backstake-bench"));
        return BenchmarkRunner.Run<BooksDetail>(config).HasCriticalValidationErrors ? 1 : 0;
    }

    [GlobalSetup]
    public void Begin() => (_small, _large) = (new KernelOfBooks(Small, OpenRounds), new KernelOfBooks(Large, OpenRounds));

    [Benchmark(Baseline = true, OperationsPerInvoke = Small * SmallRounds * SmallRepeats), BenchmarkCategory("200 x 64")]
    public void SmallFloor() => Add(_small, SmallRounds, SmallRepeats);

    [Benchmark(OperationsPerInvoke = Small * SmallRounds * SmallRepeats), BenchmarkCategory("200 x 64")]
    public void SmallKernel() => Give(_small, SmallRounds, SmallRepeats);

    [Benchmark(Baseline = true, OperationsPerInvoke = Large * LargeRounds * LargeRepeats), BenchmarkCategory("20000 x 64")]
    public void LargeFloor() => Add(_large, LargeRounds, LargeRepeats);

    [Benchmark(OperationsPerInvoke = Large * LargeRounds * LargeRepeats), BenchmarkCategory("20000 x 64")]
    public void LargeKernel() => Give(_large, LargeRounds, LargeRepeats);

    private static void Add(KernelOfBooks kernel, int rounds, int repeats)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < repeats; i++) kernel.Add(round);
        }
    }

    private static void Give(KernelOfBooks kernel, int rounds, int repeats)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < repeats; i++) kernel.Give(round);
        }
    }
}

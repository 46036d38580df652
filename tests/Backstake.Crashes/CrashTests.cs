using Backstake.Season;
using Xunit.Abstractions;

namespace Backstake.Crashes;

/// <summary>
/// The app dies (SIGKILL) before a call to the outside, or after the call took effect and before its answer came, is started again, and the season ends as
/// the undisturbed one does (FAULTS.md B-1 to B-7). With BACKSTAKE_DEEP=1 it dies at every such point, and at random moments of its recovery.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    const int Sample = 60;
    const int ProgressLeast = 10; // six calls are the start's own, one a timer and one for its container: an order of two calls must come through some time
    const int SeasonsMost = 400;

    // One vault, so that its steps follow each other; everything that a vault can go through in one week of rounds.
    public static readonly SeasonOptions Options = new() { Weeks = 1, Vaults = 1, Backers = 3, Seed = 11, Exit = true };
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The undisturbed season, played once: how it ends, and a plan that has seen its crash points.</summary>
    static readonly Lazy<Task<(SeasonEnd End, CrashPlan Plan)>> Undisturbed = new(async () =>
    {
        var plan = new CrashPlan(at => playing!.Kill(at), ProgressLeast, mostOfAStep: Deep ? int.MaxValue : 1);
        plan.Allow(0);
        return (await Play(plan, _ => { }), plan);
    });

    static CrashSeason? playing;

    /// <summary>How the undisturbed season ends.</summary>
    public static async Task<SeasonEnd> Calm() => (await Undisturbed.Value).End;

    static bool Deep => Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1";

    [SkippableFact]
    public async Task B_01_KilledAtOutsideCalls_EndsInTheSameBooks()
    {
        NeedContracts();
        var (calm, plan) = await Undisturbed.Value;
        var points = plan.Known.ToHashSet();
        output.WriteLine($"{plan.Calls} changing calls, {points.Count} crash points, {points.Select(point => new OutsideCall(default, point.Name).Step).Distinct().Count()} steps.");
        for (var seasons = 1; seasons <= (Deep ? SeasonsMost : 1) && !points.IsSubsetOf(plan.Done); seasons++)
        {
            var before = plan.Done.Count;
            plan.Allow(Deep ? int.MaxValue : Sample);
            var killed = await Play(plan, end => AssertSame(calm.Vaults, end.Vaults));
            Assert.Equal(plan.Done.Count - before + 1, killed.Starts);
            output.WriteLine($"Season {seasons}: {plan.Done.Count - before} deaths, {points.Count(plan.Done.Contains)} of {points.Count} points, the longest repair took {killed.LongestRepair} passes of the timers.");
        }

        foreach (var step in plan.Done.GroupBy(point => new OutsideCall(default, point.Name).Step).OrderBy(step => step.Key, StringComparer.Ordinal))
            output.WriteLine($"{step.Key}: {string.Join(", ", step.GroupBy(point => point.Side).Select(side => $"{side.Key} {side.Count()}"))}");
        Assert.True(plan.Done.Count >= Sample, $"Only {plan.Done.Count} deaths.");
        Assert.True(!Deep || points.IsSubsetOf(plan.Done), $"Not died at: {string.Join(", ", points.Except(plan.Done).Take(20))}");
    }

    [SkippableFact]
    public async Task B_07_KilledAgainInItsRecovery_EndsInTheSameBooks()
    {
        NeedContracts();
        var plan = new PairPlan(at => playing!.Kill(at), seed: 7);
        var calm = await Calm();
        for (var wanted = Deep ? 100 : 5; plan.Pairs < wanted;)
        {
            var before = plan.Pairs;
            plan.Allow(Math.Min(wanted - before, 25));
            await Play(plan, end => AssertSame(calm.Vaults, end.Vaults));
            Assert.True(plan.Pairs > before, "No pair in a whole season.");
        }

        output.WriteLine($"{plan.Pairs} pairs.");
    }

    void AssertSame(IReadOnlyList<string> calm, IReadOnlyList<string> killed)
    {
        foreach (var (undisturbed, disturbed) in calm.SelectMany(vault => vault.Split(' ')).Zip(killed.SelectMany(vault => vault.Split(' '))).Where(it => it.First != it.Second))
            output.WriteLine($"undisturbed {undisturbed}, with deaths {disturbed}");
        Assert.Equal(calm, killed);
    }

    public static void NeedContracts() =>
        Skip.IfNot(File.Exists(Repository.Artifact("VaultFactory")), "contracts/out has no compiled contracts: build them with contracts/forge build first.");

    static async Task<SeasonEnd> Play(ICrashPlan plan, Action<SeasonEnd> check)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var season = new CrashSeason(Options);
        playing = season;
        await season.Begin(plan, limit.Token);
        return await season.PlayOn(check, limit.Token);
    }
}

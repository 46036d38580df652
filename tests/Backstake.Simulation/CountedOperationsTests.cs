using System.Globalization;
using System.Text.RegularExpressions;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// What a vault's week costs in operations of storage, counted in a week of five rounds of an undisturbed season with its timers as deployed, and that the runbook's table says no other
/// number. What is asked when nothing happens is counted by itself, in runs of the timers that found nothing to do: it costs as often as the schedules say, and every half hour.
/// </summary>
public sealed partial class CountedOperationsTests(ITestOutputHelper output)
{
    const int Weeks = 4;
    const int CountedWeek = 3; // all of its rounds are submitted, staked and collected, and the week before is settled
    const int IdleWeeks = 3;
    const int OneVault = 2477;
    const int TwoVaults = 1323;
    const string Looking = "07:1";  // the season's timers run every other day at 7:00, when nothing else does; here every day, and once more ten minutes later, when no vault is watched
    const string Watching = "07:4"; // and here half an hour later, when all are

    static readonly Lazy<IReadOnlyList<Call>> Season = new(() => Played(OneVault, 1, Weeks, WithBusyRuns));
    static readonly Lazy<IReadOnlyList<Call>> OneIdle = new(() => Played(OneVault, 1, IdleWeeks, WithIdleRuns));
    static readonly Lazy<IReadOnlyList<Call>> TwoIdle = new(() => Played(TwoVaults, 2, IdleWeeks, WithIdleRuns));

    [Theory]
    [InlineData("appends to log and outbox", "Tables POST /$batch")]
    [InlineData("messages of its rounds, collects, settlements and releases", "Queues POST /(submissions|rounds|collects|settlements|releases)/messages")]
    [InlineData("messages that it has news, where nobody follows it", "Queues POST /news/messages")]
    [InlineData("blobs written", "Blobs PUT /settlements#")]
    [InlineData("blobs read and listed", "Blobs GET ")]
    public void RowOfTheTable_IsWhatWasCounted(string row, string calls)
    {
        var (from, to) = (Setting.Start.AddDays(7 * (CountedWeek - 1)), Setting.Start.AddDays(7 * CountedWeek));
        var counted = Season.Value.Where(call => string.CompareOrdinal(call.Time, Form(from)) >= 0 && string.CompareOrdinal(call.Time, Form(to)) < 0).Count(call => Regex.IsMatch(call.ToString(), "^" + calls.Replace("$", "\\$", StringComparison.Ordinal), RegexOptions.None, TimeSpan.FromSeconds(5)));
        output.WriteLine($"{row}: {counted} a week");
        Assert.Equal(counted, CostTable.Operations(row));

        static string Form(DateTimeOffset time) => time.ToString("MM-dd", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("looking: tables", "Tables", Looking, "")]
    [InlineData("watching: tables", "Tables", Watching, Looking)]
    [InlineData("watching: queue messages", "Queues", Watching, Looking)]
    public void LookingWithoutFinding_IsWhatWasCounted(string row, string service, string hour, string without)
    {
        var (one, two) = (Asked(OneIdle.Value), Asked(TwoIdle.Value));
        output.WriteLine($"{row}: {one} with one vault, {two} with two");
        Assert.True(two > one);
        Assert.Equal(two - one, CostTable.Operations(row));

        int Asked(IReadOnlyList<Call> calls) => Idle(calls, service, hour) - (without.Length == 0 ? 0 : Idle(calls, service, without));
    }

    /// <summary>Where nothing happens, no vault is asked for by a message between the half hours.</summary>
    [Fact]
    public void LookingWithoutFinding_SendsNoMessages() => Assert.Equal(Idle(OneIdle.Value, "Queues", Looking), Idle(TwoIdle.Value, "Queues", Looking));

    /// <summary>Of all runs that appended and sent nothing but the watch messages, the usual one.</summary>
    static int Idle(IReadOnlyList<Call> calls, string service, string hour) => calls.Where(call => call.Time.Contains(' ' + hour, StringComparison.Ordinal)).GroupBy(call => call.Time[..5])
        .Where(run => !run.Any(call => call.Path == "/$batch" || (call.Method == "POST" && !call.Path.StartsWith("/watch/", StringComparison.Ordinal)) || call.Service == "Blobs"))
        .Select(run => run.Count(call => call.Service == service)).GroupBy(count => count).MaxBy(group => group.Count())!.Key;

    /// <summary>As the schedules fire them while something is under way: every five minutes.</summary>
    static Play WithBusyRuns(Play play) => play with
    {
        MoreTicks = [.. play.Setting.Rounds.Select(round => (From: round.Opens, To: round.ClosesStaking.AddMinutes(15)))
            .Concat(Enumerable.Range(1, Weeks).Select(Setting.CutOf).SelectMany(cut => new[] { cut, cut + Setting.Window }).Select(begin => (From: begin, To: begin.AddHours(1))))
            .SelectMany(span => Enumerable.Range(0, (int)((span.To - span.From) / Every)).Select(place => span.From + (place * Every)))],
    };

    static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>As the schedules fire them: each time everything, also what measures.</summary>
    static Play WithIdleRuns(Play play) => play with
    {
        SeldomEvery = 1,
        MoreTicks = [.. Enumerable.Range(1, 7 * IdleWeeks).SelectMany(day => new[] { 0, 10, 40 }.Skip(day % 2 == 0 ? 1 : 0).Select(minute => Setting.Start.AddDays(day).Add(new(7, minute, 0))))],
    };

    static IReadOnlyList<Call> Played(int seed, int vaults, int weeks, Func<Play, Play> change)
    {
        var setting = new Setting(seed, Severity.None, weeks);
        Assert.Equal((5 * weeks, vaults, 1), (setting.Rounds.Count, setting.Vaults.Count, setting.Machines));
        var run = SeedRun.One(seed, Severity.None, weeks, trace: true, change);
        Assert.Null(run.Failure);
        return [.. run.Simulation.Trace.All!.Select(line => CallForm().Match(line)).Where(it => it.Success).Select(it => new Call(it.Groups["time"].Value, it.Groups["service"].Value, it.Groups["method"].Value, KeyForm().Replace(it.Groups["path"].Value, "#")))];
    }

    sealed record Call(string Time, string Service, string Method, string Path)
    {
        public override string ToString() => $"{Service} {Method} {Path}";
    }

    /// <summary>The table under "What it costs" in docs/runbook.md.</summary>
    static class CostTable
    {
        public static double Operations(string row)
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Serverless.sln")))
                folder = Path.GetDirectoryName(folder)!;
            var line = File.ReadLines(Path.Combine(folder, "docs", "runbook.md")).Single(it => it.StartsWith($"| {row}", StringComparison.Ordinal));
            return double.Parse(line.Split('|')[2], NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex(@"^(?<time>\S+ \S+) m\d+ (?<service>Tables|Blobs|Queues) (?<method>\S+) (?<path>\S+)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex CallForm();

    [GeneratedRegex(@"\(.*\)|/[0-9a-fx]{20,}.*", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex KeyForm();
}

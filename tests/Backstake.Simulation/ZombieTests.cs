using Backstake.Simulation.Engine;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// A worker stands still in the middle of a call, until its message has been given to another machine that goes on, and wakes then: before the call reaches Numerai, the node or the
/// log, or after (FAULTS.md B-8). Whatever it still does, every check of the simulator holds.
/// </summary>
public sealed class ZombieTests(ITestOutputHelper output)
{
    const int Weeks = 4;
    const int Seasons = 2;
    const double Often = 0.6;

    /// <summary>Longer than a message stays away (10 minutes), and mostly shorter than a round is open (3 hours).</summary>
    static readonly (TimeSpan Least, TimeSpan Most) Asleep = (TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(100));

    /// <summary>Seasons with a second machine, and without anything else that goes wrong.</summary>
    static IEnumerable<int> Seeds => Enumerable.Range(1, 1_000).Where(seed => new Setting(seed, Severity.None, Weeks) is { Machines: 2, IsMild: true, Vaults.Count: 1 } setting
        && setting.Rounds.Count(round => round.Resolves < setting.End - TimeSpan.FromDays(2)) > 2).Take(Seasons);

    [Theory]
    [InlineData("submissionUploadAuth")]
    [InlineData("/upload/")]
    [InlineData("createSubmission")]
    [InlineData("model")]
    [InlineData("v3StakeAuth")]
    [InlineData("v3StakeClaim")]
    [InlineData("eth_estimateGas")]
    [InlineData("eth_sendRawTransaction")]
    [InlineData("POST /$batch")]
    public void B_08_CallOfAWorkerThatWasGivenUp_ChangesNothing(string call)
    {
        var (late, staked) = (0, 0);
        foreach (var seed in Seeds)
        {
            var random = Random64.For(seed, call);
            var run = SeedRun.One(seed, Severity.None, Weeks, false, play => play with
            {
                StandsStill = what =>
                {
                    if (!(call[0] == '/' ? what.StartsWith(call, StringComparison.Ordinal) : what == call) || !random.Chance(Often))
                        return null;
                    late++;
                    var asleep = random.Span(Asleep.Least, Asleep.Most);
                    return random.Chance(0.5) ? (asleep, TimeSpan.Zero) : (TimeSpan.Zero, asleep);
                },
            });
            Assert.Null(run.Failure);
            staked += run.End!.Tally.Staked;
        }

        output.WriteLine($"{late} calls of {call} stood still; {staked} rounds were staked.");
        Assert.True(late >= Seasons && staked > 0);
    }
}

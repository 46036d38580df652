using System.Xml.Linq;
using Backstake.Functions.Storage;
using Backstake.Simulation.Checks;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Numerai;
using Backstake.Simulation.Storage;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// The process dies between an append and the message that follows from it (FAULTS.md B-3): where a message would be put for the first time, as soon as the one that was lost before is there again. Nothing of a
/// season but its time may depend on a message.
/// </summary>
public sealed class LostMessageTests(ITestOutputHelper output)
{
    const int Weeks = 5;
    static readonly TimeSpan DownMost = TimeSpan.FromMinutes(1);

    /// <summary>From a tick to the last of its timers, the sweep, and what that takes.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromMinutes(3);

    /// <summary>So long after a round opened its commitment is final, and its stake is decided a minute later.</summary>
    static readonly TimeSpan Committed = new(0, 25, 15);

    /// <summary>The answer to a message that was put.</summary>
    const string NeverSeen = "<QueueMessagesList><QueueMessage><MessageId>00000000-0000-0000-0000-000000000001</MessageId><InsertionTime>Mon, 05 Jan 2026 00:00:00 GMT</InsertionTime>"
        + "<ExpirationTime>Mon, 12 Jan 2026 00:00:00 GMT</ExpirationTime><PopReceipt>r1</PopReceipt><TimeNextVisible>Mon, 05 Jan 2026 00:00:00 GMT</TimeNextVisible></QueueMessage></QueueMessagesList>";

    sealed record Lost(string Message, DateTimeOffset At);

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void B_03_MessageThatIsLostAtADeath_IsFoundByTheNextSweep(int seed)
    {
        var (setting, calm) = (new Setting(seed, Severity.None, Weeks), SeedRun.One(seed, Severity.None, Weeks, false, null));
        TimeProvider time = null!;
        Lost? waiting = null;
        var (lost, put) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var late = new List<string>();
        var died = SeedRun.One(seed, Severity.None, Weeks, false, play => play with
        {
            Faults = FaultRanges.None with { DownMost = DownMost },
            Change = services => time = (TimeProvider)services.Last(it => it.ServiceType == typeof(TimeProvider) && !it.IsKeyedService).ImplementationInstance!,
            Storage = (request, next) =>
            {
                if (MessageIn(request) is not { } message)
                    return next(request);
                var now = time.GetUtcNow();
                if (waiting is null && now < setting.End - TimeSpan.FromHours(6) && !put.Contains(message) && lost.Add(message))
                {
                    waiting = new(message, now);
                    throw new AskerDiesException();
                }

                put.Add(message);
                if (waiting is not null && now > SweepAfter(setting, waiting.At))
                {
                    late.Add($"{waiting.Message}, lost at {waiting.At:u}, not there at {now:u}");
                    waiting = null;
                }
                else if (waiting?.Message == message)
                {
                    waiting = null;
                }

                return next(request);
            },
        });
        output.WriteLine($"{lost.Count} messages were lost: {string.Join(", ", lost.CountBy(message => message.Split('/')[1]).Select(it => $"{it.Value} of {it.Key}"))}");
        Assert.Null(died.Failure);
        output.WriteLine(string.Join('\n', late));
        Assert.Empty(late);
        Assert.True(lost.Count > 10 && waiting is null);
        Assert.Null(EndFacts.Difference(calm.End!.Facts, died.End!.Facts));
    }

    /// <summary>
    /// Whoever takes a message that a vault is to be watched dies, each time: the message is hidden for as long as a round may still be open. What the vault's own steps sent to the chain they find there themselves
    /// (FAULTS.md B-7).
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void B_07_WithoutAnyMessageOfTheWatchers_NoRoundIsMissed(int seed) => LoseMessagesOfTheWatchers(seed, play => play);

    /// <summary>The same where a stake waits for what somebody else did: a result is collected when the commitment is final and the stake isn't decided yet.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    public void B_07_WithoutAnyMessageOfTheWatchers_StakeWaitsForAResult_NoLongerThanItMust(int seed) => LoseMessagesOfTheWatchers(seed, play =>
    {
        var rounds = play.Setting.Rounds.Select(round => round with
        {
            Resolves = play.Setting.Rounds.FirstOrDefault(later => later.Opens > round.Opens.AddDays(6))?.Opens + Committed ?? round.Resolves,
        }).ToList();
        var setting = new Setting(seed, Severity.None, Weeks, rounds);
        return play with { Setting = setting, MoreActs = [.. rounds.SelectMany(round => CollectsOfSomebodyElse(setting, round))] };
    });

    static void LoseMessagesOfTheWatchers(int seed, Func<Play, Play> change)
    {
        var (calm, lost) = (SeedRun.One(seed, Severity.None, Weeks, false, change), 0);
        var died = SeedRun.One(seed, Severity.None, Weeks, false, play => change(play) with
        {
            Storage = (request, next) =>
            {
                if (MessageIn(request)?.StartsWith($"/{VaultQueues.Watch}/", StringComparison.Ordinal) != true)
                    return next(request);
                lost++;
                return new Answer(201, Encoding.UTF8.GetBytes(NeverSeen), "application/xml", []);
            },
        });
        Assert.Null(died.Failure);
        Assert.Null(EndFacts.Difference(calm.End!.Facts, died.End!.Facts));
        Assert.True(lost > 10 && calm.End.Tally.Staked > 2, $"{lost} messages were lost, {calm.End.Tally.Staked} rounds staked: that is no test.");
    }

    /// <summary>At once, before the app asks for the result.</summary>
    static IEnumerable<PlannedAct> CollectsOfSomebodyElse(Setting setting, SimulatedRound round) => setting.Vaults.Select((_, index) => new PlannedAct(
        round.Resolves, index, Setting.AddressOf(0xf1, 1), "collect", (model, call) => model.Collect(call, (uint)round.Number, staked => staked + (staked * round.ReturnBps / 10_000))));

    /// <summary>The end of the first sweep for which the process is there again.</summary>
    static DateTimeOffset SweepAfter(Setting setting, DateTimeOffset death) => setting.Ticks.First(tick => tick > death + DownMost) + Tick;

    /// <summary>The queue and the text that is put into it; null: another request.</summary>
    static string? MessageIn(StorageRequest request) => request.Method == "POST" && request.Path.EndsWith("/messages", StringComparison.Ordinal)
        ? $"{request.Path} {Encoding.UTF8.GetString(Convert.FromBase64String(XDocument.Load(new MemoryStream(request.Body)).Root!.Element("MessageText")!.Value))}"
        : null;
}

using Backstake.Simulation.Engine;

namespace Backstake.Simulation.World;

/// <summary>
/// Which faults a seed has, and how often (FAULTS.md 2.1: each seed draws its own ranges, most have only some of the faults, so that each is met alone and
/// with every other).
/// </summary>
public static class Swarm
{
    public static FaultRanges Of(int seed, Severity severity)
    {
        if (severity == Severity.None)
            return FaultRanges.None;
        var random = Random64.For(seed, "swarm");
        double Some(double most) => random.Chance(0.5) ? 0 : random.Part() * most;
        var crash = random.Chance(0.5) ? 0 : random.Part() * 0.004;
        return new FaultRanges
        {
            Calls = Enum.GetValues<Service>().ToDictionary(service => service, service => new CallFaults(
                LostRequest: Some(0.05), LostAnswer: Some(0.05), Refused: Some(0.10), HalfAnswer: Some(0.03), Html: Some(0.03), Crash: crash, Slow: Some(0.02))),
            MessagesLost = Some(0.30),
            MessagesAgain = Some(0.50),
            MessagesDelayed = Some(0.20),
            MessageDelayMost = random.Span(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            TimersLost = Some(0.30),
            TimersTwice = Some(0.50),
            LatencyMost = TimeSpan.FromMilliseconds(random.Between(2, 2000)),
            DownMost = TimeSpan.FromMinutes(random.Between(1, 20)),
            Outages = PlanOutages(random, severity),
            Spikes = PlanSpikes(random),
        };
    }

    /// <summary>Numerai or the node, down from minutes to two days.</summary>
    static List<(Service Service, DateTimeOffset From, DateTimeOffset To)> PlanOutages(Random64 random, Severity severity)
    {
        var outages = new List<(Service, DateTimeOffset, DateTimeOffset)>();
        foreach (var service in new[] { Service.Numerai, Service.Chain })
        {
            for (var i = random.Chance(0.5) ? 0 : random.Between(1, 10); i > 0; i--)
            {
                var from = Setting.Start + random.Span(TimeSpan.FromDays(3), TimeSpan.FromDays(84));
                outages.Add((service, from, from + random.Span(TimeSpan.FromMinutes(1), TimeSpan.FromHours(severity == Severity.Mild ? 6 : 48))));
            }
        }

        return outages;
    }

    /// <summary>The base fee times 2 … 40, for up to a day.</summary>
    static List<(DateTimeOffset From, DateTimeOffset To, int Times)> PlanSpikes(Random64 random)
    {
        var spikes = new List<(DateTimeOffset, DateTimeOffset, int)>();
        for (var i = random.Chance(0.5) ? 0 : random.Between(1, 12); i > 0; i--)
        {
            var from = Setting.Start + random.Span(TimeSpan.FromDays(3), TimeSpan.FromDays(84));
            spikes.Add((from, from + random.Span(TimeSpan.FromMinutes(5), TimeSpan.FromDays(1)), random.Between(2, 41)));
        }

        return spikes;
    }
}

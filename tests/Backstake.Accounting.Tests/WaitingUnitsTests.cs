using Xunit;

namespace Backstake.Accounting.Tests;

public sealed class WaitingUnitsTests
{
    /// <summary>Deposits, more of them, cancellations and settlements, on any of the forks: each must go on to hold what was set on it and before it, and nothing else.</summary>
    [Fact]
    public void Forks_HoldWhatWasSet_AndNothingOfEachOther()
    {
        var random = new Random(7);
        var forks = new List<(WaitingUnits Units, Dictionary<WaitingId, Units> Held)> { (new(), []) };
        for (var step = 0; step < 20_000; step++)
        {
            var at = random.Next(forks.Count);
            var (units, held) = forks[at];
            if (random.Next(3) > 0) forks[at] = (units = units.Fork(), held = new(held)); // whoever still has the other one sees no change
            if (random.Next(8) == 0 && forks.Count < 12) forks.Add((units.Fork(), new(held)));
            var id = new WaitingId(new TermsId("T"), (Payout)random.Next(2), new Backer($"0x{random.Next(60):x40}"));
            var now = new Units(random.Next(3));
            units.Set(id, now);
            if (now.IsZero) held.Remove(id);
            else held[id] = now;
            if (random.Next(500) == 0)
            {
                units.Clear();
                held.Clear();
            }

            foreach (var (fork, expected) in forks)
            {
                Assert.Equal(expected.Count, fork.Count);
                Assert.Equal(expected.Count == 0, fork.IsEmpty);
                Assert.Equal(expected.GetValueOrDefault(id), fork.Of(id));
            }

            if (step % 50 == 0) Assert.All(forks, fork => Assert.Equal(fork.Held.OrderBy(one => one.Key), fork.Units.Sorted()));
        }
    }
}

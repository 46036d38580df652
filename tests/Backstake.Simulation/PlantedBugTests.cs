using Backstake.Simulation.Plants;
using Backstake.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>The simulator finds bugs: each planted one within a few seeds, and by a check that is meant to.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    const int SeedsMost = 12;
    const int Weeks = 6;

    public static TheoryData<string> Names => [.. Plant.All.Select(plant => plant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void APlantedBug_IsFound(string name)
    {
        var plant = Plant.All.Single(it => it.Name == name);
        for (var seed = 1; seed <= SeedsMost; seed++)
        {
            if (SeedRun.Play(seed, weeks: Weeks, change: plant.Into).Failure is not { } failure)
                continue;
            output.WriteLine($"Seed {seed}: {failure.Message.Split('\n')[0]}");
            Assert.Contains(failure.Check, plant.FoundBy);
            return;
        }

        Assert.Fail($"{SeedsMost} seeds didn't find it.");
    }

    [Fact]
    public void ThereAreAtLeastTwenty() => Assert.True(Plant.All.Select(plant => plant.Name).Distinct(StringComparer.Ordinal).Count() >= 20);
}

using Backstake.BooksEqualChain.Histories;
using Xunit.Abstractions;

namespace Backstake.BooksEqualChain;

/// <summary>
/// The same random history, told to the books and played to the vault contract, gives the same money, the same verdicts and the same refusals. BACKSTAKE_HISTORIES: how many (40, or
/// 1,000 with BACKSTAKE_DEEP=1); BACKSTAKE_SEED: the first one's seed (1). A history in which they differ is shortened before it is shown.
/// </summary>
[Collection(OneWorld.Name)]
public sealed class BooksEqualChainTests(WorldFixture fixture, ITestOutputHelper output)
{
    private const int UsualHistories = 40;
    private const int ManyHistories = 1_000;
    private const int Weeks = 20;

    [SkippableFact]
    public async Task TheSameHistory_GivesTheSameBooksAndChain()
    {
        var (world, histories, first) = (fixture.World, Setting("BACKSTAKE_HISTORIES", Setting("BACKSTAKE_DEEP", 0) == 1 ? ManyHistories : UsualHistories), Setting("BACKSTAKE_SEED", 1));
        var counts = new Counts();
        for (var seed = first; seed < first + histories; seed++)
        {
            var history = Generator.Of(seed, Weeks);
            try
            {
                counts.Add(await Player.Play(world, history, Disturbance.None));
            }
            catch (Difference difference)
            {
                var (shortest, why) = await Shrinking.Shrink(world, history, difference, Disturbance.None);
                Assert.Fail($"seed {seed}, {shortest.Moves.Length} of {history.Moves.Length} moves are left: {why.Message}");
            }
        }

        output.WriteLine($"{histories} histories of {Weeks} weeks, seeds from {first}\n{counts}");
        if (histories >= UsualHistories) Assert.Empty(counts.Missing(Expected.All));
    }

    private static int Setting(string name, int usual) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text) : usual;
}

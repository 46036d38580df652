using MathNet.Numerics.Random;

namespace Backstake.Research;

/// <summary>A model with the account that stakes on it and how much (NMR).</summary>
/// <param name="Record">Resolved rounds behind it.</param>
public sealed record StakedModel(string Model, string Account, double Stake, int Record);

/// <summary>Who stakes what on whom, and what the models then returned.</summary>
public sealed record StakedField(IReadOnlyList<StakedModel> Stakes, ReturnTable Returns)
{
    /// <summary>
    /// A field heavy with whales: the 15 largest accounts hold half of the stake. Stakes of accounts fall as a power of their rank, with the exponent that makes it so; an account spreads its stake evenly over one to ten
    /// models; skill has nothing to do with stake. Same seed, same field.
    /// </summary>
    public static StakedField WhaleHeavy(int accounts, double totalStake, int rounds, int seed)
    {
        const int Whales = 15;
        const int MostModels = 10;
        if (accounts < 2 * Whales + 1) throw new ResearchInputException($"At least {(2 * Whales) + 1} accounts, so that {Whales} of them can hold half and mean something.");
        var (low, high) = (0.0, 10.0);
        for (var i = 0; i < 80; i++)
        {
            var middle = (low + high) / 2;
            if (Part(middle) < 0.5) low = middle; else high = middle;
        }

        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var sum = Enumerable.Range(1, accounts).Sum(rank => Math.Pow(rank, -high));
        var stakes = new List<StakedModel>();
        for (var rank = 1; rank <= accounts; rank++)
        {
            var models = 1 + random.Next(MostModels);
            for (var m = 0; m < models; m++) stakes.Add(new StakedModel($"MODEL_{stakes.Count + 1:000}", $"ACCOUNT_{rank:000}", totalStake * Math.Pow(rank, -high) / sum / models, 30 + random.Next(270)));
        }

        var field = SimulatedField.Make(new FieldMoments { EmptyShare = 0 }, stakes.Count, rounds, 1, random.Next()).Past;
        return new StakedField(stakes, new ReturnTable(field.Rounds, [.. stakes.Select(s => s.Model)], [.. Enumerable.Range(0, stakes.Count).Select(m => field[m].ToArray())]));

        double Part(double exponent) => Enumerable.Range(1, Whales).Sum(rank => Math.Pow(rank, -exponent)) / Enumerable.Range(1, accounts).Sum(rank => Math.Pow(rank, -exponent));
    }
}

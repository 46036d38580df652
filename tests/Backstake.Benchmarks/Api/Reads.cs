using Backstake.Functions.Tests.Storage;

namespace Backstake.Benchmarks.Api;

/// <summary>What visitors read, in these parts: the list, one vault, and what is told of it. The same seed gives the same calls.</summary>
internal sealed class Reads(IReadOnlyList<string> vaults, int seed)
{
    private readonly Random _random = new(seed);

    public (string Kind, string Path) Next()
    {
        var vault = $"api/vaults/{vaults[_random.Next(vaults.Count)]}";
        return _random.Next(100) switch
        {
            < 15 => ("list", "api/vaults"),
            < 20 => ("list_sorted", "api/vaults?sort=reliability&limit=20"),
            < 60 => ("vault", vault),
            < 70 => ("terms", $"{vault}/terms"),
            < 75 => ("terms_document", $"{vault}/terms/{History.TermsOne}"),
            < 80 => ("weeks", $"{vault}/weeks"),
            < 85 => ("books", $"{vault}/weeks/2"),
            < 90 => ("submissions", $"{vault}/submissions"),
            < 95 => ("performance", $"{vault}/performance"),
            _ => ("proof", $"{vault}/weeks/2/proof"),
        };
    }
}

using Backstake.Servers;

namespace Backstake.BooksEqualChain;

/// <summary>Who acts.</summary>
internal static class People
{
    public static readonly string Numerai = Anvil.Addresses[0].ToLowerInvariant();
    public static readonly string Owner = Anvil.Addresses[1].ToLowerInvariant();
    public static readonly string Committer = Anvil.Addresses[2].ToLowerInvariant();
    public static readonly string StakerKey = Anvil.Addresses[3].ToLowerInvariant();
    public static readonly string Settler = Anvil.Addresses[4].ToLowerInvariant();
    public static readonly string Guardian = Anvil.Addresses[5].ToLowerInvariant();

    /// <summary>Sends what anybody may send.</summary>
    public static readonly string Anybody = Anvil.Addresses[6].ToLowerInvariant();

    /// <summary>Sends the vault NMR that nobody asked for.</summary>
    public static readonly string Donor = Anvil.Addresses[8].ToLowerInvariant();

    private static readonly Dictionary<string, string> Names = new()
    {
        [Numerai] = "Numerai", [Owner] = "the owner", [Committer] = "the committer", [StakerKey] = "the staker key", [Settler] = "the settler", [Guardian] = "the guardian", [Anybody] = "anybody", [Donor] = "a donor",
    };

    /// <summary>The last one buys nothing: units reach it by transfers alone.</summary>
    public static readonly IReadOnlyList<Backer> Backers = [.. Enumerable.Range(1, 5).Select(i => new Backer($"0x{i * 0x1234567:x40}"))];

    public static string NameOf(string address) => Names.GetValueOrDefault(address, address);
}

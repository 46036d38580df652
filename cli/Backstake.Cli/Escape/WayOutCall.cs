using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Cli.Verify;

namespace Backstake.Cli.Escape;

/// <summary>No call can be made, and why; one line.</summary>
internal sealed class NoWayOutException(string message) : Exception(message);

/// <summary>The call with which a holder takes his part of a vault that nobody operates any more, from the books that its chain accepted last (CONTRACT.md "Decided" 15).</summary>
internal static class WayOutCall
{
    /// <param name="series">0: the house.</param>
    /// <param name="exitWeek">The class in which the holder's units are on chain; 0: live units.</param>
    /// <returns>The house's: anybody's to send; units': their holder's.</returns>
    /// <exception cref="NoWayOutException">The history isn't the vault's, or its books have no such class.</exception>
    public static EscapeFunction Of(FoldedHistory history, ChainState state, BigInteger series, uint exitWeek)
    {
        var week = (int)state.LastAccepted;
        if (week == 0) throw new NoWayOutException("No settlement of this vault was ever accepted: every deposit is given back whole, by cancel.");
        if (history.Settlements.FirstOrDefault(settled => settled.Week == week) is not { } last)
            throw new NoWayOutException($"The vault accepted week {week} last; the history ends with week {history.Books.LastWeek}: get a newer one.");
        if (last.Root is null || !last.Root.AsSpan().SequenceEqual(state.Books))
            throw new NoWayOutException($"This is not the vault's history: its books of week {week} have the root {Hex(last.Root ?? [])}, the vault accepted {Hex(state.Books)}.");

        var root = BooksRoot.Of(history.BooksAfter(last));
        // Units asked out after the last accepted settlement are live units in its books.
        var leafWeek = exitWeek <= state.LastAccepted ? exitWeek : 0;
        var leaf = root.Leaves.FirstOrDefault(leaf => leaf.Series == series && leaf.ExitWeek == leafWeek)
            ?? throw new NoWayOutException($"The books of week {week} have no units of series 0x{series:x64} that {(leafWeek == 0 ? "live" : $"left in week {leafWeek}")}{Others(root, series)}.");
        return new EscapeFunction { Leaf = leaf, Proof = root.Proof(leaf), ExitWeek = exitWeek };
    }

    private static string Others(BooksRoot root, BigInteger series)
    {
        var weeks = root.Leaves.Where(leaf => leaf.Series == series).Select(leaf => leaf.ExitWeek == 0 ? "live ones (0)" : $"{leaf.ExitWeek}").ToList();
        return weeks.Count == 0 ? "" : $"; they have {string.Join(", ", weeks)}";
    }

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);
}

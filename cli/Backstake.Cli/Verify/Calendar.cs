using System.Collections.Immutable;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>
/// When each week ends, from what the vault was created with and from the moves that it logged (CONTRACT.md "Decided" 1). The contract's own answer knows the newest moves alone: of weeks long
/// past it can be wrong.
/// </summary>
internal sealed class Calendar(DateTimeOffset firstCut, ImmutableSortedDictionary<uint, TimeSpan> moves)
{
    public static Calendar Of(ChainEvidence chain) => Of(chain.Created, chain.Log);

    public static Calendar Of(CreateVault created, IEnumerable<VaultLogEntry> log)
    {
        var moves = ImmutableSortedDictionary<uint, TimeSpan>.Empty;
        foreach (var seen in log.Select(entry => entry.Event))
        {
            if (seen is CutMovedEvent moved) moves = moves.SetItem(moved.FromWeek, TimeSpan.FromSeconds(moved.Shift));
            if (seen is CutMoveRevokedEvent revoked) moves = moves.Remove(revoked.FromWeek);
        }

        return new(created.FirstCutTime, moves);
    }

    public DateTimeOffset Cut(int week) => firstCut.AddDays(7 * (week - 1)) + moves.LastOrDefault(move => move.Key <= week).Value;

    /// <summary>How many weeks have ended at a time.</summary>
    public int Ended(DateTimeOffset time)
    {
        var weeks = 0;
        while (Cut(weeks + 1) <= time) weeks++;
        return weeks;
    }
}

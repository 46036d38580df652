using Backstake.Simulation.Chain;

namespace Backstake.Simulation.Checks;

/// <summary>What must be equal at the end of all runs of one seed whose faults may change nothing.</summary>
public static class EndFacts
{
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, LogChecker> logs, ChainModel chain)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, log) in logs)
        {
            facts[$"{id} staked"] = string.Join(' ', log.StakedIn.OrderBy(it => it.Key).Select(it => $"{it.Key}:{it.Value}"));
            facts[$"{id} missed"] = string.Join(' ', log.Missed.OrderBy(it => it.Key).Select(it => $"{it.Key}:{it.Value}"));
            foreach (var (week, settled) in log.Settled.OrderBy(it => it.Key))
                facts[$"{id} week {week}"] = $"{settled.EntryDigest} {settled.BooksDigest} {settled.BooksRoot} {settled.OwnerShare}";
            facts[$"{id} books"] = log.Books is null ? "" : Convert.ToHexStringLower(log.Books.Digest());
            var vault = chain.World.Vaults[id];
            facts[$"{id} chain"] = $"accepted {vault.LastAccepted} free {vault.Free} staked {vault.Staked} reserve {vault.ReserveTotal} locked {vault.ReserveLocked} spare {vault.HouseSpare} units {vault.Units}";
        }

        return facts;
    }

    /// <summary>The first facts that differ; null: none.</summary>
    public static string? Difference(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> seen)
    {
        var different = expected.Keys.Union(seen.Keys).Where(name => expected.GetValueOrDefault(name) != seen.GetValueOrDefault(name)).Take(4).ToList();
        return different.Count == 0 ? null : string.Join('\n', different.Select(name => $"{name}\n  undisturbed: {expected.GetValueOrDefault(name)}\n  disturbed:   {seen.GetValueOrDefault(name)}"));
    }
}

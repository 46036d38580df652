using Backstake.Accounting;

namespace Backstake.Cli.Verify;

/// <summary>settle(n) stands after every log of blocks before cut(n) and before any later one, so nobody chose what a week holds (CONTRACT.md "Decided" 1 and 2). The cuts are those of the vault's log.</summary>
internal static class SettlementsStandAtTheirCuts
{
    private const string Name = "Every settlement stands at its cut";

    public static Check Of(FoldedHistory history, IReadOnlyList<LoggedEvent> logged, ChainEvidence chain) =>
        Check.Of(Name, $"{history.Settlements.Length} settlements", Wrong(history, logged, chain));

    private static IEnumerable<string> Wrong(FoldedHistory history, IReadOnlyList<LoggedEvent> logged, ChainEvidence chain)
    {
        var calendar = Calendar.Of(chain);
        foreach (var (week, cut) in chain.Cuts)
        {
            if (cut != calendar.Cut(week)) yield return $"the vault says that week {week} ends at {cut:u}, its log says {calendar.Cut(week):u}";
        }

        var (next, settled) = (0, 0);
        for (var i = 0; i < history.File.Events.Length; i++)
        {
            if (history.File.Events[i] is Settle settle)
            {
                settled = settle.Week.Number;
                if (calendar.Cut(settled) > chain.Block.Time) yield return $"events[{i}] settles week {settled}, which ends after the final block {chain.Block.Number}";
            }
            else if (!HistoryIsTheChains.IsTheAppsOwn(history.File.Events[i], history) && next < logged.Count)
            {
                var entry = logged[next++].Entry;
                var due = calendar.Ended(entry.Block.Time);
                if (due != settled) yield return $"events[{i}] stands after settlement {settled}, its block {entry.Block.Number} belongs after settlement {due}";
            }
        }
    }
}

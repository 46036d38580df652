using Backstake.Accounting;

namespace Backstake.Cli.Verify;

/// <summary>
/// What moved money or units in the history is what the vault logged, one for one and in the same order: nothing is invented, nothing left out. The app's own events are settlements (which
/// have their own check), and rounds without a stake and their results of 0.
/// </summary>
internal static class HistoryIsTheChains
{
    private const string Name = "The history's money is the chain's, event by event";

    public static Check Of(FoldedHistory history, IReadOnlyList<LoggedEvent> logged, ChainEvidence chain)
    {
        var next = 0;
        for (var i = 0; i < history.File.Events.Length; i++)
        {
            var told = history.File.Events[i];
            if (IsTheAppsOwn(told, history)) continue;
            if (next == logged.Count) return Check.Fail(Name, $"events[{i}] {LoggedEvent.Text(told)}: the vault logged nothing more up to the final block {chain.Block.Number}");
            if (logged[next].Event != told) return Check.Fail(Name, $"events[{i}] is {LoggedEvent.Text(told)}, the vault logged {logged[next]}");
            next++;
        }

        return next == logged.Count
            ? Check.Pass(Name, $"{logged.Count} events up to the final block {chain.Block.Number}")
            : Check.Fail(Name, $"the history leaves out {logged[next]} (if the vault went on since, get its history and books again)");
    }

    /// <summary>Appended by the app without a log: the chain decides them by its silence.</summary>
    public static bool IsTheAppsOwn(VaultEvent told, FoldedHistory history) => told switch
    {
        Settle => true,
        Close close => close.ShareBps == BasisPoints.Zero,
        Resolve resolve => resolve.Payout.IsZero && history.Stakes.TryGetValue(resolve.Round, out var stake) && stake.IsZero,
        _ => false,
    };
}

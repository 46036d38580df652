using Backstake.Accounting;

namespace Backstake.Research;

/// <summary>What a vault's own rounds brought: the model's history as the vault's money saw it.</summary>
public static class VaultReturns
{
    /// <summary>Payout over stake of each resolved round, in the order of the rounds; NaN where nothing was staked.</summary>
    /// <param name="history">Refused events are none.</param>
    public static double[] Of(ReplayFile history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var fold = new Fold(history.Begin());
        var returns = new SortedDictionary<int, double>();
        foreach (var happened in history.Events)
        {
            var stake = happened is Resolve resolved ? fold.StakeIn(resolved.Round) : null;
            if (fold.Apply(happened, out _) is null && happened is Resolve { Round.Number: var round, Payout: var payout })
                returns[round] = stake!.Value.IsZero ? double.NaN : (double)payout.Wei / (double)stake.Value.Wei;
        }

        return [.. returns.Values];
    }
}

using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>What happened to a vault, in a sentence for those who follow it. Nothing that others wrote is said again but stable names.</summary>
public static class VaultWords
{
    /// <summary>Null: it isn't news.</summary>
    public static string? Of(LogEvent happened) => happened switch
    {
        TermsOffered it => $"Terms {it.Id} are on offer",
        TermsWithdrawn it => $"The offer of terms {it.Id} is withdrawn",
        Booked { Event: Resolve it } => it.Payout.IsNegative ? $"Round {it.Round} burned {-it.Payout} NMR" : $"Round {it.Round} won {it.Payout} NMR",
        Booked { Event: WindDown } => "The vault closes: at the next settlement everybody leaves",
        RoundMissed it => $"Round {it.Round} was missed: {it.Cause}",
        ModelChangeAnnounced it => $"The owner announces another model from round {it.FromRound} on",
        VaultSettled it => $"Week {it.Week} is settled",
        SettlementVetoed it => $"The settlement of week {it.Week} was vetoed",
        SettlementAccepted it => $"The settlement of week {it.Week} is accepted: what it pays can be claimed",
        CutMoved it => $"The owner moves the weeks' cuts from week {it.FromWeek} on",
        CutMoveRevoked it => $"The move of the cuts from week {it.FromWeek} on is taken back",
        StakerAdopted it => $"From here on {it.Staker} stakes",
        VaultPaused it => (it.Deposits, it.Staking) switch
        {
            (true, true) => "Deposits and staking are paused; exits and claims go on",
            (true, false) => "Deposits are paused; staking, exits and claims go on",
            (false, true) => "Staking is paused; deposits, exits and claims go on",
            _ => "Nothing is paused any more: deposits and staking go on",
        },
        BooksClosed => "The way out without an operator is open: nothing is settled any more",
        VaultHalted it => $"The vault has halted: {it.Cause}",
        VaultResumed => "The vault goes on",
        _ => null,
    };
}

using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Notifications;

/// <summary>
/// What an entry of a vault's log is to an address: a pure function of the state before it, the entry and the address, so that nothing is lost and anybody can compute it again. In it stands what is
/// public, or the address's own; nothing of predictions, and no amount of anybody else's.
/// </summary>
public static class VaultNews
{
    /// <param name="before">The state before the entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="address">0x and 40 lower-case hex digits.</param>
    /// <param name="paid">What the week's published books pay to whom, where the entry is about a week; the owner as <see cref="Payment.Owner"/>.</param>
    public static IEnumerable<Notification> Of(VaultState before, LogEntry entry, string address, IReadOnlyDictionary<string, Nmr> paid)
    {
        if (before.Record.Vault is not { } vault)
            yield break;
        foreach (var news in Of(before, entry.Event, address, paid))
        {
            var data = new JsonObject { ["vault"] = before.Id, ["model"] = vault.Model, ["tournament"] = vault.Tournament };
            foreach (var (name, value) in news.Data)
                data[name] = value?.DeepClone();
            yield return new(before.Id, entry.Sequence, news.Kind, entry.At, news.Text, data);
        }
    }

    /// <summary>The week whose published books say who is paid; null: the entry is about none.</summary>
    public static WeekRecord? WeekOf(VaultState before, LogEvent happened) => happened switch
    {
        VaultSettled it => new(it.BooksDigest, it.BooksRoot, it.ProposalDigest, it.EntryDigest),
        SettlementAccepted it => before.Record.Weeks.GetValueOrDefault(it.Week),
        _ => null,
    };

    static IEnumerable<News> Of(VaultState before, LogEvent happened, string address, IReadOnlyDictionary<string, Nmr> paid)
    {
        var isOwner = OwnNews.IsOwner(before.Record, address);
        if (OwnNews.Of(before.Record, happened, address) is { } own)
            yield return own;
        if (GivenBack(before, happened, address) is { } back)
            yield return back;
        if (happened is SettlementAccepted accepted)
        {
            if (paid.TryGetValue(address, out var amount))
                yield return new(NotificationKind.PaymentReleased, $"The settlement of week {accepted.Week} is accepted: {amount} NMR can be claimed", Paid(accepted.Week, amount));
            if (isOwner && paid.TryGetValue(Payment.Owner, out var income))
                yield return new(NotificationKind.IncomeReleased, $"The settlement of week {accepted.Week} is accepted: the owner can take {income} NMR", Paid(accepted.Week, income));
        }

        if (isOwner && OfOwner(before, happened) is { } owners)
            yield return owners;
        if (OfVault(before, happened) is not { } all)
            yield break;
        var isHolder = Position.IsIn(before.Books, new Backer(address));
        if (isOwner || isHolder)
            yield return isHolder && happened is VaultSettled settled ? all with { Data = Paid(settled.Week, paid.GetValueOrDefault(address)) } : all;
    }

    static JsonObject Paid(int week, Nmr amount) => new() { ["week"] = week, ["amount"] = $"{amount}" };

    /// <summary>A vault that winds down takes nobody in: what waits is given back at the settlement.</summary>
    static News? GivenBack(VaultState before, LogEvent happened, string address)
    {
        if (happened is not VaultSettled || !before.Books.IsWindingDown)
            return null;
        var waiting = before.Books.WaitingUnits.Where(one => one.Key.Backer.Address == address).ToList();
        var (units, amount) = (new Units(waiting.Sum(one => one.Value.Count)), waiting.Aggregate(Nmr.Zero, (sum, one) => sum + (one.Value * before.Books.Terms[one.Key.Terms].UnitSize)));
        return units.IsZero ? null : new(
            NotificationKind.DepositCancelled, $"A deposit of {OwnNews.Counted(units)} is refused, because the vault closes: {amount} NMR are given back", new() { ["units"] = units.Count, ["amount"] = $"{amount}", ["cause"] = "windingDown" });
    }

    static News? OfOwner(VaultState before, LogEvent happened) => happened switch
    {
        VaultSettled { OwnerShare.IsZero: false } it => new(NotificationKind.IncomeSettled, $"Week {it.Week} gave the owner {it.OwnerShare} NMR of the units' profit", Paid(it.Week, it.OwnerShare)),
        AttemptFailed { Cause: Cause.NodeFailed } it when IsFirst(before, it) => Failing(NotificationKind.NodeFailed, it, $"The node brought no file for round {it.Subject}; it is called until the deadline"),
        AttemptFailed { Cause: Cause.InvalidPredictions } it when IsFirst(before, it) => Failing(NotificationKind.PredictionsRefused, it, $"The file for round {it.Subject} breaks the tournament's rules"),
        AttemptFailed { Cause: NumeraiException.OwnersKeyRefusedCause } it when IsFirst(before, it) => Failing(NotificationKind.KeyRefused, it, "Numerai refuses the owner's key: bring another, or take it back"),
        _ => null,
    };

    /// <summary>A step is tried again every minute: who is told once knows.</summary>
    static bool IsFirst(VaultState before, AttemptFailed failed) => failed.Step == Step.Submission
        ? before.Record.Rounds.TryGetValue(failed.Subject, out var round) && (round.FailedAttempts == 0 || round.LastCause != failed.Cause)
        : failed.Attempt == 1;

    static News Failing(NotificationKind kind, AttemptFailed failed, string text) => new(kind, text, new() { ["step"] = failed.Step, ["subject"] = failed.Subject, ["cause"] = failed.Cause });

    static News? OfVault(VaultState before, LogEvent happened)
    {
        if (happened is SubmissionChecked { Stale: true } look)
        {
            return before.Record.Rounds.TryGetValue(look.Round, out var round) && !round.Stale
                ? new(NotificationKind.SubmissionStale, $"Numerai holds another file for round {look.Round} than the one that the vault submitted", new() { ["round"] = look.Round })
                : null;
        }

        return KindOf(happened) is (var kind, var data) ? new(kind, VaultWords.Of(happened)!, data) : null;
    }

    static (NotificationKind Kind, JsonObject Data)? KindOf(LogEvent happened) => happened switch
    {
        VaultSettled it => (NotificationKind.WeekSettled, new() { ["week"] = it.Week }),
        SettlementVetoed it => (NotificationKind.SettlementVetoed, new() { ["week"] = it.Week }),
        Booked { Event: Resolve { Payout.IsZero: false } it } => (NotificationKind.RoundResolved, new() { ["round"] = it.Round.Number, ["amount"] = $"{it.Payout}" }),
        Booked { Event: WindDown } => (NotificationKind.VaultWindingDown, []),
        RoundMissed it => (NotificationKind.RoundMissed, new() { ["round"] = it.Round, ["cause"] = it.Cause }),
        ModelChangeAnnounced it => (NotificationKind.ModelChangeAnnounced, new() { ["fromRound"] = it.FromRound }),
        TermsOffered it => (NotificationKind.TermsOffered, new() { ["terms"] = it.Id }),
        TermsWithdrawn it => (NotificationKind.TermsWithdrawn, new() { ["terms"] = it.Id }),
        CutMoved it => (NotificationKind.CutMoved, new() { ["fromWeek"] = it.FromWeek, ["shiftSeconds"] = it.ShiftSeconds }),
        CutMoveRevoked it => (NotificationKind.CutMoveRevoked, new() { ["fromWeek"] = it.FromWeek }),
        StakerAdopted it => (NotificationKind.StakerAdopted, new() { ["staker"] = it.Staker }),
        VaultPaused it => (NotificationKind.VaultPaused, new() { ["deposits"] = it.Deposits, ["staking"] = it.Staking }),
        BooksClosed => (NotificationKind.VaultClosed, []),
        VaultHalted it => (NotificationKind.VaultHalted, new() { ["cause"] = it.Cause }),
        VaultResumed => (NotificationKind.VaultResumed, []),
        _ => null,
    };
}

using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using ChainSeries = Backstake.Chain.Vault.SeriesId;
using SeriesId = Backstake.Accounting.SeriesId;

namespace Backstake.Cli.Verify;

/// <summary>A log of the vault that moves its books, and the event that it must be in the history.</summary>
internal sealed record LoggedEvent(VaultLogEntry Entry, VaultEvent Event)
{
    public override string ToString() => $"{Text(Event)} of block {Entry.Block.Number}, transaction {Entry.TransactionHash}";

    public static string Text(VaultEvent vaultEvent) => System.Text.Encoding.UTF8.GetString(EventJson.Write(vaultEvent));
}

/// <summary>What the vault's logs say to the books: the logs that move money or units, and no others. With the opening of the way out without an operator the books end.</summary>
internal static class ChainMoney
{
    private const string Nobody = "0x0000000000000000000000000000000000000000";

    /// <exception cref="UnknownSeriesException">A log names a series whose terms the history doesn't have.</exception>
    public static IReadOnlyList<LoggedEvent> Of(ChainEvidence chain, ReplayFile file)
    {
        var terms = file.Terms.Keys.ToList();
        return [.. chain.Log.TakeWhile(entry => entry.Event is not BooksClosedEvent).Select(entry => (Entry: entry, Event: Meaning(entry.Event, terms))).Where(it => it.Event is not null).Select(it => new LoggedEvent(it.Entry, it.Event!))];
    }

    /// <summary>The books' series: its terms are known by the high 224 bits that the chain's number holds ("Decided" 5).</summary>
    public static SeriesId SeriesOf(BigInteger number, IEnumerable<TermsId> terms)
    {
        var series = ChainSeries.Of(number);
        var found = terms.Where(id => series.IsOf(id.Text)).Take(1).ToList();
        return found.Count == 1
            ? new SeriesId(found[0], new Week((int)series.JoinWeek), series.Pays ? Payout.Pay : Payout.Compound)
            : throw new UnknownSeriesException($"the chain has units under terms {series.TermsPrefix}…, which the history doesn't know");
    }

    public static Nmr UnitSizeOf(BigInteger series, ReplayFile file) => file.Terms[SeriesOf(series, file.Terms.Keys).Terms].UnitSize;

    /// <summary>Null: it moves neither money nor units.</summary>
    public static VaultEvent? Meaning(IVaultEvent seen, IReadOnlyCollection<TermsId> terms)
    {
        SeriesId Series(BigInteger number) => SeriesOf(number, terms);
        switch (seen)
        {
            case DepositedEvent it:
                return new Deposit(BackerOf(it.Backer), Series(it.Series).Terms, new Units((long)it.Units), Series(it.Series).Payout);
            case CancelledEvent it:
                return new CancelDeposit(BackerOf(it.Backer), Series(it.Series).Terms, new Units((long)it.Units), Series(it.Series).Payout);
            case ExitingEvent it:
                return new Exit(BackerOf(it.Backer), Series(it.Series), new Units((long)it.Units));
            case ExitCancelledEvent it:
                return new CancelExit(BackerOf(it.Backer), Series(it.Series), new Units((long)it.Units));
            // From or to nobody: deposits, exits and their cancellations, which say more themselves.
            case UnitsMovedEvent it when it.Sender != Nobody && it.Receiver != Nobody:
                return new Transfer(BackerOf(it.Sender), BackerOf(it.Receiver), Series(it.Series), new Units((long)it.Units));
            case HouseAddedEvent it:
                return new HouseDeposit(new Nmr(it.Amount));
            case HouseAskedEvent it:
                return new HouseWithdraw(new Nmr(it.Amount));
            case ReserveAddedEvent it:
                return new ReserveDeposit(new Nmr(it.Amount));
            case ReserveAskedEvent it:
                return new ReserveWithdraw(new Nmr(it.Amount));
            case StakedEvent it:
                return new Close(new Round((int)it.Round), new BasisPoints(it.ShareBps));
            case CollectedEvent it:
                return new Resolve(new Round((int)it.Round), new Nmr(it.Returned - it.Staked));
            case WindingDownEvent:
                return new WindDown();
            default:
                return null;
        }
    }

    private static Backer BackerOf(string address) => new(address.ToLowerInvariant());
}

internal sealed class UnknownSeriesException(string message) : Exception(message);

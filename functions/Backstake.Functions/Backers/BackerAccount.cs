using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backers;

/// <summary>NMR that reached a backer's wallet: a claim on chain.</summary>
/// <param name="ExitWeek">Null: of live units that are paid weekly.</param>
public sealed record Receipt(DateTimeOffset At, string Transaction, SeriesId Series, Week? ExitWeek, Nmr Amount);

/// <summary>What a vault's log says to a backer: a week's statement, or money that arrived.</summary>
public sealed record AccountEntry(WeekStatement? Statement, Receipt? Receipt);

/// <summary>A backer's account in a vault, folded from its log as it is read: only the books and this backer's lines are kept.</summary>
public sealed class BackerAccount(LogTable log)
{
    /// <summary>Up to the state and not beyond it, in the log's order; weeks in which the backer had nothing are left out.</summary>
    public async IAsyncEnumerable<AccountEntry> Read(VaultState state, Backer backer, [EnumeratorCancellation] CancellationToken stop)
    {
        var books = state.Record.Terms.Aggregate(Books.Open(state.Books.Vault), (known, offered) => known.WithTerms(new TermsId(offered.Key), offered.Value));
        var ledger = new BackerLedger(books, backer);
        await foreach (var entry in log.Read(state.Id, 0, LogEntry.Genesis, stop))
        {
            if (entry.Sequence > state.Sequence)
                yield break;
            if (entry.Event is Claimed claimed && claimed.Holder == backer.Address)
                yield return new(null, new(entry.At, entry.Source!.Transaction, SeriesOf(state, claimed.Series), claimed.ExitWeek == 0 ? null : new Week(claimed.ExitWeek), claimed.Amount));
            if (entry.Event.InBooks() is { } booked && ledger.Apply(booked, new(entry.At, entry.Source?.Transaction)) is { IsEmpty: false } statement)
                yield return new(statement, null);
        }
    }

    /// <summary>A settled week's statement; null: the backer had nothing in it.</summary>
    public async Task<WeekStatement?> Statement(VaultState state, Backer backer, Week week, CancellationToken stop)
    {
        await foreach (var entry in Read(state, backer, stop))
        {
            if (entry.Statement is { } statement && statement.Week == week)
                return statement;
        }

        return null;
    }

    static SeriesId SeriesOf(VaultState state, string number)
    {
        var onChain = Chain.Vault.SeriesId.Of(BigInteger.Parse("0" + number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return new(new TermsId(state.Record.Terms.Keys.First(onChain.IsOf)), new Week((int)onChain.JoinWeek), onChain.Pays ? Payout.Pay : Payout.Compound);
    }
}

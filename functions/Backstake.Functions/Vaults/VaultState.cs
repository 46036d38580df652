using Azure;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>A vault as its log says: the books, the record beside them, and where in the log that is.</summary>
/// <param name="Head">The ETag of the head row: an append is refused unless it is still this one.</param>
public sealed record VaultState(string Id, long Sequence, byte[] Chain, ETag Head, Books? OpenBooks, VaultRecord Record)
{
    /// <summary>The place of the last settlement in the log, 0 before the first.</summary>
    public long SettledSequence { get; init; }

    public static VaultState Empty(string id) => new(id, 0, LogEntry.Genesis, default, null, VaultRecord.Empty);

    public Books Books => OpenBooks ?? throw new InvalidOperationException($"The log of vault {Id} doesn't begin with vaultAdded.");

    public VaultAdded Vault => Record.Vault ?? throw new InvalidOperationException($"The log of vault {Id} doesn't begin with vaultAdded.");

    /// <summary>The fold: the same log gives the same state.</summary>
    /// <exception cref="BooksRefusedException">The books refuse an event that the contract let happen: the two disagree.</exception>
    public VaultState Apply(LogEntry entry)
    {
        var next = this with { Sequence = entry.Sequence, Chain = entry.Chain, Record = Record.Apply(entry) };
        return entry.Event switch
        {
            VaultAdded added => next with
            {
                OpenBooks = Books.Open(new VaultSettings(added.Vault, Staking.PerRound, added.ConcurrentRounds)),
            },
            TermsOffered offered => next with { OpenBooks = Books.WithTerms(new TermsId(offered.Id), offered.Content) },
            VaultSettled settled => next.Book(entry, new Settle(new Week(settled.Week))) with { SettledSequence = entry.Sequence },
            Booked { Event: Close close } => next.Close(entry, close),
            Booked booked => next.Book(entry, booked.Event),
            _ => next,
        };
    }

    VaultState Close(LogEntry entry, Close close)
    {
        var next = Book(entry, close);
        return next with { Record = next.Record.Close(close.Round.Number, next.Books.OpenRounds[close.Round].Stake) };
    }

    VaultState Book(LogEntry entry, VaultEvent booked)
    {
        var applied = Books.Apply(booked);
        return applied.Refusal is { } refusal
            ? throw new BooksRefusedException(entry, refusal)
            : this with { OpenBooks = applied.Books };
    }
}

/// <summary>The books refuse what the log was about to say. Nothing was appended; the vault must halt and a person must look.</summary>
public sealed class BooksRefusedException(LogEntry entry, Refusal refusal)
    : Exception($"The books refuse event {entry.Sequence} ({entry.Key}): {refusal.Code}.")
{
    public Refusal Refusal { get; } = refusal;
}

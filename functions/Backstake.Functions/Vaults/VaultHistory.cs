using System.Collections.Immutable;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>A vault's log as a replay file (ACCOUNTING.md 6): the events of the books and the offered terms.</summary>
public sealed class VaultHistory(LogTable log)
{
    /// <summary>Up to the state, and not beyond it.</summary>
    public async Task<ReplayFile> Read(VaultState state, CancellationToken stop)
    {
        var events = ImmutableArray.CreateBuilder<VaultEvent>();
        await foreach (var entry in log.Read(state.Id, 0, LogEntry.Genesis, stop))
        {
            if (entry.Sequence > state.Sequence)
                break;
            if (entry.Event.InBooks() is { } booked)
                events.Add(booked);
        }

        var terms = state.Record.Terms.ToImmutableSortedDictionary(offered => new TermsId(offered.Key), offered => offered.Value);
        return new ReplayFile(state.Books.Vault, terms, events.ToImmutable());
    }
}

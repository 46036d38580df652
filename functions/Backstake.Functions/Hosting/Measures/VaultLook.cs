using Azure;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Owners;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Hosting.Measures;

/// <summary>Looks at one vault: its log, how far the watcher is behind the chain, whether both agree.</summary>
public sealed class VaultLook(
    VaultStore store, LogTable log, ModelOwners models, OpenRounds rounds, EthereumNode node, IOptions<MeasureSettings> settings, TimeProvider clock, ILogger<VaultLook> logger)
{
    /// <param name="final">The node's last final block; null: it doesn't answer.</param>
    public async Task<IReadOnlyList<Measure>> At(RegisteredVault vault, ChainBlock? final, CancellationToken stop)
    {
        VaultState state;
        try
        {
            state = await store.Load(vault.Id, stop);
        }
        catch (Exception damage) when (damage is LogDamagedException or BooksRefusedException)
        {
            logger.LogCritical(damage, "Vault {Vault} can't be read: {Reason}", vault.Id, damage.Message);
            return [new(MeasureNames.Unreadable, "vault", vault.Id, 1)];
        }

        var measures = new List<Measure> { new(MeasureNames.Unreadable, "vault", vault.Id, 0) };
        var now = clock.GetUtcNow();
        measures.AddRange(VaultMeasures.Of(state, await rounds.Recent(vault.Tournament, now, stop), now, TimeSpan.FromMinutes(settings.Value.MinutesBeforeClose)));
        if (state.Sequence == 0 || state.Record.IsOver)
            return measures; // a halted vault has its own alert
        // Who winds down is dealt with.
        measures.Add(new(MeasureNames.ModelLost, "vault", vault.Id, !state.Books.IsWindingDown && (await models.Recent(vault.Id, stop)).Status == OwnershipStatus.Lost ? 1 : 0));
        if (final is not null)
            measures.AddRange(await OfChain(state, final, stop));
        return measures;
    }

    async Task<IReadOnlyList<Measure>> OfChain(VaultState state, ChainBlock final, CancellationToken stop)
    {
        var cursor = (await log.Cursor(state.Id, stop))?.Block ?? state.Vault.Block - 1;
        var measures = new List<Measure> { new(MeasureNames.WatchLag, "vault", state.Id, Math.Max(0, (long)final.Number - cursor)) };
        // The watcher may have appended between the two readings, or be about to: then the next run compares.
        if (state.Record.LastBlock > cursor || cursor < state.Vault.Block || (await log.Head(state.Id, stop)).Sequence != state.Sequence)
            return measures;
        try
        {
            var differences = BooksAndChain.Differences(state, await (await node.At(state.Id, (ulong)cursor, stop)).State(stop)).ToList();
            if (differences.Count > 0)
                logger.LogCritical("Vault {Vault}: log and contract differ at block {Block}: {Differences}", state.Id, cursor, string.Join(", ", differences));
            measures.Add(new(MeasureNames.BooksDiffer, "vault", state.Id, differences.Count));
        }
        catch (Exception unanswered) when (NodeFailure.Is(unanswered))
        {
            // A node keeps the state of about a hundred blocks, and of an older one it can't say anything: compared is after the vault was watched, every half hour at least. The lag has its own alert.
            logger.LogInformation("Vault {Vault} was not compared with its contract at block {Block}: {Kind}", state.Id, cursor, unanswered.GetType().Name);
        }

        return measures;
    }
}

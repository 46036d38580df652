using System.Globalization;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Functions.Backing;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Releases;

/// <summary>Section <c>Releases</c>.</summary>
public sealed class ReleaseSettings
{
    /// <summary>The least that the operator sends to a holder at its own cost, in NMR (a decimal number). What is below it waits, or its holder takes it.</summary>
    public string MinimumNmr { get; set; } = "0.01";
}

/// <summary>
/// Sends the claims that accepted settlements released to their holders. Anybody can send them; the operator does every two weeks, above the gas they cost
/// (DESIGN.md, "Flows" 4). Who holds units of a paid class is read from the settlement's own books.
/// </summary>
public sealed class ReleaseSender(
    VaultStore store, BlobStore blobs, EthereumNode node, TransactionOutbox outbox, WatchAfterwards watch, IOptions<ReleaseSettings> settings, TimeProvider clock)
{
    public async Task Send(SendReleases message, CancellationToken stop) => await store.Run(message.Vault, async work =>
    {
        var record = work.State.Record;
        if (record.LastAcceptedWeek < message.Week || record.LastReleasedWeek >= message.Week)
            return;
        for (var week = record.LastReleasedWeek + 1; week <= message.Week; week++)
            await SendWeek(work, week, record.Weeks[week], stop);
        await work.Append(stop, new NewEntry($"release|{message.Week}", new ReleasesSent(message.Week), clock.GetUtcNow()));
        await watch.Send(work.State.Id, stop);
    }, stop);

    async Task SendWeek(VaultWork work, int week, WeekRecord record, CancellationToken stop)
    {
        if (!Nmr.TryParse(settings.Value.MinimumNmr, out var minimum))
            throw new InvalidOperationException("Set Releases:MinimumNmr to a decimal number of NMR.");
        var proposal = Proposal.FromJson(await blobs.Get(work.State.Id, record.ProposalDigest, stop));
        foreach (var line in proposal.Lines)
        {
            var series = SeriesIds.FromHex(line.Series);
            foreach (var holder in await VaultLogs.HoldersOf(node.Web3, work.State.Id, series, line.ExitWeek, work.State.Vault.Block, stop))
                await SendClaim(work, week, series, line.ExitWeek, holder, minimum, stop);
        }
    }

    async Task SendClaim(VaultWork work, int week, BigInteger series, int exitWeek, string holder, Nmr minimum, CancellationToken stop)
    {
        var claimable = new Nmr(await VaultViews.Claimable(node.Web3, work.State.Id, series, exitWeek, holder, stop));
        if (claimable < minimum || claimable.IsZero)
            return;
        var purpose = string.Create(CultureInfo.InvariantCulture, $"claim|{week}|{SeriesIds.ToHex(series)}|{exitWeek}|{holder}");
        try
        {
            await outbox.Send(Role.Settler, work.State.Id, purpose, work.State.Id, VaultCalls.Claim(series, exitWeek, holder), stop);
        }
        catch (ChainRefusedException)
        {
            // The holder was quicker, or NMR is stopped: nothing is lost, the claim stays.
        }
    }
}

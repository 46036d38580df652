using System.Globalization;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Options;
using ChainSeries = Backstake.Chain.Vault.SeriesId;

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
    VaultStore store, BlobStore blobs, EthereumNode node, TransactionOutbox outbox, IOptions<ReleaseSettings> settings, TimeProvider clock)
{
    public async Task Send(SendReleases message, CancellationToken stop) => await store.Run(message.Vault, async work =>
    {
        var record = work.State.Record;
        if (record.LastAcceptedWeek < message.Week || record.LastReleasedWeek >= message.Week)
            return;
        for (var week = record.LastReleasedWeek + 1; week <= message.Week; week++)
            await SendWeek(work, week, record.Weeks[week], stop);
        await work.Append(stop, new NewEntry($"release|{message.Week}", new ReleasesSent(message.Week), clock.GetUtcNow()));
    }, stop);

    async Task SendWeek(VaultWork work, int week, WeekRecord record, CancellationToken stop)
    {
        if (!Nmr.TryParse(settings.Value.MinimumNmr, out var minimum))
            throw new InvalidOperationException("Set Releases:MinimumNmr to a decimal number of NMR.");
        var proposal = Proposal.FromJson(await blobs.Get(work.State.Id, record.ProposalDigest, stop));
        var chain = await node.Latest(work.State.Id, stop);
        foreach (var line in proposal.Lines)
        {
            foreach (var holder in line.Holders)
                await SendClaim(work, chain, week, line, holder, minimum, stop);
        }
    }

    async Task SendClaim(VaultWork work, VaultReader chain, int week, ProposalLine line, string holder, Nmr minimum, CancellationToken stop)
    {
        var claimable = new Nmr(await chain.Claimable(ChainSeries.Of(line.Series), (uint)line.ExitWeek, holder, stop));
        if (claimable < minimum || claimable.IsZero)
            return;
        var purpose = string.Create(CultureInfo.InvariantCulture, $"claim|{week}|{line.Series:x}|{line.ExitWeek}|{holder}");
        try
        {
            await outbox.Send(Role.Settler, work.State.Id, purpose,
                new ClaimFunction { Series = line.Series, ExitWeek = (uint)line.ExitWeek, Holder = holder }, stop);
        }
        catch (ChainRefusedException)
        {
            // The holder was quicker, or NMR is stopped: nothing is lost, the claim stays.
        }
    }
}

using System.Globalization;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Logging;
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
    VaultStore store, BlobStore blobs, EthereumNode node, TransactionOutbox outbox, IOptions<ReleaseSettings> settings, TimeProvider clock,
    ILogger<ReleaseSender> logger)
{
    const int ClaimsMost = 200; // a run: a message ends well within its limit, the rest follows by the sweep

    public async Task Send(SendReleases message, CancellationToken stop) => await store.Run(message.Vault, async work =>
    {
        var record = work.State.Record;
        if (record.LastAcceptedWeek < message.Week || record.LastReleasedWeek >= message.Week)
            return;
        var chain = await node.Latest(work.State.Id, stop);
        var sent = 0;
        try
        {
            foreach (var claim in await Claims(work, record.LastReleasedWeek + 1, message.Week, stop))
            {
                if (await SendClaim(work, chain, claim, stop) && ++sent == ClaimsMost)
                    return;
            }
        }
        catch (OutsideException waits)
        {
            // Gas is too dear, or what has a deadline goes first: payments can wait, and the sweep brings them back.
            logger.LogInformation("Vault {Vault}: payments wait: {Why}", message.Vault, waits.Message);
            return;
        }

        await work.Append(stop, new NewEntry($"release|{message.Week}", new ReleasesSent(message.Week), clock.GetUtcNow()));
    }, stop);

    /// <summary>Who was paid in these weeks. One claim pays all weeks of a class, so a holder who is in several of them has one, named by the last.</summary>
    async Task<IReadOnlyList<HolderClaim>> Claims(VaultWork work, int first, int last, CancellationToken stop)
    {
        var claims = new Dictionary<(BigInteger, int, string), HolderClaim>();
        for (var week = first; week <= last; week++)
        {
            var proposal = Proposal.FromJson(await blobs.Get(work.State.Id, work.State.Record.Weeks[week].ProposalDigest, stop));
            foreach (var line in proposal.Lines)
            {
                foreach (var holder in line.Holders)
                    claims[(line.Series, line.ExitWeek, holder)] = new HolderClaim(week, line.Series, line.ExitWeek, holder);
            }
        }

        return [.. claims.Values];
    }

    /// <returns>Whether it was sent now.</returns>
    async Task<bool> SendClaim(VaultWork work, VaultReader chain, HolderClaim claim, CancellationToken stop)
    {
        if (!Nmr.TryParse(settings.Value.MinimumNmr, out var minimum))
            throw new InvalidOperationException("Set Releases:MinimumNmr to a decimal number of NMR.");
        var claimable = new Nmr(await chain.Claimable(ChainSeries.Of(claim.Series), (uint)claim.ExitWeek, claim.Holder, stop));
        if (claimable < minimum || claimable.IsZero)
            return false;
        var purpose = string.Create(CultureInfo.InvariantCulture, $"claim|{claim.Week}|{claim.Series:x}|{claim.ExitWeek}|{claim.Holder}");
        try
        {
            return await outbox.Send(Role.Settler, work.State.Id, purpose,
                new ClaimFunction { Series = claim.Series, ExitWeek = (uint)claim.ExitWeek, Holder = claim.Holder }, deadline: null, stop) is Sent.Now;
        }
        catch (ChainRefusedException)
        {
            return false; // the holder was quicker, or NMR is stopped: nothing is lost, the claim stays
        }
    }

    sealed record HolderClaim(int Week, BigInteger Series, int ExitWeek, string Holder);
}

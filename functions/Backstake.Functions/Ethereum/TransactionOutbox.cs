using System.Numerics;
using Backstake.Chain;
using Backstake.Functions.Backing;
using Backstake.Functions.Hosting;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;

namespace Backstake.Functions.Ethereum;

/// <summary>Where a transaction stands.</summary>
public enum Sent
{
    /// <summary>No transaction was made for the purpose.</summary>
    No,

    /// <summary>Made and sent by this call.</summary>
    Now,

    /// <summary>Made before, sent, not in a final block yet.</summary>
    Pending,

    /// <summary>Pending, and no block can take it: the base fee is above the most that may be paid.</summary>
    Stuck,

    /// <summary>In a final block, and it did what it was for.</summary>
    Succeeded,

    /// <summary>It reverted in a final block, or can never be mined.</summary>
    Failed,

    /// <summary>Given up before anything was signed: nothing can come of it any more.</summary>
    Forgone,
}

/// <summary>
/// The app's transactions. One purpose of one vault has one transaction, whatever happens: its nonce is chosen under the ETag of the signer's head, and
/// its signed bytes are stored in the same entity group transaction, before they are sent. Sending again sends the same bytes; where they offer too
/// little for the base fee, the same call with the same nonce and higher fees is stored, then sent, and whichever is mined closes the purpose. What
/// became of it is read from the chain, never assumed (DESIGN.md, "Effects outside").
/// </summary>
/// <remarks>
/// The partition is the signer's, not the vault's: a nonce belongs to a key, and a key serves many vaults; an intent in the vault's partition couldn't
/// be appended together with a nonce that others are choosing from. The vault's log holds the intent itself (for a stake) or its reason.
/// </remarks>
public sealed class TransactionOutbox(
    OutboxTable table, EthereumNode node, Signers signers, WatchAfterwards watch, IOptions<EthereumSettings> settings, ILogger<TransactionOutbox> logger)
{
    public const string TableName = OutboxTable.TableName;
    const int TriesMost = 10; // several vaults share a signer, and each choice of a nonce is one race
    const int AttemptsMost = 5; // what reverted five times, though it was estimated to succeed, needs a person
    const int GasMarginPercent = 30;
    const int ReplaceAfterBlocks = 3; // so many blocks passed it over before its fees are raised
    const int TendedAtOnce = 8; // each is a few calls of the node, one after the other
    const int LookBack = 100; // nonces, where the head that knew which are closed is lost
    static readonly BigInteger WeiPerGwei = 1_000_000_000;

    readonly Gates choosing = new(); // of a nonce: by signer

    BigInteger Tip => settings.Value.PriorityFeeGwei * WeiPerGwei;
    BigInteger Cap => settings.Value.MaxFeeGwei * WeiPerGwei;

    public Task Prepare(CancellationToken stop) => table.Prepare(stop);

    /// <summary>Where the transaction for this purpose stands; a pending one is sent again, with higher fees if it offers too little.</summary>
    /// <exception cref="SignerHaltedException">Somebody else used its nonce.</exception>
    public async Task<Sent> Look(Role role, string vault, string purpose, CancellationToken stop)
    {
        var account = await signers.Of(role, stop);
        return await table.Find(account.Address, vault, purpose, stop) is { } entry ? (await Advance(account, entry, new(node, stop), stop)).Stands : Sent.No;
    }

    /// <summary>
    /// Makes, stores and sends the transaction for this purpose, unless it was made before; its vault is watched afterwards. Where the one before
    /// reverted, and the call wouldn't now, another is made.
    /// </summary>
    /// <param name="deadline">Until when it must be mined to be of use (UTC); null: a payment, which waits for whatever has one.</param>
    /// <exception cref="ChainRefusedException">The call would revert: nothing was signed.</exception>
    /// <exception cref="GasAboveCapException">Gas costs too much: nothing was signed.</exception>
    /// <exception cref="SignerHaltedException">The key is not to be used: nothing was signed.</exception>
    /// <exception cref="SignerUnavailableException">The key can't be used now: nothing was signed.</exception>
    /// <exception cref="SignerWaitsException">A payment, and something with a deadline isn't mined yet: nothing was signed.</exception>
    public async Task<Sent> Send<TFunction>(Role role, string vault, string purpose, TFunction call, DateTimeOffset? deadline, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        var (account, first) = (await signers.Of(role, stop), purpose);
        OutboxEntry? failed = null;
        for (var attempt = 2; await table.Find(account.Address, vault, purpose, stop) is { } made; attempt++)
        {
            (var stands, failed) = await Advance(account, made, new(node, stop), stop);
            if (stands is not Sent.Failed || attempt > AttemptsMost)
                return stands;
            purpose = $"{first}|again {attempt}";
        }

        call.FromAddress = account.Address;
        var gas = await Gas(vault, call, failed, stop);
        var data = call.CreateTransactionInput(vault).Data.HexToByteArray();
        for (var tries = 1; tries <= TriesMost; tries++)
        {
            if (await Store(account, vault, purpose, gas, data, deadline, stop) is { } raw)
            {
                await Broadcast(raw, stop);
                await watch.Send(vault, stop);
                return Sent.Now;
            }

            if (await Look(role, vault, purpose, stop) is not Sent.No and var other)
                return other;
        }

        throw new SignerBusyException(account.Address);
    }

    /// <summary>Signs a call with the key's next nonce and stores it. Null if another worker chose the nonce, or made this transaction, meanwhile.</summary>
    async Task<string?> Store(ISigner account, string vault, string purpose, BigInteger gas, byte[] data, DateTimeOffset? deadline, CancellationToken stop)
    {
        var latest = await node.LatestFees(stop);
        var fees = TransactionFees.First(latest.BaseFee, Tip, Cap)
            ?? throw new GasAboveCapException($"The base fee is {latest.BaseFee} wei; at most {Cap} wei are paid for a unit of gas.");
        using var alone = await choosing.Enter(account.Address);
        var (nonce, head) = await NextNonce(account, stop);
        if (deadline is null && head is not null)
            await WaitForDeadlines(account, head, stop);
        var signed = await account.Sign(new(settings.Value.ChainId, nonce, fees.Tip, fees.Max, gas, vault, data), stop);
        return await table.Store(account.Address, head, vault, purpose, nonce, signed, latest.Number, deadline, stop) ? signed.Raw : null;
    }

    /// <summary>
    /// Gives the purpose up for ever, unless a transaction was made for it: of a worker that gives up and one that signs at the same time, one succeeds.
    /// </summary>
    /// <returns>False if there is a transaction.</returns>
    public async Task<bool> Forgo(Role role, string vault, string purpose, CancellationToken stop)
    {
        var signer = (await signers.Of(role, stop)).Address;
        await table.Forgo(signer, vault, purpose, stop); // if it is there already, perhaps by our own first try whose answer was lost
        return await table.Find(signer, vault, purpose, stop) is { Outcome: Outcome.Forgone };
    }

    /// <summary>Looks after every signer's open transactions, whoever made them: sends again, raises fees, closes what is final, finds a nonce that somebody else used.</summary>
    public async Task Tend(CancellationToken stop)
    {
        foreach (var role in signers.All())
        {
            try
            {
                await Tend(await signers.Of(role, stop), stop);
            }
            catch (OutsideException trouble)
            {
                logger.LogCritical(trouble, "Signer {Signer}: {Trouble}", role, trouble.Message);
            }
        }
    }

    /// <summary>An operator looked: the key is used again. What can never be mined is closed as such, so that its purpose gets another transaction.</summary>
    public async Task Resume(Role role, string by, string reason, CancellationToken stop)
    {
        var signer = (await signers.Of(role, stop)).Address;
        var used = await node.TransactionCount(signer, null, stop);
        var last = await table.LastNonce(signer, stop);
        SignerHead? head;
        try
        {
            head = await table.Head(signer, stop);
        }
        catch (OutboxDamagedException)
        {
            head = null; // it is made again from the nonces that were chosen
        }

        head ??= new SignerHead((last ?? -1) + 1, Math.Max(0, used - LookBack), null, default);
        foreach (var open in await table.Open(signer, head, stop))
        {
            if (open.Nonce < used && await table.Find(signer, open.Vault, open.Purpose, stop) is { Outcome: null } entry && await Mined(entry, stop) is null)
                await table.Close(signer, entry with { Outcome = Outcome.Foreign, Reason = Storage.Cause.SignerHalted }, stop);
        }

        if (!await table.Put(signer, head with { Next = Math.Max(Math.Max(head.Next, used), (last ?? -1) + 1), Closed = Math.Max(head.Closed, used), Halted = null }, stop))
            throw new SignerBusyException(signer);
        logger.LogWarning("Signer {Signer} was resumed by {By}: {Reason}", signer, by, reason);
    }

    async Task Tend(ISigner account, CancellationToken stop)
    {
        var used = await node.TransactionCount(account.Address, null, stop);
        if (await table.Head(account.Address, stop) is not { } head)
            return;
        RefuseHalted(account, head);
        await RefuseOthersUse(account, head, used, stop);
        var (closed, now) = (head.Closed, new ChainNow(node, stop));
        foreach (var together in (await table.Open(account.Address, head, stop)).Chunk(TendedAtOnce))
        {
            var stands = await Task.WhenAll(together.Select(open => Tend(account, open, now, stop)));
            foreach (var (open, at) in together.Zip(stands))
            {
                if (at is Sent.Succeeded or Sent.Failed && open.Nonce == closed)
                    closed++;
            }
        }

        if (closed > head.Closed)
            await table.Put(account.Address, head with { Closed = closed }, stop); // lost to a worker that chose a nonce: the next time
    }

    async Task<Sent> Tend(ISigner account, ChosenNonce open, ChainNow now, CancellationToken stop)
    {
        var entry = await table.Find(account.Address, open.Vault, open.Purpose, stop)
            ?? throw await Halted(account, $"row {OutboxTable.TableName}/{OutboxTable.Partition(account.Address)}/{OutboxTable.PurposeRow(open.Vault, open.Purpose)} is missing", stop);
        return (await Advance(account, entry, now, stop)).Stands;
    }

    /// <summary>Brings one transaction as far as it goes now.</summary>
    async Task<(Sent Stands, OutboxEntry Entry)> Advance(ISigner account, OutboxEntry entry, ChainNow now, CancellationToken stop)
    {
        if (entry.Outcome is { } outcome)
            return (outcome switch { Outcome.Succeeded => Sent.Succeeded, Outcome.Forgone => Sent.Forgone, _ => Sent.Failed }, entry);
        if (await Mined(entry, stop) is { } receipt)
            return await Close(account, entry, receipt, now, stop);

        var latest = await now.Latest;
        await RefuseOthersNonce(account, entry, latest.Number, stop);
        await Broadcast(entry.Raw.ToHex(prefix: true), stop);
        var was = RawTransaction.Read(entry.Raw);
        var offer = new TransactionFees(was.MaxFee, was.Tip);
        if (latest.Number < entry.Block + ReplaceAfterBlocks || offer.Suffices(latest.BaseFee))
            return (Sent.Pending, entry);
        if (offer.Replacement(latest.BaseFee, Tip, Cap) is not { } higher)
            return (Sent.Stuck, entry);
        var signed = await account.Sign(was with { MaxFee = higher.Max, Tip = higher.Tip }, stop);
        if (await table.Replace(account.Address, entry, signed, latest.Number, stop))
        {
            logger.LogWarning("{Purpose} of {Vault}: its fees were raised to {Fee} wei", entry.Purpose, entry.Vault, higher.Max);
            await Broadcast(signed.Raw, stop);
        }

        return (Sent.Pending, entry);
    }

    /// <summary>Final: closed, with the reason if it reverted.</summary>
    async Task<(Sent, OutboxEntry)> Close(ISigner account, OutboxEntry entry, TransactionReceipt receipt, ChainNow now, CancellationToken stop)
    {
        if (receipt.BlockNumber.Value > (await now.Finalized).Number || !await node.Confirms(receipt, stop))
            return (Sent.Pending, entry);
        var reverted = receipt.HasErrors() == true;
        var closed = entry with
        {
            Outcome = reverted ? Outcome.Failed : Outcome.Succeeded,
            Reason = reverted ? await node.WhyReverted(account.Address, receipt, RawTransaction.Read(entry.Raw), stop) : null,
            MinedHash = receipt.TransactionHash,
        };
        if (reverted)
            logger.LogWarning("{Purpose} of {Vault} reverted in {Hash}: {Reason}", entry.Purpose, entry.Vault, closed.MinedHash, closed.Reason);
        await table.Close(account.Address, closed, stop); // lost to another worker: it saw the same final block
        return (reverted ? Sent.Failed : Sent.Succeeded, closed);
    }

    async Task<TransactionReceipt?> Mined(OutboxEntry entry, CancellationToken stop)
    {
        foreach (var hash in entry.Hashes)
        {
            if (await node.Web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash).WaitAsync(stop) is { } receipt)
                return receipt;
        }

        return null;
    }

    async Task<BigInteger> Gas<TFunction>(string vault, TFunction call, OutboxEntry? failed, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        var estimate = await node.EstimateGas(vault, call, stop);
        var gas = estimate + estimate * GasMarginPercent / 100;
        return failed?.Reason == OutboxEntry.OutOfGas ? BigInteger.Max(gas, 2 * RawTransaction.Read(failed.Raw).Gas) : gas;
    }

    /// <remarks>The chain is asked first: whatever it counts was stored before it was sent, so a head that is read afterwards knows of it.</remarks>
    async Task<(long Nonce, SignerHead? Head)> NextNonce(ISigner account, CancellationToken stop)
    {
        var used = await node.TransactionCount(account.Address, null, stop);
        if (await table.Head(account.Address, stop) is not { } head)
            return (used, null);
        RefuseHalted(account, head);
        await RefuseOthersUse(account, head, used, stop);
        return (head.Next, head);
    }

    /// <summary>What has a deadline goes first: a payment behind it in the pool would be raised with it, one before it would hold it up.</summary>
    async Task WaitForDeadlines(ISigner account, SignerHead head, CancellationToken stop)
    {
        foreach (var open in await table.Open(account.Address, head, stop))
        {
            if (open.Deadline is not null && await table.Find(account.Address, open.Vault, open.Purpose, stop) is { Outcome: null } entry && await Mined(entry, stop) is null)
                throw new SignerWaitsException(account.Address, open.Purpose);
        }
    }

    static void RefuseHalted(ISigner account, SignerHead head)
    {
        if (head.Halted is { } why)
            throw new SignerHaltedException(account.Address, why);
    }

    /// <summary>The chain counts a transaction that isn't stored here: the key is shared, or stolen, or storage went back.</summary>
    async Task RefuseOthersUse(ISigner account, SignerHead head, long used, CancellationToken stop)
    {
        if (used > head.Next)
            throw await Halted(account, $"the chain counts {used} transactions of it, this app made {head.Next}: somebody else uses the key, or storage lost what it signed last", stop);
    }

    /// <summary>A transaction with this nonce is a block deep, and it is none of ours. The freshest block isn't taken: a node may know it before its receipts.</summary>
    async Task RefuseOthersNonce(ISigner account, OutboxEntry entry, long latest, CancellationToken stop)
    {
        if (latest == 0 || await node.TransactionCount(account.Address, latest - 1, stop) <= entry.Nonce || await Mined(entry, stop) is not null)
            return;
        throw await Halted(account, $"the nonce {entry.Nonce} of {entry.Purpose} was used by a transaction that this app doesn't know: somebody else uses the key, or storage lost what it signed last", stop);
    }

    async Task<SignerHaltedException> Halted(ISigner account, string why, CancellationToken stop)
    {
        for (var tries = 1; tries <= TriesMost && await table.Head(account.Address, stop) is { Halted: null } head; tries++)
        {
            if (await table.Put(account.Address, head with { Halted = why }, stop))
                break;
        }

        var halted = new SignerHaltedException(account.Address, why);
        logger.LogCritical(halted, "{Trouble}", halted.Message);
        return halted;
    }

    /// <summary>Sends stored bytes. That the node knows them already is what we wanted; any other answer shows itself when the receipt is looked for.</summary>
    async Task Broadcast(string raw, CancellationToken stop)
    {
        try
        {
            await node.Web3.Eth.Transactions.SendRawTransaction.SendRequestAsync(raw).WaitAsync(stop);
        }
        catch (RpcResponseException)
        {
            // "already known" or "nonce too low": sent before. Anything else: the next look finds no receipt and sends again.
        }
    }

    /// <summary>The chain's end, asked once for all that is looked at together.</summary>
    sealed class ChainNow(EthereumNode node, CancellationToken stop)
    {
        readonly Lazy<Task<LatestBlock>> latest = new(() => node.LatestFees(stop));
        readonly Lazy<Task<ChainBlock>> finalized = new(() => node.Finalized(stop));

        public Task<LatestBlock> Latest => latest.Value;
        public Task<ChainBlock> Finalized => finalized.Value;
    }
}

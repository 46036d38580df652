using System.Globalization;
using System.Numerics;
using Azure;
using Azure.Data.Tables;
using Backstake.Chain;
using Backstake.Functions.Backing;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Options;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Util;
using Nethereum.Web3.Accounts;

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

    /// <summary>In a final block, and it did what it was for.</summary>
    Succeeded,

    /// <summary>In a final block, and it reverted.</summary>
    Failed,

    /// <summary>Given up before anything was signed: nothing can come of it any more.</summary>
    Forgone,
}

/// <summary>
/// The app's transactions (table <c>outbox</c>, one partition per signing key). One purpose of one vault has one transaction, whatever happens: its
/// nonce is chosen under the ETag of the signer's head, and its signed bytes are stored in the same entity group transaction, before they are sent.
/// Sending again sends the same bytes. What became of it is read from the chain, never assumed (DESIGN.md, "Effects outside").
/// </summary>
/// <remarks>
/// The partition is the signer's, not the vault's: a nonce belongs to a key, and a key serves many vaults; an intent in the vault's partition couldn't
/// be appended together with a nonce that others are choosing from. The vault's log holds the intent itself (for a stake) or its reason.
/// </remarks>
public sealed class TransactionOutbox(StorageClients storage, EthereumNode node, Signers signers, WatchAfterwards watch, IOptions<EthereumSettings> settings)
{
    public const string TableName = "outbox";
    const string HeadRow = "head";
    const int TriesMost = 10; // several vaults share a signer, and each choice of a nonce is one race
    const int AttemptsMost = 5; // what reverted five times, though it was estimated to succeed, needs a person
    const int GasMarginPercent = 30;
    const int SentAgainMost = 50; // a message's time; the next look goes on from there
    static readonly BigInteger WeiPerGwei = 1_000_000_000;

    readonly TableClient table = storage.Tables.GetTableClient(TableName);

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <summary>Where the transaction for this purpose stands; a pending one that the node doesn't know is sent again.</summary>
    public async Task<Sent> Look(Role role, string vault, string purpose, CancellationToken stop)
    {
        var row = await Find(role, vault, purpose, stop);
        if (row is null)
            return Sent.No;
        if (row.GetString("Hash") is null)
            return Sent.Forgone;
        var receipt = await node.Web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(row.GetString("Hash")).WaitAsync(stop);
        if (receipt is null)
        {
            await SendAgain(signers.Of(role), row, stop);
            return Sent.Pending;
        }

        if (receipt.BlockNumber.Value > (await node.Finalized(stop)).Number)
            return Sent.Pending;
        return receipt.HasErrors() == true ? Sent.Failed : Sent.Succeeded;
    }

    /// <summary>
    /// Makes, stores and sends the transaction for this purpose, unless it was made before; its vault is watched afterwards. Where the one before
    /// reverted, and the call wouldn't now, another is made.
    /// </summary>
    /// <exception cref="ChainRefusedException">The call would revert: nothing was signed.</exception>
    public async Task<Sent> Send<TFunction>(Role role, string vault, string purpose, TFunction call, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        var first = purpose;
        for (var attempt = 2; await Look(role, vault, purpose, stop) is not Sent.No and var stands; attempt++)
        {
            if (stands is not Sent.Failed || attempt > AttemptsMost)
                return stands;
            purpose = $"{first}|again {attempt}";
        }

        var account = signers.Of(role);
        call.FromAddress = account.Address;
        var gas = await node.EstimateGas(vault, call, stop);
        var (maxFee, tip) = await Fees(stop);
        for (var tries = 1; tries <= TriesMost; tries++)
        {
            var (nonce, head) = await NextNonce(account, stop);
            var signed = SignedTransaction.Of(account, settings.Value.ChainId, vault, call,
                new TransactionChoices(nonce, gas + gas * GasMarginPercent / 100, maxFee, tip));
            if (await Store(account, vault, purpose, nonce, head, signed, stop))
            {
                await Broadcast(signed.Raw, stop);
                await watch.Send(vault, stop);
                return Sent.Now;
            }

            if (await Look(role, vault, purpose, stop) is not Sent.No and var made)
                return made;
        }

        throw new SignerBusyException(account.Address);
    }

    /// <summary>
    /// Gives the purpose up for ever, unless a transaction was made for it: of a worker that gives up and one that signs at the same time, one succeeds.
    /// </summary>
    /// <returns>False if there is a transaction.</returns>
    public async Task<bool> Forgo(Role role, string vault, string purpose, CancellationToken stop)
    {
        try
        {
            await table.AddEntityAsync(new TableEntity(Partition(signers.Of(role)), PurposeRow(vault, purpose)), stop);
        }
        catch (RequestFailedException exists) when (exists.Status == 409)
        {
            // Perhaps by our own first try, whose answer was lost.
        }

        return await Look(role, vault, purpose, stop) is Sent.Forgone;
    }

    async Task<TableEntity?> Find(Role role, string vault, string purpose, CancellationToken stop)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition(signers.Of(role)), PurposeRow(vault, purpose), cancellationToken: stop);
        return row.HasValue ? row.Value : null;
    }

    async Task<(BigInteger Nonce, ETag Head)> NextNonce(Account account, CancellationToken stop)
    {
        var head = await table.GetEntityIfExistsAsync<TableEntity>(Partition(account), HeadRow, cancellationToken: stop);
        return head.HasValue
            ? (head.Value!.GetInt64("Next")!.Value, head.Value.ETag)
            : ((await node.Web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(account.Address).WaitAsync(stop)).Value, default);
    }

    /// <summary>False if another worker chose the nonce, or made this transaction, meanwhile.</summary>
    async Task<bool> Store(Account account, string vault, string purpose, BigInteger nonce, ETag seen, SignedTransaction signed, CancellationToken stop)
    {
        var partition = Partition(account);
        var head = new TableEntity(partition, HeadRow) { ["Next"] = (long)nonce + 1 };
        TableTransactionAction[] batch =
        [
            new(TableTransactionActionType.Add, new TableEntity(partition, PurposeRow(vault, purpose)) { ["Nonce"] = (long)nonce, ["Hash"] = signed.Hash, ["Raw"] = signed.Raw.HexToByteArray() }),
            new(TableTransactionActionType.Add, new TableEntity(partition, NonceRow(nonce)) { ["Vault"] = vault, ["Purpose"] = purpose, ["Hash"] = signed.Hash }),
            // Warning: the head's ETag is given explicitly; without it a stale worker would overwrite it and choose a nonce twice.
            seen == default ? new(TableTransactionActionType.Add, head) : new(TableTransactionActionType.UpdateReplace, head, seen),
        ];
        try
        {
            await table.SubmitTransactionAsync(batch, stop);
            return true;
        }
        catch (TableTransactionFailedException failed) when (failed.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>
    /// Sends a pending transaction's bytes again, and those of the signer's before it that no block has: it waits for each of them, the node may have
    /// forgotten any, and nobody else may be looking for them.
    /// </summary>
    async Task SendAgain(Account account, TableEntity row, CancellationToken stop)
    {
        var mined = (long)(await node.Web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(account.Address).WaitAsync(stop)).Value;
        for (var nonce = mined; nonce < row.GetInt64("Nonce") && nonce < mined + SentAgainMost; nonce++)
        {
            var place = await table.GetEntityIfExistsAsync<TableEntity>(Partition(account), NonceRow(nonce), cancellationToken: stop);
            if (!place.HasValue)
                break;
            var before = await table.GetEntityAsync<TableEntity>(Partition(account), PurposeRow(place.Value!.GetString("Vault"), place.Value.GetString("Purpose")), cancellationToken: stop);
            await Broadcast(before.Value.GetBinary("Raw").ToHex(prefix: true), stop);
        }

        await Broadcast(row.GetBinary("Raw").ToHex(prefix: true), stop);
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

    async Task<(BigInteger Max, BigInteger Tip)> Fees(CancellationToken stop)
    {
        var tip = settings.Value.PriorityFeeGwei * WeiPerGwei;
        var most = settings.Value.MaxFeeGwei * WeiPerGwei;
        var wanted = 2 * (await node.Web3.Eth.GasPrice.SendRequestAsync().WaitAsync(stop)).Value + tip;
        var max = BigInteger.Min(most, wanted);
        return (max, BigInteger.Min(max, tip));
    }

    static string Partition(Account account) => account.Address.ToLowerInvariant();

    static string PurposeRow(string vault, string purpose) => VaultPartition.KeyRow($"{vault}|{purpose}");

    static string NonceRow(BigInteger nonce) => "n|" + ((long)nonce).ToString("D12", CultureInfo.InvariantCulture);
}

/// <summary>Many workers chose a nonce of this signer at once; the message is to be tried again later.</summary>
public sealed class SignerBusyException(string signer) : Exception($"The signer {signer} is busy; the step is tried again.");

using System.Numerics;
using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Hosting;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Options;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Functions.Ethereum;

/// <summary>The latest block's number, and its base fee in wei for a unit of gas.</summary>
public readonly record struct LatestBlock(long Number, BigInteger BaseFee);

/// <summary>
/// The Ethereum node, as the flows use it. Money is read from final blocks only (the <c>finalized</c> tag). Where a second node is set, what becomes money is
/// taken only if both say the same; else it waits (FAULTS.md F-3).
/// </summary>
public sealed class EthereumNode(IOptions<EthereumSettings> settings, Transports transports)
{
    static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15); // well below the queue function's own limit of 10 minutes

    readonly Lazy<Web3> web3 = new(() => settings.Value.RpcUrl.Length > 0
        ? ChainNode.Connect(new Uri(settings.Value.RpcUrl), CallLimit, handler: transports.Ethereum)
        : throw new InvalidOperationException("Set Ethereum:RpcUrl to the address of an Ethereum node."));

    readonly Lazy<Web3?> check = new(() => settings.Value.CheckRpcUrl.Length > 0
        ? ChainNode.Connect(new Uri(settings.Value.CheckRpcUrl), CallLimit, handler: transports.Ethereum)
        : null);

    volatile bool isRightChain;
    volatile string? reader; // asked once: it never changes

    public Web3 Web3 => web3.Value;

    /// <summary>The last final block; of two nodes, the earlier one's, if both have the same block there.</summary>
    /// <exception cref="ChainMovedException">The two nodes have different blocks.</exception>
    /// <exception cref="InvalidOperationException">The node is of another chain.</exception>
    public async Task<ChainBlock> Finalized(CancellationToken stop)
    {
        await RequireRightChain(stop);
        var final = await ChainBlock.Finalized(Web3, stop);
        if (check.Value is not { } other)
            return final;
        var theirs = await ChainBlock.Finalized(other, stop);
        if (theirs.Number < final.Number)
            final = await ChainBlock.At(Web3, theirs.Number, stop);
        else if (theirs.Number > final.Number)
            theirs = await ChainBlock.At(other, final.Number, stop);
        return final == theirs ? final : throw new ChainMovedException($"Block {final.Number} is {final.Hash} at one node and {theirs.Hash} at the other.");
    }

    /// <summary>The vaults' events in final blocks, both numbers within.</summary>
    /// <exception cref="ChainMovedException">The two nodes have different logs.</exception>
    public Task<IReadOnlyList<VaultLogEntry>> Log(IReadOnlyList<string> contracts, long first, long last, CancellationToken stop) =>
        VaultLog.Read(Web3, contracts, (ulong)first, (ulong)last, stop, check.Value);

    /// <summary>Which of these contracts logged anything in these blocks, both numbers within, lower-case; of two nodes, what either says.</summary>
    public async Task<IReadOnlySet<string>> Logged(IReadOnlyList<string> contracts, long first, long last, CancellationToken stop)
    {
        var logged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var asked in new[] { Web3, check.Value }.OfType<Web3>())
            logged.UnionWith(await VaultLog.Loggers(asked, contracts, (ulong)first, (ulong)last, stop));
        return logged;
    }

    /// <summary>The vaults that the factory made in these final blocks, both numbers within.</summary>
    /// <exception cref="ChainMovedException">The two nodes have different logs.</exception>
    public async Task<IReadOnlyList<CreatedVault>> Vaults(long first, long last, CancellationToken stop)
    {
        var created = await FactoryLog.Read(Web3, settings.Value.Factory, (ulong)first, (ulong)last, stop);
        return check.Value is not { } other || created.SequenceEqual(await FactoryLog.Read(other, settings.Value.Factory, (ulong)first, (ulong)last, stop))
            ? created
            : throw new ChainMovedException($"The two nodes have different vaults in blocks {first} to {last}.");
    }

    /// <summary>The hash that a block has now, or null if the node has no such block.</summary>
    public async Task<string?> HashOf(long block, CancellationToken stop) =>
        (await Web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(new HexBigInteger(block)).WaitAsync(stop))?.BlockHash;

    public async Task<LatestBlock> LatestFees(CancellationToken stop)
    {
        var block = await Web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(BlockParameter.CreateLatest()).WaitAsync(stop);
        return new((long)block.Number.Value, block.BaseFeePerGas?.Value ?? 0);
    }

    /// <summary>How many transactions of the account are in blocks.</summary>
    /// <param name="block">Up to this block; null: up to the latest.</param>
    public async Task<long> TransactionCount(string account, long? block, CancellationToken stop) => (long)(await Web3.Eth.Transactions.GetTransactionCount
        .SendRequestAsync(account, block is { } number ? new BlockParameter(new HexBigInteger(number)) : BlockParameter.CreateLatest()).WaitAsync(stop)).Value;

    /// <summary>Whether the second node, if there is one, has the same receipt.</summary>
    public async Task<bool> Confirms(TransactionReceipt receipt, CancellationToken stop)
    {
        if (check.Value is not { } other)
            return true;
        var theirs = await other.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(receipt.TransactionHash).WaitAsync(stop);
        return theirs is not null && theirs.BlockHash == receipt.BlockHash && theirs.HasErrors() == receipt.HasErrors();
    }

    /// <summary>Why a mined transaction reverted: the contract's refusal by name, <c>outOfGas</c>, or <c>reverted</c> where nothing tells.</summary>
    public async Task<string> WhyReverted(string from, TransactionReceipt receipt, RawTransaction transaction, CancellationToken stop)
    {
        if (receipt.GasUsed.Value >= transaction.Gas)
            return OutboxEntry.OutOfGas;
        // What it met lies between the state before its block and the state after it.
        var call = new CallInput(transaction.Data.ToHex(prefix: true), transaction.To) { From = from, Gas = new HexBigInteger(transaction.Gas) };
        foreach (var block in new[] { receipt.BlockNumber.Value, receipt.BlockNumber.Value - 1 })
        {
            try
            {
                await Web3.Eth.Transactions.Call.SendRequestAsync(call, new BlockParameter(new HexBigInteger(block))).WaitAsync(stop);
            }
            catch (RpcResponseException refusal)
            {
                if (refusal.RpcError.GetDataAsString() is { Length: > 0 } data && VaultRefusals.NameOf(data) is { } name)
                    return name;
                if (refusal.Message.Contains("gas", StringComparison.OrdinalIgnoreCase))
                    return OutboxEntry.OutOfGas;
            }
        }

        return OutboxEntry.Reverted;
    }

    public long ChainId => settings.Value.ChainId;

    /// <summary>Asked once: settings of one chain and a node of another would sign for nobody and read another's money.</summary>
    async Task RequireRightChain(CancellationToken stop)
    {
        if (isRightChain)
            return;
        foreach (var node in new[] { Web3, check.Value }.OfType<Web3>())
        {
            var id = (await node.Eth.ChainId.SendRequestAsync().WaitAsync(stop)).Value;
            if (id != settings.Value.ChainId)
                throw new InvalidOperationException($"The node is of chain {id}; Ethereum:ChainId is {settings.Value.ChainId}.");
        }

        isRightChain = true;
    }

    /// <summary>The factory's vault as it stands in the latest block: for deciding what to send, never for the books.</summary>
    public async Task<VaultReader> Latest(string vault, CancellationToken stop) => await At(vault, (await ChainBlock.Latest(Web3, stop)).Number, stop);

    /// <summary>The factory's vault as it stood after a block.</summary>
    public async Task<VaultReader> At(string vault, ulong block, CancellationToken stop) =>
        new(Web3, vault, block, reader ??= await VaultReader.ReaderOf(Web3, settings.Value.Factory, stop));

    /// <summary>The gas that the call takes now.</summary>
    /// <exception cref="ChainRefusedException">It would revert.</exception>
    public async Task<BigInteger> EstimateGas<TFunction>(string contract, TFunction call, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        try
        {
            return (await Web3.Eth.GetContractTransactionHandler<TFunction>().EstimateGasAsync(contract, call).WaitAsync(stop)).Value;
        }
        catch (SmartContractCustomErrorRevertException refusal)
        {
            throw new ChainRefusedException(VaultRefusals.NameOf(refusal) ?? "chainRefused");
        }
        catch (SmartContractRevertException refusal)
        {
            throw new ChainRefusedException("chainRefused", refusal);
        }
    }
}

/// <summary>The contract would refuse the call; the cause is the refusal's name, as the books write it.</summary>
public sealed class ChainRefusedException(string cause, Exception? inner = null) : OutsideException(cause, $"The contract refuses: {cause}.", inner);

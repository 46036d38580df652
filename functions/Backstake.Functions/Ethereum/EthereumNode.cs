using System.Numerics;
using Backstake.Chain;
using Microsoft.Extensions.Options;
using Nethereum.Contracts;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Functions.Ethereum;

/// <summary>A block that can't be undone any more.</summary>
/// <param name="Time">Its timestamp (UTC).</param>
public sealed record FinalBlock(long Number, DateTimeOffset Time);

/// <summary>The Ethereum node, as the flows use it. Money is read from final blocks only (the <c>finalized</c> tag).</summary>
public sealed class EthereumNode(IOptions<EthereumSettings> settings)
{
    readonly Lazy<Web3> web3 = new(() => settings.Value.RpcUrl.Length > 0
        ? new Web3(settings.Value.RpcUrl)
        : throw new InvalidOperationException("Set Ethereum:RpcUrl to the address of an Ethereum node."));

    public Web3 Web3 => web3.Value;

    public async Task<FinalBlock> Finalized(CancellationToken stop)
    {
        var tag = new BlockParameter();
        tag.SetValue(BlockParameter.BlockParameterType.finalized);
        var block = await Web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(tag).WaitAsync(stop);
        return new((long)block.Number.Value, DateTimeOffset.FromUnixTimeSeconds((long)block.Timestamp.Value));
    }

    public Task<TransactionReceipt?> Receipt(string hash, CancellationToken stop) =>
        Web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash).WaitAsync(stop)!;

    public async Task<BigInteger> TransactionCount(string address, CancellationToken stop) =>
        (await Web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(address).WaitAsync(stop)).Value;

    public async Task<BigInteger> GasPrice(CancellationToken stop) => (await Web3.Eth.GasPrice.SendRequestAsync().WaitAsync(stop)).Value;

    public Task SendRaw(string raw, CancellationToken stop) => Web3.Eth.Transactions.SendRawTransaction.SendRequestAsync(raw).WaitAsync(stop);

    /// <exception cref="ChainRefusedException">The call would revert.</exception>
    public async Task<BigInteger> EstimateGas(CallInput call, CancellationToken stop)
    {
        try
        {
            return (await Web3.Eth.Transactions.EstimateGas.SendRequestAsync(call).WaitAsync(stop)).Value;
        }
        catch (RpcResponseException refused)
        {
            throw ChainRefusedException.Of(refused);
        }
    }
}

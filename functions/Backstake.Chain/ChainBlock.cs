using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain;

/// <summary>A block, as far as anything here depends on it.</summary>
/// <param name="Number">Its height.</param>
/// <param name="Hash">0x and 64 hex digits.</param>
/// <param name="Time">Its timestamp, UTC, whole seconds.</param>
public sealed record ChainBlock(ulong Number, string Hash, DateTimeOffset Time)
{
    /// <summary>The latest block that can't be undone: everywhere the <c>finalized</c> tag.</summary>
    public static Task<ChainBlock> Finalized(IWeb3 web3, CancellationToken stop)
    {
        var finalized = new BlockParameter();
        finalized.SetValue(BlockParameter.BlockParameterType.finalized);
        return Read(web3, finalized, stop);
    }

    public static Task<ChainBlock> Latest(IWeb3 web3, CancellationToken stop) => Read(web3, BlockParameter.CreateLatest(), stop);

    /// <exception cref="InvalidDataException">The node has no such block.</exception>
    public static Task<ChainBlock> At(IWeb3 web3, ulong number, CancellationToken stop) => Read(web3, new BlockParameter(new HexBigInteger(number)), stop);

    private static async Task<ChainBlock> Read(IWeb3 web3, BlockParameter which, CancellationToken stop)
    {
        var block = await web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber.SendRequestAsync(which).WaitAsync(stop);
        return block is null
            ? throw new InvalidDataException($"The node has no block {which.GetRPCParam()}.")
            : new ChainBlock((ulong)block.Number.Value, block.BlockHash, DateTimeOffset.FromUnixTimeSeconds((long)block.Timestamp.Value));
    }
}

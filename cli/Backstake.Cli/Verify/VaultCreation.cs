using Backstake.Chain;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Cli.Verify;

/// <summary>In which block a vault began.</summary>
internal static class VaultCreation
{
    private const ulong ShortChain = 100_000; // blocks: 50 requests for all logs

    /// <summary>The first block in which the vault has code, by halving. A node that has forgotten old states is asked from its first block on, if its chain is short.</summary>
    /// <exception cref="NoVaultException">There is no contract at the address.</exception>
    public static async Task<ulong> Block(IWeb3 web3, string vault, ulong last, CancellationToken stop)
    {
        if (!await HasCode(web3, vault, last, stop)) throw new NoVaultException($"There is no contract at {vault} in the node's final block {last}: is it the right chain?");
        try
        {
            ulong first = 0;
            while (first < last)
            {
                var middle = first + ((last - first) >> 1);
                if (await HasCode(web3, vault, middle, stop)) last = middle;
                else first = middle + 1;
            }

            return first;
        }
        catch (RpcResponseException) when (last <= ShortChain)
        {
            return 0;
        }
    }

    private static Task<bool> HasCode(IWeb3 web3, string vault, ulong block, CancellationToken stop) => ContractCode.IsAt(web3, vault, stop, new BlockParameter(new HexBigInteger(block)));
}

/// <summary>The address has no contract.</summary>
internal sealed class NoVaultException(string message) : Exception(message);

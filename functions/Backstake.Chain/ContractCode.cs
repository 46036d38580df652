using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain;

/// <summary>Whether there is a contract at an address.</summary>
public static class ContractCode
{
    /// <param name="block">As of which block; null: the latest.</param>
    public static async Task<bool> IsAt(IWeb3 web3, string address, CancellationToken stop, BlockParameter? block = null)
    {
        ArgumentNullException.ThrowIfNull(web3);
        return await web3.Eth.GetCode.SendRequestAsync(address, block ?? BlockParameter.CreateLatest()).WaitAsync(stop) is { Length: > 2 }; // "0x" is none
    }
}

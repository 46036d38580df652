using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain.Vault;

/// <summary>A vault that a factory made, and the block in which it did.</summary>
public sealed record CreatedVault(string Vault, ChainBlock Block);

/// <summary>The vaults that a factory made.</summary>
public static class FactoryLog
{
    /// <summary>Those of blocks <paramref name="first"/> to <paramref name="last"/>, both within, in the chain's order.</summary>
    public static async Task<IReadOnlyList<CreatedVault>> Read(IWeb3 web3, string factory, ulong first, ulong last, CancellationToken stop)
    {
        var created = web3.Eth.GetEvent<VaultCreatedEvent>(factory);
        var vaults = new List<CreatedVault>();
        for (var from = first; from <= last; from += VaultLog.BlocksPerRequest)
        {
            var to = Math.Min(last, from + VaultLog.BlocksPerRequest - 1);
            var filter = created.CreateFilterInput(new BlockParameter(new HexBigInteger(from)), new BlockParameter(new HexBigInteger(to)));
            foreach (var log in await created.GetAllChangesAsync(filter).WaitAsync(stop))
                vaults.Add(new CreatedVault(log.Event.Vault, await ChainBlock.At(web3, (ulong)log.Log.BlockNumber.Value, stop)));
        }

        return vaults;
    }
}

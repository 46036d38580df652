using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain.Vault;

/// <summary>A vault that a factory made, and the block in which it did.</summary>
public sealed record CreatedVault(string Vault, ChainBlock Block);

/// <summary>A generation of stakers that a factory's curator announced, and from when on vaults can name it (UTC).</summary>
/// <param name="Address">0x and 40 lower-case hex digits.</param>
public sealed record AnnouncedStakers(string Address, DateTimeOffset ListedAt);

/// <summary>The vaults that a factory made, and the stakers that they can have.</summary>
public static class FactoryLog
{
    /// <summary>Those of blocks <paramref name="first"/> to <paramref name="last"/>, both within, in the chain's order.</summary>
    public static async Task<IReadOnlyList<CreatedVault>> Read(IWeb3 web3, string factory, ulong first, ulong last, CancellationToken stop)
    {
        var created = web3.Eth.GetEvent<VaultCreatedEvent>(factory);
        var vaults = new List<CreatedVault>();
        foreach (var (from, to) in BlockRange.Between((long)first, (long)last))
        {
            var filter = created.CreateFilterInput(new BlockParameter(new HexBigInteger(from)), new BlockParameter(new HexBigInteger(to)));
            foreach (var log in await created.GetAllChangesAsync(filter).WaitAsync(stop))
                vaults.Add(new CreatedVault(log.Event.Vault, await ChainBlock.At(web3, (ulong)log.Log.BlockNumber.Value, stop)));
        }

        return vaults;
    }

    /// <summary>Every generation of stakers from block <paramref name="first"/> on, the oldest first. One request, whatever the range: there are a handful in years.</summary>
    /// <exception cref="Nethereum.JsonRpc.Client.RpcResponseException">The node refuses so long a range.</exception>
    public static async Task<IReadOnlyList<AnnouncedStakers>> Stakers(IWeb3 web3, string factory, ulong first, CancellationToken stop)
    {
        var announced = web3.Eth.GetEvent<StakersAnnouncedEvent>(factory);
        var filter = announced.CreateFilterInput(new BlockParameter(new HexBigInteger(first)), BlockParameter.CreateLatest());
        return [.. (await announced.GetAllChangesAsync(filter).WaitAsync(stop)).Select(log => new AnnouncedStakers(log.Event.Stakers.ToLowerInvariant(), DateTimeOffset.FromUnixTimeSeconds((long)log.Event.ListedAt)))];
    }
}

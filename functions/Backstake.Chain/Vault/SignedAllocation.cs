using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;

namespace Backstake.Chain.Vault;

/// <summary>A part of each payment that is to buy units: of which vault, under which terms.</summary>
/// <param name="Vault">0x and 40 hex digits.</param>
/// <param name="Terms">The terms' id, 64 hex digits.</param>
public sealed record AllocatedPart(string Vault, string Terms, ushort Bps);

/// <summary>What a backer wants done with what a vault pays them, from a week's settlement on. The rest is the wallet's.</summary>
/// <param name="Backer">0x and 40 hex digits.</param>
/// <param name="Version">The last one's successor, so that an older one can't be brought back.</param>
public sealed record PayoutAllocation(string Backer, uint Version, uint FromWeek, ushort WalletBps, IReadOnlyList<AllocatedPart> Parts);

/// <summary>
/// A payout allocation as a backer signs it: EIP-712 typed data <c>PayoutAllocation(address vault,address backer,uint32 version,uint32 fromWeek,uint16 walletBps,address[] vaults,bytes32[] terms,uint16[] bps)</c>
/// in the domain of the vault that pays. It moves nothing: deposits are prepared by it, and sent by the backer's own wallet.
/// </summary>
public static class SignedAllocation
{
    /// <summary>What is signed, 32 bytes.</summary>
    public static byte[] Digest(string vault, BigInteger chainId, PayoutAllocation allocation) => VaultTypedData.Digest(vault, chainId, Of(vault, allocation));

    /// <summary>The signature: 0x and 65 bytes, r, s, v.</summary>
    public static string Sign(string vault, BigInteger chainId, PayoutAllocation allocation, EthECKey key) => VaultTypedData.Sign(vault, chainId, Of(vault, allocation), key);

    private static Message Of(string vault, PayoutAllocation allocation)
    {
        ArgumentNullException.ThrowIfNull(allocation);
        return new()
        {
            Vault = vault,
            Backer = allocation.Backer,
            Version = allocation.Version,
            FromWeek = allocation.FromWeek,
            WalletBps = allocation.WalletBps,
            Vaults = [.. allocation.Parts.Select(part => part.Vault)],
            Terms = [.. allocation.Parts.Select(part => Convert.FromHexString(part.Terms))],
            Bps = [.. allocation.Parts.Select(part => part.Bps)],
        };
    }

    [Struct("PayoutAllocation")]
    private sealed class Message
    {
        [Parameter("address", "vault", 1)]
        public string Vault { get; set; } = "";

        [Parameter("address", "backer", 2)]
        public string Backer { get; set; } = "";

        [Parameter("uint32", "version", 3)]
        public uint Version { get; set; }

        [Parameter("uint32", "fromWeek", 4)]
        public uint FromWeek { get; set; }

        [Parameter("uint16", "walletBps", 5)]
        public ushort WalletBps { get; set; }

        [Parameter("address[]", "vaults", 6)]
        public List<string> Vaults { get; set; } = [];

        [Parameter("bytes32[]", "terms", 7)]
        public List<byte[]> Terms { get; set; } = [];

        [Parameter("uint16[]", "bps", 8)]
        public List<ushort> Bps { get; set; } = [];
    }
}

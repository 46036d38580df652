using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;

namespace Backstake.Chain.Vault;

/// <summary>
/// What an owner tells about the model, as they sign it: EIP-712 typed data <c>Disclosure(address vault,uint32 version,string text)</c> in the vault's domain. The version is the last one's
/// successor, so an older text can't be brought back by whoever kept its signature.
/// </summary>
public static class SignedDisclosure
{
    /// <summary>What is signed, 32 bytes.</summary>
    public static byte[] Digest(string vault, BigInteger chainId, uint version, string text) =>
        VaultTypedData.Digest(vault, chainId, Of(vault, version, text));

    /// <summary>The signature: 0x and 65 bytes, r, s, v.</summary>
    public static string Sign(string vault, BigInteger chainId, uint version, string text, EthECKey key) =>
        VaultTypedData.Sign(vault, chainId, Of(vault, version, text), key);

    private static Disclosure Of(string vault, uint version, string text) => new() { Vault = vault, Version = version, Text = text };

    [Struct("Disclosure")]
    private sealed class Disclosure
    {
        [Parameter("address", "vault", 1)]
        public string Vault { get; set; } = "";

        [Parameter("uint32", "version", 2)]
        public uint Version { get; set; }

        [Parameter("string", "text", 3)]
        public string Text { get; set; } = "";
    }
}

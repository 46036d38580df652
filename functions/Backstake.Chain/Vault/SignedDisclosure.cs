using System.Numerics;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;
using Nethereum.Signer.EIP712;

namespace Backstake.Chain.Vault;

/// <summary>
/// What an owner tells about the model, as they sign it: EIP-712 typed data <c>Disclosure(address vault,uint32 version,string text)</c> in the vault's domain. The version is the last one's
/// successor, so an older text can't be brought back by whoever kept its signature.
/// </summary>
public static class SignedDisclosure
{
    /// <summary>What is signed, 32 bytes.</summary>
    public static byte[] Digest(string vault, BigInteger chainId, uint version, string text) =>
        Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(Of(vault, version, text), VaultTypedData.Of(vault, chainId, "Disclosure", typeof(Disclosure)));

    /// <summary>The signature: 0x and 65 bytes, r, s, v.</summary>
    public static string Sign(string vault, BigInteger chainId, uint version, string text, EthECKey key) =>
        Eip712TypedDataSigner.Current.SignTypedDataV4(Of(vault, version, text), VaultTypedData.Of(vault, chainId, "Disclosure", typeof(Disclosure)), key);

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

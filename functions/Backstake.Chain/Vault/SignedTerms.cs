using System.Numerics;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;
using Nethereum.Signer.EIP712;

namespace Backstake.Chain.Vault;

/// <summary>
/// Terms as the owner signs them: EIP-712 typed data of the vault's address and ACCOUNTING's ten fields, in the domain
/// (<c>Backstake</c>, <c>1</c>, chain id, the vault). CONTRACT.md "Decided" 13.
/// </summary>
public static class SignedTerms
{
    /// <summary>The terms id: the struct's hash as 64 lower-case hex digits, without 0x.</summary>
    public static string Id(VaultTerms terms, string vault) => Convert.ToHexStringLower(Eip712TypedDataEncoder.Current.HashStruct(Bound(terms, vault), "Terms", typeof(BoundTerms)));

    /// <summary>What is signed, 32 bytes.</summary>
    public static byte[] Digest(VaultTerms terms, string vault, BigInteger chainId) =>
        VaultTypedData.Digest(vault, chainId, Bound(terms, vault));

    /// <summary>The signature: 0x and 65 bytes, r, s, v.</summary>
    public static string Sign(VaultTerms terms, string vault, BigInteger chainId, EthECKey key) =>
        VaultTypedData.Sign(vault, chainId, Bound(terms, vault), key);

    /// <summary>The address whose key signed. Compare it with the vault's owner; an owner that is a contract (ERC-1271) is asked on chain instead.</summary>
    public static string Recover(VaultTerms terms, string vault, BigInteger chainId, string signature) =>
        Eip712TypedDataSigner.Current.RecoverFromSignatureV4(Bound(terms, vault), VaultTypedData.Of<BoundTerms>(vault, chainId), signature);

    private static BoundTerms Bound(VaultTerms terms, string vault) => new()
    {
        Vault = vault,
        UnitSize = terms.UnitSize,
        ProfitShareBps = terms.ProfitShareBps,
        LossShareBps = terms.LossShareBps,
        ReserveBps = terms.ReserveBps,
        Crystallisation = terms.Crystallisation,
        ClawBackWeeks = terms.ClawBackWeeks,
        CompoundingWeeks = terms.CompoundingWeeks,
        LockupWeeks = terms.LockupWeeks,
        UpfrontFeeBps = terms.UpfrontFeeBps,
        HouseMinBps = terms.HouseMinBps,
    };

    /// <summary>The terms with the vault that they are for, in the type's order.</summary>
    [Struct("Terms")]
    private sealed class BoundTerms
    {
        [Parameter("address", "vault", 1)]
        public string Vault { get; set; } = "";

        [Parameter("uint96", "unitSize", 2)]
        public BigInteger UnitSize { get; set; }

        [Parameter("uint16", "profitShareBps", 3)]
        public ushort ProfitShareBps { get; set; }

        [Parameter("uint16", "lossShareBps", 4)]
        public ushort LossShareBps { get; set; }

        [Parameter("uint16", "reserveBps", 5)]
        public ushort ReserveBps { get; set; }

        [Parameter("uint8", "crystallisation", 6)]
        public byte Crystallisation { get; set; }

        [Parameter("uint16", "clawBackWeeks", 7)]
        public ushort ClawBackWeeks { get; set; }

        [Parameter("uint16", "compoundingWeeks", 8)]
        public ushort CompoundingWeeks { get; set; }

        [Parameter("uint16", "lockupWeeks", 9)]
        public ushort LockupWeeks { get; set; }

        [Parameter("uint16", "upfrontFeeBps", 10)]
        public ushort UpfrontFeeBps { get; set; }

        [Parameter("uint16", "houseMinBps", 11)]
        public ushort HouseMinBps { get; set; }
    }
}

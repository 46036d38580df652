using System.Numerics;
using System.Reflection;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;
using Nethereum.Signer.EIP712;

namespace Backstake.Chain.Vault;

/// <summary>The domain of everything that is signed about a vault: name <c>Backstake</c>, version <c>1</c>, the chain and the vault. So what is signed for one vault is nothing for another.</summary>
internal static class VaultTypedData
{
    /// <summary>What is signed, 32 bytes.</summary>
    /// <param name="vault">The vault's address.</param>
    /// <param name="chainId">The chain that it is on.</param>
    /// <param name="message">A struct, named as its <see cref="StructAttribute"/> says.</param>
    public static byte[] Digest<TMessage>(string vault, BigInteger chainId, TMessage message) => Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(message, Of<TMessage>(vault, chainId));

    /// <summary>The signature: 0x and 65 bytes, r, s, v.</summary>
    public static string Sign<TMessage>(string vault, BigInteger chainId, TMessage message, EthECKey key) => Eip712TypedDataSigner.Current.SignTypedDataV4(message, Of<TMessage>(vault, chainId), key);

    public static TypedData<Domain> Of<TMessage>(string vault, BigInteger chainId) => new()
    {
        Domain = new Domain { Name = "Backstake", Version = "1", ChainId = chainId, VerifyingContract = vault },
        Types = MemberDescriptionFactory.GetTypesMemberDescription(typeof(Domain), typeof(TMessage)),
        PrimaryType = typeof(TMessage).GetCustomAttribute<StructAttribute>()!.Name,
    };
}

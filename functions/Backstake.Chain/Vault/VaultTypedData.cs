using System.Numerics;
using Nethereum.ABI.EIP712;

namespace Backstake.Chain.Vault;

/// <summary>The domain of everything that is signed about a vault: name <c>Backstake</c>, version <c>1</c>, the chain and the vault. So what is signed for one vault is nothing for another.</summary>
internal static class VaultTypedData
{
    /// <param name="vault">The vault's address.</param>
    /// <param name="chainId">The chain that it is on.</param>
    /// <param name="name">The struct's name.</param>
    /// <param name="type">The struct.</param>
    public static TypedData<Domain> Of(string vault, BigInteger chainId, string name, Type type) => new()
    {
        Domain = new Domain { Name = "Backstake", Version = "1", ChainId = chainId, VerifyingContract = vault },
        Types = MemberDescriptionFactory.GetTypesMemberDescription(typeof(Domain), type),
        PrimaryType = name,
    };
}

using System.Numerics;
using Nethereum.ABI;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Signer;
using Nethereum.Signer.EIP712;

namespace Backstake.Chain.Numerai;

/// <summary>
/// Numerai's leave to stake on one submission, by one staker, once (NUMERAI.md, Staking). Assumption: names, types and order of the fields; not published.
/// </summary>
[Struct("StakeAuthorization")]
public sealed class StakeAuthorization
{
    [Parameter("uint256", "tournamentId", 1)]
    public BigInteger TournamentId { get; set; }

    [Parameter("uint256", "roundId", 2)]
    public BigInteger RoundId { get; set; }

    /// <summary>32 bytes: the model's UUID, left-padded (<see cref="UuidWord"/>).</summary>
    [Parameter("bytes32", "modelId", 3)]
    public byte[] ModelId { get; set; } = [];

    [Parameter("address", "staker", 4)]
    public string Staker { get; set; } = "";

    /// <summary>Wei.</summary>
    [Parameter("uint256", "maxAmount", 5)]
    public BigInteger MaxAmount { get; set; }

    /// <summary>32 bytes: the submission's UUID, left-padded.</summary>
    [Parameter("bytes32", "submissionId", 6)]
    public byte[] SubmissionId { get; set; } = [];

    /// <summary>SHA-256 of the submitted file.</summary>
    [Parameter("bytes32", "submissionHash", 7)]
    public byte[] SubmissionHash { get; set; } = [];

    [Parameter("uint256", "nonce", 8)]
    public BigInteger Nonce { get; set; }

    /// <summary>Seconds since 1970, UTC; the last that is in time.</summary>
    [Parameter("uint256", "deadline", 9)]
    public BigInteger Deadline { get; set; }

    /// <summary>The EIP-712 digest that Numerai signs.</summary>
    public byte[] Digest(string stakingAddress, BigInteger chainId) => Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(this, TypedData(stakingAddress, chainId));

    /// <summary>65 bytes: r, s, v.</summary>
    public string Sign(string stakingAddress, BigInteger chainId, EthECKey key) =>
        Eip712TypedDataSigner.Current.SignTypedDataV4(this, TypedData(stakingAddress, chainId), key);

    /// <summary>Who signed: compare it with the staking contract's <c>authorizationSigner</c>.</summary>
    public string Recover(string stakingAddress, BigInteger chainId, string signature) =>
        Eip712TypedDataSigner.Current.RecoverFromSignatureV4(this, TypedData(stakingAddress, chainId), signature);

    /// <summary>
    /// What <c>Vault.stake</c> takes as <c>authorisation</c>: abi.encode(uint256 maxAmount, bytes32 submissionId, bytes32 submissionHash, uint256 nonce, uint256 deadline, bytes signature).
    /// The staker fills in tournament, round, model and itself, so that another model's authorisation fails at Numerai's signature check.
    /// </summary>
    public byte[] Encode(byte[] signature) => new ABIEncode().GetABIEncoded(
        new ABIValue("uint256", MaxAmount), new ABIValue("bytes32", SubmissionId), new ABIValue("bytes32", SubmissionHash), new ABIValue("uint256", Nonce), new ABIValue("uint256", Deadline),
        new ABIValue("bytes", signature));

    private static TypedData<Domain> TypedData(string stakingAddress, BigInteger chainId) => new()
    {
        Domain = new Domain { Name = "NumeraiStaking", Version = "1", ChainId = chainId, VerifyingContract = stakingAddress },
        Types = MemberDescriptionFactory.GetTypesMemberDescription(typeof(Domain), typeof(StakeAuthorization)),
        PrimaryType = "StakeAuthorization",
    };
}

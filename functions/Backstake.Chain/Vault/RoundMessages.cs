using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Backstake.Chain.Vault;

/// <summary>The committer: SHA-256 of the round's prediction file.</summary>
[Function("commit")]
public sealed class CommitFunction : FunctionMessage
{
    [Parameter("uint32", "round", 1)]
    public uint Round { get; set; }

    [Parameter("bytes32", "predictionHash", 2)]
    public byte[] PredictionHash { get; set; } = [];
}

/// <summary>The staker key. <c>Collects</c>: how many collects the amount was computed from; <c>BooksMoved</c> if there were more.</summary>
[Function("stake")]
public sealed class StakeFunction : FunctionMessage
{
    [Parameter("uint32", "round", 1)]
    public uint Round { get; set; }

    [Parameter("uint88", "amount", 2)]
    public BigInteger Amount { get; set; }

    [Parameter("uint16", "shareBps", 3)]
    public ushort ShareBps { get; set; }

    [Parameter("uint32", "collects", 4)]
    public uint Collects { get; set; }

    [Parameter("bytes", "authorisation", 5)]
    public byte[] Authorisation { get; set; } = [];
}

/// <summary>Brings a resolved round's money home; anybody may send it.</summary>
[Function("collect", "uint256")]
public sealed class CollectFunction : FunctionMessage
{
    [Parameter("uint32", "round", 1)]
    public uint Round { get; set; }

    [Parameter("bytes", "proof", 2)]
    public byte[] Proof { get; set; } = [];
}

/// <summary>Books a surplus as the owner's house.</summary>
[Function("sync", "uint256")]
public sealed class SyncFunction : FunctionMessage;

/// <summary>A staker's: whose it is.</summary>
[Function("vault", "address")]
public sealed class StakersVaultFunction : FunctionMessage;

/// <summary>A staker's: what Numerai knows as <c>staker</c>, the contract itself or its account.</summary>
[Function("numeraiStaker", "address")]
public sealed class NumeraiStakerFunction : FunctionMessage;

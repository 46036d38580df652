using System.Collections.Concurrent;
using System.Numerics;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Sandbox.Chain;

/// <summary>
/// Numerai's part on the sandbox's chain: it owns the staking contract (contracts/src/sandbox/SandboxStaking.sol), signs authorisations, opens and resolves rounds, and pays what is won with
/// NMR from the sandbox's faucet. Its transactions are sent one after another and not waited for: the <see cref="Miner"/> mines them.
/// </summary>
public sealed class StakingChain : IStakingChain, IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);   // a node on loopback answers in milliseconds

    private readonly Web3 web3;
    private readonly EthECKey signer;
    private readonly ConcurrentDictionary<string, bool> claimed = [];
    private readonly SemaphoreSlim sending = new(1, 1);

    /// <param name="node">JSON-RPC.</param>
    /// <param name="ownerKey">Private key of the contract's owner (who deployed it), hex.</param>
    /// <param name="signerKey">Private key of its authorizationSigner, hex.</param>
    /// <param name="staking">The contract's address.</param>
    public StakingChain(Uri node, BigInteger chainId, string ownerKey, string signerKey, string staking, string nmr)
    {
        var owner = new Account(ownerKey, chainId);
        web3 = ChainNode.Connect(node, RequestLimit, owner);
        signer = new EthECKey(signerKey);
        Addresses = new StakingAddresses(chainId, staking.ToLowerInvariant(), nmr.ToLowerInvariant(), owner.Address.ToLowerInvariant(), signer.GetPublicAddress().ToLowerInvariant());
    }

    public StakingAddresses Addresses { get; }

    public Task<BigInteger> NonceAsync(string staker, CancellationToken stop) =>
        web3.Eth.GetContractQueryHandler<NumeraiNoncesFunction>().QueryAsync<BigInteger>(Addresses.Staking, new NumeraiNoncesFunction { Staker = staker }).WaitAsync(stop);

    public SignedAuthorization Sign(StakeAuthorization authorization) =>
        new(ChainIds.Hex(authorization.Digest(Addresses.Staking, Addresses.ChainId)), authorization.Sign(Addresses.Staking, Addresses.ChainId, signer));

    public Task OpenRoundAsync(int round, DateTimeOffset closeStaking, CancellationToken stop) =>
        SendAsync(() => web3.Eth.GetContractTransactionHandler<OpenRoundFunction>()
            .SendRequestAsync(Addresses.Staking, new OpenRoundFunction { RoundId = round, CloseStakingTime = (ulong)closeStaking.ToUnixTimeSeconds() }), stop);

    public async Task<IReadOnlyList<StakePosition>> PositionsAsync(int round, CancellationToken stop)
    {
        var staked = web3.Eth.GetEvent<NumeraiStakedEvent>(Addresses.Staking);
        var filter = staked.CreateFilterInput(new BigInteger(round), BlockParameter.CreateEarliest(), BlockParameter.CreateLatest());
        var logs = await staked.GetAllChangesAsync(filter).WaitAsync(stop);
        return logs.Select(l => new StakePosition(round, l.Event.Staker.ToLowerInvariant(), l.Event.ModelId, l.Event.Amount, l.Event.SubmissionHash)).ToList();
    }

    public async Task ResolveAsync(int round, byte[] merkleRoot, BigInteger payoutsWei, CancellationToken stop)
    {
        if (payoutsWei.Sign > 0)
        {
            await SendAsync(() => web3.Eth.GetContractTransactionHandler<NmrFaucetFunction>().SendRequestAsync(Addresses.Nmr, new NmrFaucetFunction { To = Addresses.Staking, Value = payoutsWei }), stop);
        }
        await SendAsync(() => web3.Eth.GetContractTransactionHandler<ResolveRoundFunction>()
            .SendRequestAsync(Addresses.Staking, new ResolveRoundFunction { RoundId = round, MerkleRoot = merkleRoot }), stop);
    }

    public async Task<bool> IsClaimedAsync(StakePosition position, CancellationToken stop)
    {
        // What is claimed stays so: lists of claims ask the node only for the others.
        var key = $"{position.Round}|{position.Staker}|{ChainIds.Hex(position.ModelId)}";
        if (claimed.ContainsKey(key))
        {
            return true;
        }
        var asked = new StakeByRoundFunction { RoundId = position.Round, Staker = position.Staker, ModelId = position.ModelId };
        var answer = await web3.Eth.GetContractQueryHandler<StakeByRoundFunction>().QueryDeserializingToObjectAsync<StakeByRoundOutput>(asked, Addresses.Staking).WaitAsync(stop);
        return answer.Claimed && claimed.GetOrAdd(key, true);
    }

    public Task ClaimAsync(RoundClaim claim, CancellationToken stop) =>
        SendAsync(() => web3.Eth.GetContractTransactionHandler<NumeraiClaimFunction>().SendRequestAsync(Addresses.Staking, new NumeraiClaimFunction
        {
            RoundId = claim.Position.Round,
            ModelId = claim.Position.ModelId,
            Staker = claim.Position.Staker,
            PayoutWei = claim.Payout.PayoutWei,
            BurnWei = claim.Payout.BurnWei,
            Proof = [.. claim.Proof],
        }), stop);

    public void Dispose() => sending.Dispose();

    /// <summary>One at a time: each takes the owner's next nonce.</summary>
    private async Task SendAsync(Func<Task<string>> send, CancellationToken stop)
    {
        await sending.WaitAsync(stop);
        try
        {
            await send().WaitAsync(stop);
        }
        finally
        {
            sending.Release();
        }
    }
}

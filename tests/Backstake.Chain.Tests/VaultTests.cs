using System.Numerics;
using System.Security.Cryptography;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Servers;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Chain.Tests;

/// <summary>A vault's first weeks on a real EVM, through these messages alone.</summary>
public sealed class VaultTests
{
    private static readonly VaultTerms Terms = new()
    {
        UnitSize = VaultOnChain.Nmr,
        ProfitShareBps = 2_000,
        LossShareBps = 1_000,
        Crystallisation = 2,
        CompoundingWeeks = 12,
        LockupWeeks = 1,
    };

    [SkippableFact]
    public async Task Offer_IsTakenWithTheIdAndSignatureOfSignedTerms()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        await using var world = await VaultOnChain.Start(limit.Token);
        var id = SignedTerms.Id(Terms, world.Vault);
        var signature = SignedTerms.Sign(Terms, world.Vault, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[1]));
        Assert.Equal(Anvil.Addresses[1], SignedTerms.Recover(Terms, world.Vault, VaultOnChain.ChainId, signature));
        Assert.NotEqual(Anvil.Addresses[1], SignedTerms.Recover(Terms, world.Vault, 1, signature));

        var foreign = SignedTerms.Sign(Terms, world.Vault, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[5])).HexToByteArray();
        var refused = await Assert.ThrowsAsync<SmartContractCustomErrorRevertException>(() => world.Send(5, world.Vault, new OfferFunction { Terms = Terms, Signature = foreign }, limit.Token));
        Assert.Equal("notAllowed", VaultRefusals.NameOf(refused));

        var receipt = await world.Send(5, world.Vault, new OfferFunction { Terms = Terms, Signature = signature.HexToByteArray() }, limit.Token);
        var entry = Assert.Single(await VaultLog.Read(world.Web3, world.Vault, receipt, limit.Token));
        var offered = Assert.IsType<OfferedEvent>(entry.Event);
        Assert.Equal(id, Convert.ToHexStringLower(offered.Terms));
        Assert.Equivalent(Terms, offered.Content);

        var found = await (await world.Reader(limit.Token)).Terms(id, limit.Token);
        Assert.NotNull(found);
        Assert.Equivalent(Terms, found.Value.Terms);
        Assert.False(found.Value.Withdrawn);
        Assert.Null(await (await world.Reader(limit.Token)).Terms(new string('0', 64), limit.Token));
    }

    [SkippableFact]
    public async Task AWeekOfMoney_IsReadAsItHappened()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var stop = limit.Token;
        await using var world = await VaultOnChain.Start(stop);
        var id = SignedTerms.Id(Terms, world.Vault);
        var signature = SignedTerms.Sign(Terms, world.Vault, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[1]));
        await world.Send(1, world.Vault, new OfferFunction { Terms = Terms, Signature = signature.HexToByteArray() }, stop);
        await world.Fund(5, 10 * VaultOnChain.Nmr, world.Vault, stop);
        await world.Send(0, world.NmrAddress, new NmrFaucetFunction { To = world.Staking, Value = 100 * VaultOnChain.Nmr }, stop);

        // Week 1: five units, one cancelled.
        var series = SeriesId.Of(id, pays: false, joinWeek: 1);
        await world.Send(5, world.Vault, new DepositFunction { Terms = Convert.FromHexString(id), Units = 5, Pay = false, JoinWeek = 1 }, stop);
        await world.Send(5, world.Vault, new CancelFunction { Series = series.ToNumber(), Units = 1 }, stop);
        var reader = await world.Reader(stop);
        Assert.Equal(4, await reader.LiveUnits(series, stop));
        Assert.Equal(4, await reader.UnitsOf(Anvil.Addresses[5], series, stop));
        var state = await reader.State(stop);
        Assert.Equal((4 * VaultOnChain.Nmr, 1u, 0u, 0u), (state.Waiting, state.CurrentWeek, state.LastAccepted, state.Collects));
        Assert.Null(state.Proposal);
        Assert.Equal(world.FirstCut.AddDays(7), await reader.Cut(2, stop));
        var created = await reader.Created(stop);
        Assert.Equal((Anvil.Addresses[1], Anvil.Addresses[2], Anvil.Addresses[3], Anvil.Addresses[4]), (created.Owner, created.Committer, created.StakerKey, created.Settler));
        Assert.Equal((8, world.FirstCut, TimeSpan.FromHours(40)), (created.Tournament, created.FirstCutTime, created.WindowTime));
        Assert.Equal(VaultOnChain.ModelId, created.ModelId);
        Assert.True(created.Nmr.IsTheSameAddress(world.NmrAddress) && created.Stakers.IsTheSameAddress(world.Stakers));

        // Settlement 1.
        await world.GoTo(world.FirstCut.AddSeconds(1));
        var week = new SettlementWeek { Week = 1, StakeLimit = 2 * VaultOnChain.Nmr, Books = SHA256.HashData("books"u8) };
        var before = await ChainBlock.Latest(world.Web3, stop);
        await world.Send(4, world.Vault, new ProposeFunction { Week = week }, stop);
        var proposal = (await (await world.Reader(stop)).State(stop)).Proposal;
        Assert.NotNull(proposal);
        Assert.Equal(1u, proposal.Week);
        var early = await Assert.ThrowsAsync<SmartContractCustomErrorRevertException>(() => world.Send(6, world.Vault, new AcceptFunction { Week = week }, stop));
        Assert.Equal("tooEarly", VaultRefusals.NameOf(early));
        await world.GoTo(proposal.AcceptableAt);
        await world.Send(6, world.Vault, new AcceptFunction { Week = week }, stop);
        Assert.Null((await new VaultReader(world.Web3, world.Vault, before.Number).State(stop)).Proposal); // at the block before, nothing was proposed
        Assert.Equal(4 * VaultOnChain.Nmr, (await (await world.Reader(stop)).State(stop)).Free);

        // Round 7: committed, staked on Numerai's leave, resolved with a gain, collected with its proof.
        var now = (await ChainBlock.Latest(world.Web3, stop)).Time;
        await world.Send(0, world.Staking, new OpenRoundFunction { RoundId = 7, CloseStakingTime = (ulong)now.AddHours(1).ToUnixTimeSeconds() }, stop);
        var predictionHash = SHA256.HashData("predictions"u8);
        await world.Send(2, world.Vault, new CommitFunction { Round = 7, PredictionHash = predictionHash }, stop);
        var commitment = await (await world.Reader(stop)).Commitment(7, stop);
        Assert.Equal(predictionHash[..28], commitment);
        var authorization = new StakeAuthorization
        {
            TournamentId = 8,
            RoundId = 7,
            ModelId = VaultOnChain.ModelId,
            Staker = state.Staker,
            MaxAmount = 2 * VaultOnChain.Nmr,
            SubmissionId = UuidWord.Of(Guid.NewGuid()),
            SubmissionHash = predictionHash,
            Nonce = await world.Web3.Eth.GetContractQueryHandler<NumeraiNoncesFunction>().QueryAsync<BigInteger>(world.Staking, new NumeraiNoncesFunction { Staker = state.Staker }),
            Deadline = now.AddHours(1).ToUnixTimeSeconds(),
        };
        var leave = authorization.Sign(world.Staking, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[7]));
        Assert.Equal(Anvil.Addresses[7], authorization.Recover(world.Staking, VaultOnChain.ChainId, leave));
        Assert.Equal(Anvil.Addresses[7], await world.Web3.Eth.GetContractQueryHandler<AuthorizationSignerFunction>().QueryAsync<string>(world.Staking));
        await world.Send(3, world.Vault, new StakeFunction { Round = 7, Amount = 2 * VaultOnChain.Nmr, ShareBps = 10_000, Collects = 0, Authorisation = authorization.Encode(leave.HexToByteArray()) }, stop);
        Assert.Equal(2 * VaultOnChain.Nmr, await (await world.Reader(stop)).OpenStake(7, stop));

        var payout = VaultOnChain.Nmr / 4;
        var leaf = ClaimProof.Leaf(7, VaultOnChain.ModelId, state.Staker, payout, 0);
        var sibling = ClaimProof.Leaf(7, VaultOnChain.ModelId, Anvil.Addresses[9], 1, 0);
        await world.Send(0, world.Staking, new ResolveRoundFunction { RoundId = 7, MerkleRoot = ClaimProof.Node(leaf, sibling) }, stop);
        await world.Send(6, world.Vault, new CollectFunction { Round = 7, Proof = new ClaimProof { PayoutWei = payout, Proof = [sibling] }.Encode() }, stop);

        // Everything again, from the log.
        var last = await ChainBlock.Latest(world.Web3, stop);
        var log = await VaultLog.Read(world.Web3, [world.Vault], 0, last.Number, stop);
        Assert.Equal(
            [typeof(OfferedEvent), typeof(UnitsMovedEvent), typeof(DepositedEvent), typeof(UnitsMovedEvent), typeof(CancelledEvent), typeof(ProposedEvent), typeof(SettledEvent), typeof(CommittedEvent), typeof(StakedEvent), typeof(CollectedEvent)],
            log.Select(entry => entry.Event.GetType()));
        Assert.Equal(log.OrderBy(entry => entry.Block.Number).ThenBy(entry => entry.LogIndex), log);
        var collected = Assert.IsType<CollectedEvent>(log[^1].Event);
        Assert.Equal((7u, 2 * VaultOnChain.Nmr, (2 * VaultOnChain.Nmr) + payout), (collected.Round, collected.Staked, collected.Returned));
        Assert.Equal(last.Hash, log[^1].Block.Hash);
        Assert.Equal(last.Time, log[^1].Block.Time);
        var deposited = Assert.IsType<DepositedEvent>(log[2].Event);
        Assert.Equal((Anvil.Addresses[5], series, 5ul), (deposited.Backer, SeriesId.Of(deposited.Series), deposited.Units));
        Assert.Equal(6 * VaultOnChain.Nmr, await world.NmrOf(Anvil.Addresses[5]));
        Assert.Equal(1u, (await (await world.Reader(stop)).State(stop)).Collects);
    }

    [SkippableFact]
    public async Task SignedTransaction_IsTheSameTwice_AndKnownByItsHash()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var stop = limit.Token;
        await using var world = await VaultOnChain.Start(stop);
        var call = new NmrFaucetFunction { To = Anvil.Addresses[5], Value = 5 };
        var choices = new TransactionChoices(Nonce: 0, Gas: 200_000, MaxFeePerGas: 5_000_000_000, MaxPriorityFeePerGas: 1);
        var signed = SignedTransaction.Of(VaultOnChain.Account(8), VaultOnChain.ChainId, world.NmrAddress, call, choices);
        Assert.Equal(signed, SignedTransaction.Of(VaultOnChain.Account(8), VaultOnChain.ChainId, world.NmrAddress, new NmrFaucetFunction { To = Anvil.Addresses[5], Value = 5 }, choices));
        Assert.Equal(signed.Hash, await world.Web3.Eth.Transactions.SendRawTransaction.SendRequestAsync(signed.Raw));
        var receipt = await world.Web3.TransactionReceiptPolling.PollForReceiptAsync(signed.Hash, stop);
        Assert.False(receipt.HasErrors());
        Assert.Equal(5, await world.NmrOf(Anvil.Addresses[5]));
        Assert.Empty(await VaultLog.Read(world.Web3, world.Vault, receipt, stop));
    }

    [SkippableFact]
    public async Task FinalizedBlock_IsBehindTheHead()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        await using var world = await VaultOnChain.Start(limit.Token);
        var (final, head) = (await ChainBlock.Finalized(world.Web3, limit.Token), await ChainBlock.Latest(world.Web3, limit.Token));
        Assert.Equal(head.Number - 2, final.Number);
        Assert.Equal(final, await ChainBlock.At(world.Web3, final.Number, limit.Token));
        await Assert.ThrowsAsync<InvalidDataException>(() => new VaultReader(world.Web3, Anvil.Addresses[9], head.Number).State(limit.Token)); // no vault there
        await Assert.ThrowsAsync<InvalidDataException>(() => ChainBlock.At(world.Web3, head.Number + 1_000, limit.Token));
    }
}

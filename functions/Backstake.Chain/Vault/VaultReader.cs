using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain.Vault;

/// <summary>
/// Reads one vault at one block: everything that it answers belongs together. Requests end when the connection's limit is over
/// (<see cref="ChainNode.Connect"/>) or <c>stop</c> is cancelled.
/// </summary>
public sealed class VaultReader(IWeb3 web3, string vault, ulong block)
{
    public async Task<VaultIdentity> Identity(CancellationToken stop)
    {
        var (owner, committer, stakerKey) = (Ask<OwnerFunction, string>(stop), Ask<CommitterFunction, string>(stop), Ask<StakerKeyFunction, string>(stop));
        var (settler, guardian) = (Ask<SettlerFunction, string>(stop), Ask<GuardianFunction, string>(stop));
        var (nmr, staker) = (Ask<NmrFunction, string>(stop), Ask<StakerFunction, string>(stop));
        var (tournament, modelId) = (Ask<TournamentFunction, BigInteger>(stop), Ask<ModelIdFunction, byte[]>(stop));
        var (firstCut, window) = (Ask<FirstCutFunction, ulong>(stop), Ask<WindowFunction, ulong>(stop));
        return new VaultIdentity(
            await owner, await committer, await stakerKey, await settler, await guardian, await nmr, await staker, (int)await tournament, await modelId,
            DateTimeOffset.FromUnixTimeSeconds((long)await firstCut), TimeSpan.FromSeconds(await window));
    }

    public async Task<VaultMoney> Money(CancellationToken stop)
    {
        var (free, waiting, joining) = (Ask<FreeFunction, BigInteger>(stop), Ask<WaitingFunction, BigInteger>(stop), Ask<JoiningFunction, BigInteger>(stop));
        var (promised, staked, stakeLimit) = (Ask<PromisedFunction, BigInteger>(stop), Ask<StakedFunction, BigInteger>(stop), Ask<StakeLimitFunction, BigInteger>(stop));
        var (reserve, locked, reserveDue) = (Ask<ReserveFunction, BigInteger>(stop), Ask<ReserveLockedFunction, BigInteger>(stop), Ask<ReserveDueFunction, BigInteger>(stop));
        var (houseDue, houseSpare) = (Ask<HouseDueFunction, BigInteger>(stop), Ask<HouseSpareFunction, BigInteger>(stop));
        return new VaultMoney(
            await free, await waiting, await joining, await promised, await staked, await stakeLimit, await reserve, await locked, await reserveDue,
            await houseDue, await houseSpare);
    }

    public async Task<VaultWeeks> Weeks(CancellationToken stop)
    {
        var (current, accepted, collects) = (Ask<CurrentWeekFunction, uint>(stop), Ask<LastAcceptedFunction, uint>(stop), Ask<CollectsFunction, uint>(stop));
        var proposal = await AskMany<ProposalFunction, ProposalOutput>(new(), stop);
        return new VaultWeeks(
            await current, await accepted, await collects,
            proposal.Week == 0 ? null : new VaultProposal(proposal.Week, proposal.Content, DateTimeOffset.FromUnixTimeSeconds((long)proposal.AcceptableAt)));
    }

    /// <summary>When a week ends.</summary>
    public async Task<DateTimeOffset> Cut(uint week, CancellationToken stop) =>
        DateTimeOffset.FromUnixTimeSeconds((long)await Ask<CutFunction, BigInteger>(new() { Week = week }, stop));

    /// <summary>Offered terms, whether they were withdrawn; null if they were never offered.</summary>
    public async Task<(VaultTerms Terms, bool Withdrawn)?> Terms(string termsId, CancellationToken stop)
    {
        var found = await AskMany<TermsFunction, TermsOutput>(new() { Id = Convert.FromHexString(termsId) }, stop);
        return found.Status == 0 ? null : (found.Content, found.Status == 2);
    }

    /// <summary>What is staked in a round and not collected, wei.</summary>
    public Task<BigInteger> OpenStake(uint round, CancellationToken stop) => Ask<OpenStakeFunction, BigInteger>(new() { Round = round }, stop);

    /// <summary>The first 28 bytes of the prediction hash that was committed for a round, and when; null if none was.</summary>
    public async Task<(byte[] Hash, DateTimeOffset At)?> Commitment(uint round, CancellationToken stop)
    {
        var found = await AskMany<CommitmentFunction, CommitmentOutput>(new() { Round = round }, stop);
        return found.CommittedAt == 0 ? null : (found.Hash, DateTimeOffset.FromUnixTimeSeconds(found.CommittedAt));
    }

    public Task<BigInteger> LiveUnits(SeriesId series, CancellationToken stop) => Ask<LiveUnitsFunction, BigInteger>(new() { Series = series.ToNumber() }, stop);

    public Task<BigInteger> UnitsOf(string holder, SeriesId series, CancellationToken stop) =>
        Ask<UnitsOfFunction, BigInteger>(new() { Holder = holder, Series = series.ToNumber() }, stop);

    /// <summary>Units of a holder that asked out in a week.</summary>
    public Task<BigInteger> LeavingUnits(SeriesId series, uint exitWeek, string holder, CancellationToken stop) =>
        Ask<LeavingUnitsFunction, BigInteger>(new() { Series = series.ToNumber(), ExitWeek = exitWeek, Holder = holder }, stop);

    /// <summary>A class: the tranche that left in a week, or with exitWeek 0 a live <c>pay</c> series.</summary>
    public Task<ClassOutput> Class(SeriesId series, uint exitWeek, CancellationToken stop) =>
        AskMany<ClassOfFunction, ClassOutput>(new() { Series = series.ToNumber(), ExitWeek = exitWeek }, stop);

    /// <summary>Wei that a holder can claim of a class.</summary>
    public Task<BigInteger> Claimable(SeriesId series, uint exitWeek, string holder, CancellationToken stop) =>
        Ask<ClaimableFunction, BigInteger>(new() { Series = series.ToNumber(), ExitWeek = exitWeek, Holder = holder }, stop);

    private BlockParameter Block => new(new HexBigInteger(block));

    private Task<TAnswer> Ask<TView, TAnswer>(CancellationToken stop)
        where TView : FunctionMessage, new() => Ask<TView, TAnswer>(new TView(), stop);

    // Warning: an address without code answers every view with nothing, which reads as zero: the caller knows its vaults.
    private Task<TAnswer> Ask<TView, TAnswer>(TView view, CancellationToken stop)
        where TView : FunctionMessage, new() => web3.Eth.GetContractQueryHandler<TView>().QueryAsync<TAnswer>(vault, view, Block).WaitAsync(stop);

    private async Task<TAnswer> AskMany<TView, TAnswer>(TView view, CancellationToken stop)
        where TView : FunctionMessage, new()
        where TAnswer : class, IFunctionOutputDTO, new()
    {
        TAnswer? answer = await web3.Eth.GetContractQueryHandler<TView>().QueryDeserializingToObjectAsync<TAnswer>(view, vault, Block).WaitAsync(stop);
        return answer ?? throw new InvalidDataException($"{vault} is no vault: at block {block} it has no code.");
    }
}

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
/// <param name="readerContract">The reader contract of the vault's factory (<see cref="ReaderOf"/>); null: it is looked for.</param>
public sealed class VaultReader(IWeb3 web3, string vault, ulong block, string? readerContract = null)
{
    // What the vault doesn't say itself, the reader contract of its factory says (contracts/src/VaultReader.sol).
    private Task<string>? reader = readerContract is null ? null : Task.FromResult(readerContract);

    /// <summary>The vault as the latest block has it.</summary>
    public static async Task<VaultReader> Latest(IWeb3 web3, string vault, CancellationToken stop) => new(web3, vault, (await ChainBlock.Latest(web3, stop)).Number);

    /// <summary>What the vault was created with; never changes, but for the generation of its staker (<see cref="ChainState.Staker"/>).</summary>
    public async Task<CreateVault> Created(CancellationToken stop) => (await AskMany<CreatedFunction, CreatedOutput>(await Reader(stop), new() { Vault = vault }, stop)).Created;

    /// <summary>All that moves, in one answer.</summary>
    public async Task<ChainState> State(CancellationToken stop) => (await AskMany<StateFunction, StateOutput>(await Reader(stop), new() { Vault = vault }, stop)).State;

    /// <summary>When a week ends.</summary>
    public async Task<DateTimeOffset> Cut(uint week, CancellationToken stop) =>
        DateTimeOffset.FromUnixTimeSeconds((long)await Ask<CutFunction, BigInteger>(vault, new() { Week = week }, stop));

    /// <summary>Offered terms, whether they were withdrawn; null if they were never offered.</summary>
    public async Task<(VaultTerms Terms, bool Withdrawn)?> Terms(string termsId, CancellationToken stop)
    {
        var found = await AskMany<TermsFunction, TermsOutput>(await Reader(stop), new() { Vault = vault, Id = Convert.FromHexString(termsId) }, stop);
        return found.Status == 0 ? null : (found.Content, found.Status == 2);
    }

    /// <summary>What is staked in a round and not collected, wei.</summary>
    public async Task<BigInteger> OpenStake(uint round, CancellationToken stop) => await Ask<OpenStakeFunction, BigInteger>(await Reader(stop), new() { Vault = vault, Round = round }, stop);

    /// <summary>The first 28 bytes of the prediction hash that was committed for a round; null if none was, or it was 128 rounds ago.</summary>
    public async Task<byte[]?> Commitment(uint round, CancellationToken stop) =>
        await Ask<CommitmentFunction, byte[]>(await Reader(stop), new() { Vault = vault, Round = round }, stop) is var hash && hash.AsSpan().ContainsAnyExcept((byte)0) ? hash : null;

    /// <summary>What Numerai knows as <c>staker</c> where one of the vault's stakers stakes: authorisations and claims are in its name.</summary>
    public async Task<string> NumeraiStaker(string staker, CancellationToken stop) => (await Ask<NumeraiStakerFunction, string>(staker, new(), stop)).ToLowerInvariant();

    public async Task<BigInteger> LiveUnits(SeriesId series, CancellationToken stop) =>
        await Ask<LiveUnitsFunction, BigInteger>(await Reader(stop), new() { Vault = vault, Series = series.ToNumber() }, stop);

    public Task<BigInteger> UnitsOf(string holder, SeriesId series, CancellationToken stop) =>
        Ask<UnitsOfFunction, BigInteger>(vault, new() { Holder = holder, Series = series.ToNumber() }, stop);

    /// <summary>A holder's units that asked out in a week.</summary>
    public async Task<LeavingOutput> Leaving(SeriesId series, uint exitWeek, string holder, CancellationToken stop) =>
        await AskMany<LeavingOfFunction, LeavingOutput>(await Reader(stop), new() { Vault = vault, Series = series.ToNumber(), ExitWeek = exitWeek, Holder = holder }, stop);

    /// <summary>A class: the tranche that left in a week, or with exitWeek 0 a live <c>pay</c> series.</summary>
    public Task<ClassOutput> Class(SeriesId series, uint exitWeek, CancellationToken stop) =>
        AskMany<ClassOfFunction, ClassOutput>(vault, new() { Series = series.ToNumber(), ExitWeek = exitWeek }, stop);

    /// <summary>Wei that a holder can claim of a class.</summary>
    public Task<BigInteger> Claimable(SeriesId series, uint exitWeek, string holder, CancellationToken stop) =>
        Ask<ClaimableFunction, BigInteger>(vault, new() { Series = series.ToNumber(), ExitWeek = exitWeek, Holder = holder }, stop);

    private BlockParameter Block => new(new HexBigInteger(block));

    private Task<string> Reader(CancellationToken stop) => reader ??= FindReader(stop);

    private async Task<string> FindReader(CancellationToken stop)
    {
        var companions = await AskMany<CompanionsFunction, CompanionsOutput>(vault, new(), stop);
        return await ReaderOf(web3, await Ask<FactoryOfFunction, string>(companions.Notices, new(), stop), stop);
    }

    /// <summary>The reader contract of a factory's vaults; it never changes.</summary>
    public static Task<string> ReaderOf(IWeb3 web3, string factory, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(web3);
        return web3.Eth.GetContractQueryHandler<ReaderOfFunction>().QueryAsync<string>(factory, new()).WaitAsync(stop);
    }

    // Warning: an address without code answers every view with nothing, which reads as zero: the caller knows its vaults.
    private Task<TAnswer> Ask<TView, TAnswer>(string contract, TView view, CancellationToken stop)
        where TView : FunctionMessage, new() => web3.Eth.GetContractQueryHandler<TView>().QueryAsync<TAnswer>(contract, view, Block).WaitAsync(stop);

    private async Task<TAnswer> AskMany<TView, TAnswer>(string contract, TView view, CancellationToken stop)
        where TView : FunctionMessage, new()
        where TAnswer : class, IFunctionOutputDTO, new()
    {
        TAnswer? answer = await web3.Eth.GetContractQueryHandler<TView>().QueryDeserializingToObjectAsync<TAnswer>(view, contract, Block).WaitAsync(stop);
        return answer ?? throw new InvalidDataException($"{vault} is no vault: at block {block} it has no code.");
    }
}

using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Util;
using Nethereum.Web3;

namespace Backstake.Chain.Prepared;

/// <summary>The call that creates a vault, or why there is none.</summary>
/// <param name="Vault">The address that the vault will have, 0x and 40 lower-case hex digits: it follows from factory and parameters. Null: it is refused.</param>
public sealed record PreparedVault(PreparedAct Act, string? Vault);

/// <summary>Creating a vault, held against the factory in its latest block. Anybody may; what the vault's constructor would refuse is told by field, before anybody pays gas (contracts/src/VaultStorage.sol, constructor).</summary>
public static class FactoryActs
{
    private const string Declaration =
        "create((address owner, address committer, address stakerKey, address settler, address guardian, address nmr, address stakers, uint256 tournament, bytes32 modelId, uint64 firstCut, uint64 window) params)";

    private static readonly TimeSpan WindowLeast = TimeSpan.FromHours(1);
    private static readonly TimeSpan WindowMost = TimeSpan.FromDays(5);

    /// <summary>What is usual: a settlement can be vetoed for 40 hours, so that one of a Sunday evening is accepted before Tuesday's round closes.</summary>
    public static TimeSpan WindowUsual => TimeSpan.FromHours(40);

    /// <summary>The first Sunday 18:00 UTC that is at least a day away: after the weekend's round, whose staking closes before (NUMERAI.md, "Rounds").</summary>
    public static DateTimeOffset FirstCutAfter(DateTimeOffset now)
    {
        var earliest = now.ToUniversalTime().AddDays(1);
        var sunday = new DateTimeOffset(earliest.Date, TimeSpan.Zero).AddDays((7 - (int)earliest.DayOfWeek) % 7).AddHours(18);
        return sunday >= earliest ? sunday : sunday.AddDays(7);
    }

    /// <summary>What the constructor refuses, by the field of <see cref="NewVault"/>; null: nothing.</summary>
    /// <param name="now">The block's time.</param>
    public static ActRefusal? WhyBad(CreateVault wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var keys = new[] { ("committer", wanted.Committer), ("staker", wanted.StakerKey), ("settler", wanted.Settler) };
        foreach (var (param, key) in keys)
        {
            if (key.IsTheSameAddress(AddressUtil.ZERO_ADDRESS)) return Bad(param, $"The {param} is address zero: nobody could act as it.");
            if (keys.First(one => one.Item2.IsTheSameAddress(key)) is var (first, _) && first != param) return Bad(param, $"The {param} is the {first}: committer, staker and settler are three keys, so that none can do another's work.");
        }

        return wanted.FirstCutTime <= now ? Bad("firstCut", $"The first cut, {UtcText.Of(wanted.FirstCutTime)}, isn't after the latest block's time, {UtcText.Of(now)}.")
            : wanted.WindowTime < WindowLeast || wanted.WindowTime > WindowMost ? Bad("windowSeconds", $"A settlement can be vetoed for {WindowLeast.TotalSeconds} to {WindowMost.TotalSeconds} seconds, not for {wanted.Window}.")
            : PreparedCalls.IsCustodial(wanted.Owner) ? Bad("owner", "The owner is address zero or one of Numerai's own accounts: what is paid there may be lost.")
            : null;
    }

    /// <param name="web3">The node.</param>
    /// <param name="factory">The factory's address.</param>
    /// <param name="wanted">Every field.</param>
    /// <exception cref="InvalidDataException">There is no factory at that address.</exception>
    public static async Task<PreparedVault> Prepare(IWeb3 web3, string factory, CreateVault wanted, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (!await ContractCode.IsAt(web3, factory, stop)) throw new InvalidDataException($"There is no factory at {factory}: it has no code.");
        if (WhyBad(wanted, (await ChainBlock.Latest(web3, stop)).Time) is { } bad) return Refused(bad);
        if (!await web3.Eth.GetContractQueryHandler<IsListedFunction>().QueryAsync<bool>(factory, new IsListedFunction { Stakers = wanted.Stakers }).WaitAsync(stop))
            return Refused(new(ActRefusal.UnknownStakers, await WhyUnlisted(web3, factory, wanted.Stakers, stop), []) { Param = "stakers" });
        if ((await web3.Eth.ChainId.SendRequestAsync().WaitAsync(stop)).Value == MainNetwork.ChainId && !wanted.Nmr.IsTheSameAddress(MainNetwork.Nmr)) return Refused(NotNmr($"NMR is {MainNetwork.Nmr} on this chain."));
        if (!await ContractCode.IsAt(web3, wanted.Nmr, stop)) return Refused(NotNmr($"There is no contract at {wanted.Nmr}."));
        if (await NmrOf(web3, wanted.Stakers, stop) is { } staked && !staked.IsTheSameAddress(wanted.Nmr)) return Refused(NotNmr($"The stakers {wanted.Stakers} stake {staked}, not {wanted.Nmr}."));
        return await Call(web3, factory, wanted, stop);
    }

    /// <summary>The NMR that a generation of stakers stakes; null: it doesn't say.</summary>
    public static async Task<string?> NmrOf(IWeb3 web3, string stakers, CancellationToken stop)
    {
        try
        {
            return await Ask(web3, stakers, new NmrOfStakersFunction().GetCallData(), stop) is { Length: WordDigits } word ? AddressIn(word) : null;
        }
        catch (RpcResponseException)
        {
            return null;
        }
    }

    /// <summary>Why a factory doesn't know stakers (yet), as a sentence.</summary>
    internal static async Task<string> WhyUnlisted(IWeb3 web3, string factory, string stakers, CancellationToken stop)
    {
        var listed = await web3.Eth.GetContractQueryHandler<ListedAtFunction>().QueryAsync<BigInteger>(factory, new ListedAtFunction { Stakers = stakers }).WaitAsync(stop);
        return listed.IsZero
            ? $"{stakers} isn't on the list of the vault's factory {factory}, whose curator announces what comes on it 14 days ahead."
            : $"{stakers} comes on the list of the vault's factory at {UtcText.Of(DateTimeOffset.FromUnixTimeSeconds((long)listed))}.";
    }

    private const int WordDigits = 66;

    /// <summary>The factory itself says the address, and whatever else it would refuse.</summary>
    private static async Task<PreparedVault> Call(IWeb3 web3, string factory, CreateVault wanted, CancellationToken stop)
    {
        var create = new CreateVaultFunction { Vault = wanted };
        try
        {
            var vault = AddressIn(await Ask(web3, factory, create.GetCallData(), stop));
            var gas = await web3.Eth.Transactions.EstimateGas.SendRequestAsync(new CallInput(create.GetCallData().ToHex(prefix: true), factory)).WaitAsync(stop);
            var purpose = $"Create the vault {vault} of the model {Numerai.UuidWord.Read(wanted.ModelId)} in tournament {wanted.Tournament}, owned by {wanted.Owner}. Week 1 ends at {UtcText.Of(wanted.FirstCutTime)}, a settlement can be vetoed for {wanted.WindowTime.TotalHours:0.##} hours by "
                + $"{(wanted.HasGuardian ? "guardian or owner" : "the owner alone")}. None of this can be changed, but for the stakers and, by less than 3 days, the cuts, with 14 days' notice.";
            return new(new([PreparedCall.Of(purpose, factory, Declaration, create, (long)gas.Value)], null), vault);
        }
        catch (RpcResponseException refusal)
        {
            var reason = refusal.RpcError.GetDataAsString() is { Length: > 0 } revert ? VaultRefusals.NameOf(revert) : null;
            var why = reason == "failedDeployment" ? " There is a vault with exactly these parameters already: any other one, the first cut for instance, makes another." : "";
            return Refused(new(ActRefusal.ChainRefuses, $"In the latest block the factory answers {reason ?? "reverted"}.{why}", []) { Reason = reason });
        }
    }

    private static async Task<string> Ask(IWeb3 web3, string contract, byte[] data, CancellationToken stop) =>
        await web3.Eth.Transactions.Call.SendRequestAsync(new CallInput(data.ToHex(prefix: true), contract), BlockParameter.CreateLatest()).WaitAsync(stop);

    private static string AddressIn(string word) => $"0x{word[^40..]}".ToLowerInvariant();

    private static ActRefusal Bad(string param, string why) => new(ActRefusal.BadVault, why, []) { Param = param };

    private static ActRefusal NotNmr(string why) => new(ActRefusal.NotNmr, why, []) { Param = "nmr" };

    private static PreparedVault Refused(ActRefusal refusal) => new(new([], refusal), null);
}

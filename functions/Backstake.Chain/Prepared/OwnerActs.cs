using Backstake.Accounting;
using Backstake.Chain.Vault;
using Nethereum.Util;
using Nethereum.Web3;

namespace Backstake.Chain.Prepared;

/// <summary>What an owner does, prepared and held against books and chain, as <see cref="ChainActs"/> does for backers.</summary>
public static class OwnerActs
{
    /// <param name="web3">The node.</param>
    /// <param name="vault">The vault's address.</param>
    /// <param name="books">As they are in the week that runs.</param>
    /// <param name="act">What the owner wants.</param>
    /// <param name="owner">The vault's owner, by address.</param>
    public static async Task<PreparedAct> Prepare(IWeb3 web3, string vault, Books books, OwnerAct act, string owner, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(act);
        if (act.IsNotice) return await NoticeActs.Prepare(web3, vault, act, stop);
        if (act.Name == "pause") return await Pause(web3, vault, act, stop);
        if (act.Event is { } booked && RefusedAct.Of(books, booked) is { } refused)
            return new([], new(refused.Refusal.Code, refused.Explanation, refused.Numbers));
        var nmr = (await (await ChainActs.Latest(web3, vault, stop)).Created(stop)).Nmr;
        return act.Event is HouseDeposit or ReserveDeposit
            ? await ChainActs.Paying(web3, vault, nmr, owner, act.Amount, "This brings", allowance => OwnerCalls.Of(vault, nmr, act, allowance), stop)
            : await ChainActs.Checked(web3, OwnerCalls.Of(vault, nmr, act, Accounting.Nmr.Zero), owner, stop);
    }

    /// <summary>What of deposits and staking is paused from here on: the owner or the guardian may say so at any time. The books know nothing of it.</summary>
    /// <param name="web3">The node.</param>
    /// <param name="vault">The vault's address.</param>
    /// <param name="act">What it doesn't name stays as it is in the latest block.</param>
    public static async Task<PreparedAct> Pause(IWeb3 web3, string vault, OwnerAct act, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(act);
        var chain = await ChainActs.Latest(web3, vault, stop);
        var (created, state) = (await chain.Created(stop), await chain.State(stop));
        var by = act.By ?? created.Owner;
        if (!by.IsTheSameAddress(created.Owner) && !(created.HasGuardian && by.IsTheSameAddress(created.Guardian)))
            return new([], new(ActRefusal.ChainRefuses, $"Only the owner {created.Owner} {(created.HasGuardian ? $"and the guardian {created.Guardian} may" : "may: the vault has no guardian")}; {by} is neither.", []) { Reason = "notAllowed", Param = "by" });
        var wanted = act with { PausesDeposits = act.PausesDeposits ?? state.DepositsPaused, PausesStaking = act.PausesStaking ?? state.StakingPaused };
        return (wanted.PausesDeposits, wanted.PausesStaking) == (state.DepositsPaused, state.StakingPaused)
            ? PreparedAct.Refused(ActRefusal.NothingChanges, $"Deposits {(state.DepositsPaused ? "are" : "aren't")} paused and staking {(state.StakingPaused ? "is" : "isn't")}: it is so already.")
            : await ChainActs.Checked(web3, OwnerCalls.Of(vault, created.Nmr, wanted, Accounting.Nmr.Zero), by, stop);
    }

    /// <summary>An offer of signed terms. The contract itself judges signature (also of an owner that is a contract), bounds, and whether they were offered before, in its latest block.</summary>
    /// <param name="web3">The node.</param>
    /// <param name="vault">The vault's address.</param>
    /// <param name="terms">What was signed.</param>
    /// <param name="signature">The owner's.</param>
    /// <param name="sender">Whoever would send it.</param>
    public static Task<PreparedAct> Offer(IWeb3 web3, string vault, VaultTerms terms, byte[] signature, string sender, CancellationToken stop) =>
        ChainActs.Checked(web3, [OwnerCalls.Offer(vault, terms, signature)], sender, stop);
}

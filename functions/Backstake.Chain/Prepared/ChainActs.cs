using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain.Prepared;

/// <summary>Why an act isn't prepared: the books' code or one of those below, a sentence, and the numbers that explain it.</summary>
public sealed record ActRefusal(string Code, string Explanation, IReadOnlyList<QuotedNumber> Numbers)
{
    public const string BadReceiver = "badReceiver";
    public const string TooLittleNmr = "tooLittleNmr";
    public const string ChainRefuses = "chainRefuses";
    public const string NothingChanges = "nothingChanges";
    public const string BadVault = "badVault";
    public const string UnknownStakers = "unknownStakers";
    public const string NotNmr = "notNmr";

    /// <summary>The contract's own name for it, where it is the contract that refuses (<see cref="VaultRefusals"/>).</summary>
    public string? Reason { get; init; }

    /// <summary>The field of what was asked for that is refused; null: no single one.</summary>
    public string? Param { get; init; }
}

/// <summary>The calls of an act, or why there are none.</summary>
public sealed record PreparedAct(IReadOnlyList<PreparedCall> Calls, ActRefusal? Refusal)
{
    internal static PreparedAct Refused(string code, string explanation, params QuotedNumber[] numbers) => new([], new(code, explanation, numbers));
}

/// <summary>What a backer does, prepared and held against books and chain: what the books would refuse first, with their code, then what the contract would refuse in its latest block.</summary>
public static class ChainActs
{
    private const string Pending = "A week has ended whose settlement isn't accepted yet, 40 hours after its cut at the earliest: it can be done then.";

    private const string DepositsArePaused = "The vault's owner or guardian paused deposits: units can be bought again once that is lifted. Exits, cancels and claims go on.";

    /// <param name="web3">The node.</param>
    /// <param name="vault">The vault's address.</param>
    /// <param name="books">As they are in the week that runs.</param>
    /// <param name="act">A deposit or what else <see cref="PreparedCalls.Of"/> takes.</param>
    /// <param name="backer">Who does it.</param>
    public static async Task<PreparedAct> Prepare(IWeb3 web3, string vault, Books books, VaultEvent act, Backer backer, CancellationToken stop)
    {
        if (RefusedAct.Of(books, act) is { } refused)
            return new([], new(refused.Refusal.Code, refused.Explanation, refused.Numbers));
        var (week, chain) = (books.LastWeek + 1, await Latest(web3, vault, stop));
        var nmr = (await chain.Created(stop)).Nmr;
        if (act is Transfer transfer && PreparedCalls.WhyNoReceiver(transfer.To, vault, nmr) is { } why)
            return PreparedAct.Refused(ActRefusal.BadReceiver, $"{why} Nobody could use the units there.");
        if (act is not Deposit deposit)
            return await Checked(web3, [PreparedCalls.Of(vault, act, week)], backer.Address, stop);
        // Said before anything is approved: the contract itself would only refuse what comes after.
        if ((await chain.State(stop)).DepositsPaused)
            return new([], new(ActRefusal.ChainRefuses, DepositsArePaused, []) { Reason = "stopped" });
        var price = deposit.Units * books.Terms[deposit.Terms].UnitSize;
        return await Paying(web3, vault, nmr, backer.Address, price, "The units cost", allowance => PreparedCalls.Deposit(vault, nmr, deposit, price, week, allowance), stop);
    }

    /// <summary>What the vault takes NMR for: refused where the wallet has too little, approved first where that isn't done.</summary>
    internal static async Task<PreparedAct> Paying(
        IWeb3 web3, string vault, string nmr, string payer, Accounting.Nmr price, string what, Func<Accounting.Nmr, IReadOnlyList<PreparedCall>> callsAfter, CancellationToken stop)
    {
        var balance = await Ask(web3, nmr, new NmrBalanceOfFunction { Holder = payer }, stop);
        if (balance < price)
            return PreparedAct.Refused(ActRefusal.TooLittleNmr, $"{what} {price} NMR; the wallet has {balance}.", new QuotedNumber("price", price), new QuotedNumber("balance", balance));
        var calls = callsAfter(await Ask(web3, nmr, new NmrAllowanceFunction { Owner = payer, Spender = vault }, stop));
        // Before its approval is mined the contract could only refuse the rest.
        return calls.Count == 1 ? await Checked(web3, calls, payer, stop) : new(calls, null);
    }

    /// <summary>Of every class that settlements paid the holder, a call for what can be claimed now; empty: nothing.</summary>
    public static async Task<IReadOnlyList<PreparedCall>> Claims(IWeb3 web3, string vault, IEnumerable<ClassPayment> paid, Backer holder, CancellationToken stop)
    {
        var (calls, chain) = (new List<PreparedCall>(), await Latest(web3, vault, stop));
        foreach (var (series, exitWeek) in paid.Select(payment => (payment.Series, payment.ExitWeek)).Distinct().OrderBy(one => one.Series).ThenBy(one => one.ExitWeek?.Number ?? 0))
        {
            var amount = new Accounting.Nmr(await chain.Claimable(PreparedCalls.OnChain(series), (uint)(exitWeek?.Number ?? 0), holder.Address, stop));
            if (amount.IsPositive)
                calls.Add(PreparedCalls.Claim(vault, holder, new(series, exitWeek, amount)));
        }

        return calls;
    }

    /// <summary>The books know final blocks only; the contract knows what happened since.</summary>
    internal static async Task<PreparedAct> Checked(IWeb3 web3, IReadOnlyList<PreparedCall> calls, string sender, CancellationToken stop)
    {
        foreach (var call in calls)
        {
            try
            {
                await web3.Eth.Transactions.Call.SendRequestAsync(new CallInput(call.Data, call.To) { From = sender }, BlockParameter.CreateLatest()).WaitAsync(stop);
            }
            catch (RpcResponseException refusal)
            {
                var reason = refusal.RpcError.GetDataAsString() is { Length: > 0 } revert ? VaultRefusals.NameOf(revert) : null;
                var why = reason == "pending" ? Pending : "What was done a few minutes ago is in the books only once its block is final.";
                return new([], new(ActRefusal.ChainRefuses, $"In the latest block the contract answers {reason ?? "reverted"}. {why}", []) { Reason = reason });
            }
        }

        return new(calls, null);
    }

    internal static async Task<VaultReader> Latest(IWeb3 web3, string vault, CancellationToken stop) => new(web3, vault, (await ChainBlock.Latest(web3, stop)).Number);

    private static async Task<Accounting.Nmr> Ask<TFunction>(IWeb3 web3, string nmr, TFunction asked, CancellationToken stop)
        where TFunction : Nethereum.Contracts.FunctionMessage, new() => new(await web3.Eth.GetContractQueryHandler<TFunction>().QueryAsync<BigInteger>(nmr, asked).WaitAsync(stop));
}

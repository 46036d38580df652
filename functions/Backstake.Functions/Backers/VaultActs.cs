using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;
using Backstake.Functions.Quotes;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers;

/// <summary>What a backer wants to do, as calls for their own wallet; nothing is sent, and no key of ours could.</summary>
public sealed class VaultActs(VaultStore store, BackerAccount accounts, ModelOwners models, EthereumNode node, TimeProvider clock)
{
    public async Task<IActionResult> Prepare(string vault, BackerAct act, Backer backer, CancellationToken stop)
    {
        var state = await store.Load(vault, stop);
        if (act.Event is not { } wanted)
            return await Claims(state, backer, stop);
        if (state.Record.IsOver)
            return QuoteProblems.VaultIsOver(state);
        var books = RunningVault.At(state, clock.GetUtcNow()).Books;
        if (wanted is Deposit large && new DepositAsk(large.Terms, large.Units).IsBeyondSupply(books))
            return HttpProblems.MalformedAt("units", $"together beyond {Nmr.GreatestSupply} NMR");
        if (wanted is Deposit && await models.LostSince(state.Id, stop) is { } since)
            return OwnershipProblems.Lost(since);
        var prepared = await ChainActs.Prepare(node.Web3, state.Id, books, wanted, backer, stop);
        return prepared.Refusal is { } refusal ? BackerProblems.Refused(refusal) : Answer(state, prepared.Calls);
    }

    async Task<IActionResult> Claims(VaultState state, Backer backer, CancellationToken stop)
    {
        var paid = new List<ClassPayment>();
        await foreach (var entry in accounts.Read(state, backer, stop))
            paid.AddRange(entry.Statement?.Payments ?? []);
        var calls = await ChainActs.Claims(node.Web3, state.Id, paid, backer, stop);
        return calls.Count == 0 ? BackerProblems.NothingToClaim() : Answer(state, calls);
    }

    RenderedAnswer Answer(VaultState state, IReadOnlyList<PreparedCall> calls) => JsonAnswer.Written(json =>
    {
        json.WriteString("vault", state.Id);
        AsOf.Of(state).Write(json);
        json.WriteNumber("chainId", node.ChainId);
        PreparedCallJson.Write(json, "transactions", calls);
    });
}

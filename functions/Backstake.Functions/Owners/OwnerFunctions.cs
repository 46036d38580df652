using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Functions.Backers;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Owners;

/// <summary>
/// What an owner does. Nobody signs in for it: what binds is the owner's own signature or transaction, which the contract checks; so anybody may ask for what is prepared, and gains nothing by it.
/// </summary>
public sealed class OwnerFunctions(VaultReads reads, TermsOffers offers, VaultStories stories, EthereumNode node, TimeProvider clock)
{
    /// <summary>Stores terms that the owner signed; the answer has the transaction that offers them, while that is still to be sent.</summary>
    [Function("PutTerms"), Endpoint(Cost = 20)]
    public Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "vaults/{id}/terms")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, state =>
        {
            var asked = SignedOffer.Read(request.Bytes());
            return asked.IsMalformed(out var malformed) ? Task.FromResult<IActionResult>(HttpProblems.MalformedAt(malformed.Place, malformed.Problem)) : offers.Put(state, asked.Value, stop);
        }, stop);

    /// <summary>The offer of terms: the owner's signature, whether it is on chain, and the transaction while it isn't.</summary>
    [Function("GetOffer")]
    public Task<IActionResult> Offer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/terms/{terms}/offer")] HttpRequest request, string id, string terms, CancellationToken stop) =>
        reads.Answer(request, id, async state => terms.Length == 64 && terms.All(char.IsAsciiHexDigitLower) && await offers.Find(state, terms, stop) is { } offer
            ? offer
            : TermsFunctions.UnknownTerms(terms), stop);

    /// <summary>The calls with which the owner's wallet does it, or why books or contract would refuse it now.</summary>
    [Function("PrepareOwnerTransactions"), Endpoint(Cost = 20)]
    public Task<IActionResult> Prepare([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "vaults/{id}/owner/transactions")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var act = OwnerAct.Read(request.Bytes());
            if (act.IsMalformed(out var malformed))
                return HttpProblems.MalformedAt(malformed.Place, malformed.Problem);
            var books = state.Record.IsOver ? state.Books : RunningVault.At(state, clock.GetUtcNow()).Books;
            var prepared = await OwnerActs.Prepare(node.Web3, state.Id, books, act.Value, state.Vault.Owner, stop);
            return prepared.Refusal is { } refusal
                ? BackerProblems.Refused(refusal)
                : JsonAnswer.Written(json =>
                {
                    json.WriteString("vault", state.Id);
                    AsOf.Of(state).Write(json);
                    json.WriteNumber("chainId", node.ChainId);
                    json.WriteString("owner", state.Vault.Owner);
                    PreparedCallJson.Write(json, "transactions", prepared.Calls);
                });
        }, stop);

    /// <summary>What the owner earned, and what of it still waits inside units.</summary>
    [Function("GetIncome"), Endpoint(Cost = 5)]
    public Task<IActionResult> Income([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/income")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state => JsonAnswer.Of(VaultIncome.Of(state, await stories.Of(state, stop))), stop);
}

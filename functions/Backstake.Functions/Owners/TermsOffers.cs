using System.Text;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Functions.Backers;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Owners;

/// <summary>Terms that an owner signed: judged by the contract itself, stored for good under their id, and offered by whoever sends the transaction that is prepared here.</summary>
public sealed class TermsOffers(SignedDocuments documents, ModelOwners models, EthereumNode node, TimeProvider clock)
{
    const string Kind = "terms";

    /// <summary>Idempotent by content: the id names the terms.</summary>
    public async Task<IActionResult> Put(VaultState state, SignedOffer offer, CancellationToken stop)
    {
        var terms = ChainTerms.Of(offer.Terms);
        var id = SignedTerms.Id(terms, state.Id);
        if (offer.Vault != state.Id)
            return OwnerProblems.SignedForOther("vault", $"It names {offer.Vault}.");
        if (offer.ChainId != node.ChainId)
            return OwnerProblems.SignedForOther("chainId", $"Here is chain {node.ChainId}.");
        if (PersonalSignature.Read(offer.Signature) is not { } signature)
            return HttpProblems.MalformedAt("signature", $"it isn't 0x and up to {PersonalSignature.BytesMost} bytes in hex");
        if (state.Record.Withdrawn.Contains(id))
            return OwnerProblems.Withdrawn();
        if (state.Record.Terms.ContainsKey(id))
            return Answer(state, id, offer.Terms, await documents.Find(state.Id, Key(id), stop), []); // on offer: nothing is left to do
        var prepared = await OwnerActs.Offer(node.Web3, state.Id, terms, signature, state.Vault.Owner, stop);
        // What was offered in the last minutes is on chain and not yet in the log.
        if (prepared.Refusal is { } refusal && refusal.Reason != "alreadyOffered")
            return refusal.Reason == "notAllowed" ? OwnerProblems.SignatureWrong(state.Vault.Owner) : BackerProblems.Refused(refusal);
        if (!await IsProven(state.Id, stop))
            return OwnershipProblems.NotProven();
        var document = new SignedDocument(id, Text(offer), Convert.ToHexStringLower(SignedTerms.Digest(terms, state.Id, node.ChainId)), state.Vault.Owner, offer.Signature, clock.GetUtcNow());
        if (prepared.Refusal is null)
            await documents.Add(state.Id, Key(id), document, stop); // there already: the same terms
        return Answer(state, id, offer.Terms, await documents.Find(state.Id, Key(id), stop), prepared.Calls);
    }

    /// <summary>Null: nobody signed or offered such terms here.</summary>
    public async Task<IActionResult?> Find(VaultState state, string id, CancellationToken stop)
    {
        var signed = await documents.Find(state.Id, Key(id), stop);
        if (state.Record.Terms.TryGetValue(id, out var offered))
            return Answer(state, id, offered, signed, []);
        return signed is null ? null : Answer(state, id, SignedOffer.Read(Encoding.UTF8.GetBytes(signed.Text)).Value.Terms, signed, await IsProven(state.Id, stop) ? Call(state.Id, signed) : []);
    }

    async Task<bool> IsProven(string vault, CancellationToken stop) => (await models.Of(vault, stop)).Status == OwnershipStatus.Proven;

    static PreparedCall[] Call(string vault, SignedDocument signed)
    {
        var offer = SignedOffer.Read(Encoding.UTF8.GetBytes(signed.Text)).Value;
        return [OwnerCalls.Offer(vault, ChainTerms.Of(offer.Terms), PersonalSignature.Read(offer.Signature)!)];
    }

    RenderedAnswer Answer(VaultState state, string id, Terms terms, SignedDocument? signed, IReadOnlyList<PreparedCall> calls) => JsonAnswer.Written(json =>
    {
        json.WriteString("vault", state.Id);
        AsOf.Of(state).Write(json);
        json.WriteNumber("chainId", node.ChainId);
        json.WriteString("id", id);
        json.WriteString("status", state.Record.Withdrawn.Contains(id) ? "withdrawn" : state.Record.Terms.ContainsKey(id) ? "offered" : "signed");
        json.WritePropertyName("terms");
        JsonSerializer.Serialize(json, terms, Storage.LogEntryJson.Options);
        json.WriteString("signature", signed?.Signature);
        json.WriteString("digest", signed?.Digest);
        PreparedCallJson.Write(json, "transactions", calls);
    });

    static string Key(string id) => $"{Kind}|{id}";

    static string Text(SignedOffer offer)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            offer.Write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}

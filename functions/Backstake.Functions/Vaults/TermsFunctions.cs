using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Vaults;

/// <summary>Terms: a document under its digest never changes; what is on offer does.</summary>
public sealed class TermsFunctions(VaultReads reads, VaultStories stories)
{
    static readonly ProblemKind Unknown = new("unknownTerms", 404, Refusal.UnknownTerms.Sentence);

    /// <summary>Every terms the vault ever offered, in the order of the offers.</summary>
    [Function("ListTerms")]
    public Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/terms")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state => JsonAnswer.Of(new { vault = state.Id, asOf = AsOf.Of(state), terms = (await stories.Of(state, stop)).Terms }), stop);

    [Function("GetTerms")]
    public Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/terms/{terms}")] HttpRequest request, string id, string terms, CancellationToken stop) =>
        reads.Answer(request, id, state =>
        {
            if (!state.Record.Terms.TryGetValue(terms, out var content))
                return UnknownTerms(terms);
            request.IsImmutable();
            return JsonAnswer.Of(new { vault = state.Id, id = terms, terms = content });
        }, stop);

    /// <summary>The fields in which two terms differ.</summary>
    [Function("DiffTerms")]
    public Task<IActionResult> Diff(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/terms/{terms}/diff/{other}")] HttpRequest request, string id, string terms, string other, CancellationToken stop) =>
        reads.Answer(request, id, state =>
        {
            if (!state.Record.Terms.TryGetValue(terms, out var from))
                return UnknownTerms(terms);
            if (!state.Record.Terms.TryGetValue(other, out var to))
                return UnknownTerms(other);
            request.IsImmutable();
            return JsonAnswer.Of(new { vault = state.Id, from = terms, to = other, changes = Changes(from, to) });
        }, stop);

    static IEnumerable<object> Changes(Terms from, Terms to)
    {
        var (before, after) = (Fields(from), Fields(to));
        return before.Where(field => !JsonNode.DeepEquals(field.Value, after[field.Key])).Select(field => new { field = field.Key, from = field.Value, to = after[field.Key] });
    }

    static JsonObject Fields(Terms terms) => JsonSerializer.SerializeToNode(terms, LogEntryJson.Options)!.AsObject();

    internal static ObjectResult UnknownTerms(string terms) => Unknown.Of($"GET /api/vaults/{{id}}/terms lists them; {terms} isn't among them.");
}

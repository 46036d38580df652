using System.Globalization;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Settlement;

/// <summary>Settled weeks: what was published, what the chain was told, and what proves a class's value against it.</summary>
public sealed class WeekFunctions(VaultReads reads, VaultStories stories, BlobStore blobs)
{
    static readonly ProblemKind UnknownLeaf = new("unknownLeaf", 404, "The books' root has no such leaf.");

    [Function("ListWeeks")]
    public Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var paging = Paging.Of(request);
            if (paging.IsRefused(out var refusal))
                return refusal;
            var after = paging.Value.After is { } place ? int.Parse(place, CultureInfo.InvariantCulture) : 0;
            var weeks = (await stories.Of(state, stop)).Weeks.Values.SkipWhile(week => week.Week <= after).Take(paging.Value.Limit + 1).ToList();
            var last = weeks.Count > paging.Value.Limit ? weeks[paging.Value.Limit - 1].Week.ToString(CultureInfo.InvariantCulture) : null;
            return JsonAnswer.Of(new { vault = state.Id, asOf = AsOf.Of(state), weeks = weeks.Take(paging.Value.Limit), next = Paging.Next(request, last) });
        }, stop);

    /// <summary>The published books of a settled week: ACCOUNTING.md 6's entry, byte for byte as it was stored.</summary>
    [Function("GetWeek")]
    public Task<IActionResult> Entry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week:int}")] HttpRequest request, string id, int week, CancellationToken stop) =>
        Stored(request, id, week, settled => settled.EntryDigest, stop);

    /// <summary>The whole books after the week, as they are stored under the digest that the chain's root holds: folding goes on from them.</summary>
    [Function("GetBooks"), Endpoint(Cost = 5)]
    public Task<IActionResult> Books(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week:int}/books")] HttpRequest request, string id, int week, CancellationToken stop) =>
        Stored(request, id, week, settled => settled.BooksDigest, stop);

    /// <summary>The words that were proposed to the vault's contract: every payment's line.</summary>
    [Function("GetProposal")]
    public Task<IActionResult> Words(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week:int}/proposal")] HttpRequest request, string id, int week, CancellationToken stop) =>
        Stored(request, id, week, settled => settled.ProposalDigest, stop);

    /// <summary>
    /// The leaves under the week's root, and with <c>?series=</c> (64 hex digits, 0: the house) and <c>?exitWeek=</c> (0: live units) the way from that leaf to the root that the chain holds: what
    /// <c>escape</c> takes, and what proves a statement's value.
    /// </summary>
    [Function("GetProof"), Endpoint(Cost = 10)]
    public Task<IActionResult> Proof(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/weeks/{week:int}/proof")] HttpRequest request, string id, int week, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            if (!state.Record.Weeks.ContainsKey(week))
                return Problems.UnknownWeek(week, state.Books.LastWeek.Number);
            var told = (await stories.Of(state, stop)).Weeks[week];
            var root = await Root(state.Id, told, stop);
            if (!request.Query.TryGetValue("series", out var text))
                return JsonAnswer.Of(View(state, told, root, null));
            if (text.ToString() is not { Length: > 0 and <= 64 } hex || !BigInteger.TryParse("0" + hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var series))
                return HttpProblems.MalformedAt("series", "not 1 to 64 hex digits");
            var exit = 0u;
            if (request.Query.TryGetValue("exitWeek", out var asked) && !uint.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out exit))
                return HttpProblems.MalformedAt("exitWeek", "not a week's number");
            return root.Leaves.FirstOrDefault(leaf => leaf.Series == series && leaf.ExitWeek == exit) is { } found
                ? JsonAnswer.Of(View(state, told, root, found))
                : UnknownLeaf.Of("Ask without series: the leaves are listed then.", "series");
        }, stop);

    async Task<BooksRoot> Root(string vault, WeekStory told, CancellationToken stop)
    {
        var stored = StoredBooks.Read(await blobs.Get(vault, told.BooksDigest, stop));
        if (stored.IsMalformed(out var malformed))
            throw new LogDamagedException($"Vault {vault}: the stored books {told.BooksDigest} can't be used: {malformed}");
        var root = new BooksRoot(EscapeValues.Of(stored.Value), Convert.FromHexString(told.BooksDigest));
        return Convert.ToHexStringLower(root.Hash) == told.BooksRoot
            ? root
            : throw new LogDamagedException($"Vault {vault}: the stored books {told.BooksDigest} haven't the root {told.BooksRoot}.");
    }

    static object View(VaultState state, WeekStory told, BooksRoot root, BooksLeaf? leaf) => new
    {
        vault = state.Id, asOf = AsOf.Of(state), told.Week, told.BooksDigest, told.BooksRoot, told.ProposedIn, told.AcceptedIn,
        leaves = root.Leaves.Select(LeafView), proof = leaf is null ? null : ProofView(leaf, root.Proof(leaf)),
    };

    static object LeafView(BooksLeaf leaf) => new { series = Series(leaf), leaf.ExitWeek, leaf.Units, value = new Nmr(leaf.Value) };

    /// <summary>Sums and cover in wei, as the contract takes them.</summary>
    static object ProofView(BooksLeaf leaf, BooksProof proof) => new
    {
        leaf = LeafView(leaf), index = (int)proof.Index, siblings = proof.Siblings.Select(Convert.ToHexStringLower), sums = proof.Sums.Select(sum => sum.ToString(CultureInfo.InvariantCulture)),
        cover = proof.Cover.ToString(CultureInfo.InvariantCulture), digest = Convert.ToHexStringLower(proof.Digest),
    };

    static string Series(BooksLeaf leaf) => leaf.Series.ToString("x64", CultureInfo.InvariantCulture)[^64..];

    Task<IActionResult> Stored(HttpRequest request, string id, int week, Func<WeekRecord, string> digest, CancellationToken stop) => reads.Answer(request, id, async state =>
    {
        if (!state.Record.Weeks.TryGetValue(week, out var settled))
            return Problems.UnknownWeek(week, state.Books.LastWeek.Number);
        var content = await blobs.Get(state.Id, digest(settled), stop);
        request.IsImmutable();
        request.HasTag(digest(settled));
        return new RenderedAnswer(StatusCodes.Status200OK, JsonAnswer.ContentType, content);
    }, stop);
}

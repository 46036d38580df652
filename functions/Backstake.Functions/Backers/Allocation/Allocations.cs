using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Owners;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers.Allocation;

/// <summary>What backers signed about a vault's payments: each version stored for good; the last one whose week has come is in force.</summary>
public sealed class Allocations(SignedDocuments documents, WalletSignature wallets, EthereumNode node, TimeProvider clock)
{
    public async Task<IActionResult> Put(VaultState state, AllocationRequest asked, CancellationToken stop)
    {
        if (asked.Malformed() is { } malformed)
            return malformed;
        var (versions, digest) = (await Of(state.Id, asked.Backer, stop), SignedAllocation.Digest(state.Id, node.ChainId, asked.Signed));
        var hex = Convert.ToHexStringLower(digest);
        if (versions.Exists(version => version.Document.Digest == hex))
            return Answer(state, asked.Backer, versions); // sent again: it is there
        if (asked.Version != versions.Count + 1)
            return OwnerProblems.Version((uint)versions.Count + 1);
        if (!await wallets.IsOf(asked.Backer, digest, asked.Signature, stop))
            return OwnerProblems.SignatureWrong(asked.Backer);
        var document = new SignedDocument("", JsonSerializer.Serialize(asked.Signed, JsonSerializerOptions.Web), hex, asked.Backer, asked.Signature, clock.GetUtcNow());
        return await documents.Add(state.Id, SignedDocuments.Numbered(Kind(asked.Backer), asked.Version), document, stop)
            ? Answer(state, asked.Backer, await Of(state.Id, asked.Backer, stop))
            : OwnerProblems.Version(asked.Version + 1); // another came first
    }

    public async Task<IActionResult> Get(VaultState state, string backer, CancellationToken stop) => Answer(state, backer, await Of(state.Id, backer, stop));

    /// <summary>The last version that speaks of this settlement; null: everything is the wallet's.</summary>
    public async Task<PayoutAllocation?> InForce(string vault, string backer, Week week, CancellationToken stop) =>
        (await Of(vault, backer, stop)).LastOrDefault(version => version.Allocation.FromWeek <= week.Number).Allocation;

    async Task<List<(SignedDocument Document, PayoutAllocation Allocation)>> Of(string vault, string backer, CancellationToken stop)
    {
        var versions = new List<(SignedDocument, PayoutAllocation)>();
        await foreach (var document in documents.All(vault, Kind(backer), stop))
            versions.Add((document, JsonSerializer.Deserialize<PayoutAllocation>(document.Text, JsonSerializerOptions.Web)!));
        return versions;
    }

    static RenderedAnswer Answer(VaultState state, string backer, List<(SignedDocument Document, PayoutAllocation Allocation)> versions) => JsonAnswer.Of(new
    {
        vault = state.Id,
        backer,
        asOf = AsOf.Of(state),
        versions = versions.Select(version => new
        {
            version.Allocation.Version, version.Allocation.FromWeek, version.Allocation.WalletBps, version.Allocation.Parts, version.Document.Digest, signedAt = version.Document.At, version.Document.Signature,
        }),
    });

    static string Kind(string backer) => $"allocation|{backer}";
}

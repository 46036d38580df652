using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Owners;

/// <summary>An owner's page, as it is sent.</summary>
/// <param name="Version">1, and then one more each time.</param>
/// <param name="Text">Markdown (CommonMark, with tables).</param>
/// <param name="Signature">The owner's, of <see cref="SignedDisclosure"/>: 0x and hex digits.</param>
public sealed record DisclosureRequest(uint Version, string Text, string Signature);

/// <summary>What owners tell about their models: each version signed, stored for good, and shown as what it is, the owner's own words.</summary>
public sealed class Disclosures(SignedDocuments documents, WalletSignature wallets, EthereumNode node, TimeProvider clock)
{
    const string Kind = "disclosure";

    public async Task<IActionResult> Put(VaultState state, DisclosureRequest asked, CancellationToken stop)
    {
        if (asked.Text.Length is 0 or > DisclosureText.CharactersMost || asked.Text.Any(character => char.IsControl(character) && character is not ('\n' or '\t')) || !asked.Text.IsNormalized())
            return HttpProblems.MalformedAt("text", $"it isn't 1 to {DisclosureText.CharactersMost} characters in normal form C, without control characters but for line feeds and tabs");
        if (!DisclosureText.CanBeShown(asked.Text))
            return HttpProblems.MalformedAt("text", "it is nested too deeply");
        var versions = await All(state.Id, stop);
        var digest = SignedDisclosure.Digest(state.Id, node.ChainId, asked.Version, asked.Text);
        var hex = Convert.ToHexStringLower(digest);
        if (versions.Find(one => one.Digest == hex) is not null)
            return Answer(state, versions, hex)!; // sent again: it is there
        if (asked.Version != versions.Count + 1)
            return OwnerProblems.Version((uint)versions.Count + 1);
        if (!await wallets.IsOf(state.Vault.Owner, digest, asked.Signature, stop))
            return OwnerProblems.SignatureWrong(state.Vault.Owner);
        var document = new SignedDocument("", asked.Text, hex, state.Vault.Owner, asked.Signature, clock.GetUtcNow());
        if (!await documents.Add(state.Id, SignedDocuments.Numbered(Kind, asked.Version), document, stop))
            return OwnerProblems.Version(asked.Version + 1); // another came first
        return Answer(state, await All(state.Id, stop), hex)!;
    }

    /// <param name="digest">Of the version that is asked for; null: the last.</param>
    public async Task<IActionResult> Get(VaultState state, string? digest, CancellationToken stop) =>
        Answer(state, await All(state.Id, stop), digest) ?? (IActionResult)OwnerProblems.UnknownDocument();

    async Task<List<SignedDocument>> All(string vault, CancellationToken stop)
    {
        var versions = new List<SignedDocument>();
        await foreach (var document in documents.All(vault, Kind, stop))
            versions.Add(document);
        return versions;
    }

    static RenderedAnswer? Answer(VaultState state, List<SignedDocument> versions, string? digest)
    {
        var shown = digest is null ? versions.LastOrDefault() : versions.Find(version => version.Digest == digest);
        return shown is null && digest is not null ? null : JsonAnswer.Of(new
        {
            vault = state.Id,
            owner = state.Vault.Owner,
            asOf = AsOf.Of(state),
            disclosure = shown is null ? null : new { version = NumberOf(shown), shown.Digest, signedAt = shown.At, signer = shown.Signer, shown.Signature, shown.Text, html = DisclosureText.Html(shown.Text) },
            versions = versions.Select(version => new { version = NumberOf(version), version.Digest, signedAt = version.At }),
        });
    }

    static int NumberOf(SignedDocument document) => int.Parse(document.Name, System.Globalization.CultureInfo.InvariantCulture);
}

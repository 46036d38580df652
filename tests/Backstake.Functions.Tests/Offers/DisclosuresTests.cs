using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Offers;

/// <summary>An owner's page: only their signature writes it, versions follow one another, and what is shown can do nothing.</summary>
[Collection(StorageGround.Collection)]
public sealed partial class DisclosuresTests(StorageGround ground)
{
    [Fact]
    public async Task Versions_AreTheOwners_AndFollowOneAnother()
    {
        var (machine, vault) = (ground.NewMachine(), StorageGround.NewVault());
        await machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Owner = IdentityGround.AddressOf(IdentityGround.Anna) } });
        var documents = new SignedDocuments(ground.Clients);
        await documents.Prepare(default);
        var node = new EthereumNode(Options.Create(new EthereumSettings { RpcUrl = "http://127.0.0.1:1", ChainId = IdentityGround.ChainId }), new Transports { Ethereum = new IdentityGround.NoCode() });
        var disclosures = new Disclosures(documents, new WalletSignature(new ContractSignature(node)), node, new HandClock(History.FirstCut));
        var state = await machine.Store.Load(vault, default);
        Task<IActionResult> Put(uint version, string text, EthECKey key, string? says = null, string? of = null) =>
            disclosures.Put(state, new(version, says ?? text, SignedDisclosure.Sign(of ?? vault, IdentityGround.ChainId, version, text, key)), default);

        Assert.Null(Json(await disclosures.Get(state, null, default))["disclosure"]);
        Assert.Equal("signatureWrong", Code(await Put(1, "First", IdentityGround.Bert)));
        Assert.Equal("signatureWrong", Code(await Put(1, "First", IdentityGround.Anna, says: "Second")));
        Assert.Equal("signatureWrong", Code(await Put(1, "First", IdentityGround.Anna, of: StorageGround.NewVault())));
        Assert.Equal("versionTaken", Code(await Put(2, "Second", IdentityGround.Anna)));
        Assert.Equal("malformed", Code(await Put(1, new string('a', DisclosureText.CharactersMost + 1), IdentityGround.Anna)));
        Assert.Equal("malformed", Code(await Put(1, "a\0b", IdentityGround.Anna)));
        Assert.Equal("malformed", Code(await Put(1, new string('>', DisclosureText.CharactersMost), IdentityGround.Anna)));

        var first = Json(await Put(1, "First", IdentityGround.Anna))["disclosure"]!;
        Assert.Equal((1, "<p>First</p>\n"), ((int)first["version"]!, (string)first["html"]!));
        Json(await Put(2, "*Second*", IdentityGround.Anna));
        // An older text comes back by nobody; sent again it is the version that it was.
        Assert.Equal("versionTaken", Code(await Put(2, "Other", IdentityGround.Anna)));
        Assert.Equal(1, (int)Json(await Put(1, "First", IdentityGround.Anna))["disclosure"]!["version"]!);
        var last = Json(await disclosures.Get(state, null, default));
        Assert.Equal((2, "*Second*", 2), ((int)last["disclosure"]!["version"]!, (string)last["disclosure"]!["text"]!, last["versions"]!.AsArray().Count));
        Assert.Equal("First", (string)Json(await disclosures.Get(state, (string)first["digest"]!, default))["disclosure"]!["text"]!);
        Assert.Equal("unknownDocument", Code(await disclosures.Get(state, new string('0', 64), default)));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:x)")]
    [InlineData("[x](//example.org)")]
    [InlineData("[x](/api/ops)")]
    [InlineData("[x](http://example.org)")]
    [InlineData("[x](https://example.org \"\\\" onmouseover=alert(1) \")")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("<http://example.org/?track>")]
    [InlineData("![x](https://example.org/pixel.png)")]
    [InlineData("![x](javascript:alert(1))")]
    [InlineData("[x]\n\n[x]: javascript:alert(1)")]
    [InlineData("![x]\n\n[x]: https://example.org/pixel.png")]
    [InlineData("```\"><script>\nx\n```")]
    [InlineData("| a |\n|---|\n| <b onclick=x> |")]
    [InlineData("<!-- --><style>*{display:none}</style>")]
    [InlineData("&lt;script&gt;&#x3C;script&#x3E;")]
    [InlineData("[<img src=x>](https://example.org)")]
    public void Markdown_CanDoNothing(string markdown)
    {
        var html = DisclosureText.Html(markdown);
        foreach (Match tag in Tag().Matches(html))
            Assert.True(Harmless().IsMatch(tag.Value), $"{tag.Value} in {html}");
        Assert.Equal(html.Count(letter => letter == '<'), Tag().Count(html)); // every bracket is of a tag that was looked at
    }

    [Fact]
    public void WhatMayBeWritten_IsShown() => Assert.Equal(
        "<h1>A</h1>\n<p>See <a href=\"https://example.org/?a=1&amp;b=2\">there</a> or <a href=\"mailto:a@example.org\">write</a>.</p>\n<ul>\n<li><strong>one</strong></li>\n</ul>\n",
        DisclosureText.Html("# A\nSee [there](https://example.org/?a=1&b=2) or [write](mailto:a@example.org).\n\n* **one**"));

    static JsonNode Json(IActionResult answer) => JsonNode.Parse(Assert.IsType<RenderedAnswer>(answer).Body)!;

    static string Code(IActionResult answer) => (string)Assert.IsType<ProblemDetails>(Assert.IsType<ObjectResult>(answer).Value).Extensions["code"]!;

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("^</?(p|h[1-6]|ul|ol|li|em|strong|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|a)( class=\"[^\"<]*\")?( href=\"((https|mailto):[^\"<]*)?\")?( title=\"[^\"<]*\")?( /)?>$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Harmless();
}

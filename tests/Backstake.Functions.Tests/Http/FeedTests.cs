using System.Xml.Linq;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>A vault's Atom feed, of the app as a process of its own.</summary>
[Collection(StorageGround.Collection)]
public sealed class FeedTests(ApiGround ground) : IClassFixture<ApiGround>
{
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task News_ComeNewestFirst_UnderIdsThatStay()
    {
        using var answer = await ground.Http.GetAsync(new Uri($"api/vaults/{ground.Vault}/feed", UriKind.Relative));
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType!.MediaType);
        var feed = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        Assert.Equal(("feed", $"urn:backstake:{ground.Vault}", "Backstake: A_MODEL"), (feed.Name.LocalName, (string)feed.Element(Atom + "id")!, (string)feed.Element(Atom + "title")!));
        var entries = feed.Elements(Atom + "entry").ToList();
        Assert.Equal(
            ["Week 2 is settled", $"Terms b2{History.TermsOne[2..]} are on offer", "Round 1 won 1 NMR", "The settlement of week 1 is accepted: what it pays can be claimed", "Week 1 is settled", $"Terms {History.TermsOne} are on offer"],
            entries.Select(entry => (string)entry.Element(Atom + "title")!));
        // Each is the log's entry that its id names.
        var log = (await ground.Machine.ReadAll(ground.Vault)).ToDictionary(entry => $"urn:backstake:{ground.Vault}:{entry.Sequence}");
        Assert.All(entries, entry => Assert.Equal(log[(string)entry.Element(Atom + "id")!].At, (DateTimeOffset)entry.Element(Atom + "updated")!));
        Assert.Equal((string)entries[0].Element(Atom + "updated")!, (string)feed.Element(Atom + "updated")!);
    }
}

using System.Text.Json.Nodes;
using Xunit;

namespace Backstake.Accounting.Tests;

/// <summary>The histories and malformed files that come with ACCOUNTING.md.</summary>
public sealed class ExampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "examples");

    public static TheoryData<string> Histories() =>
        [.. Directory.GetFiles(Folder, "*.books.json").Select(file => Path.GetFileName(file).Replace(".books.json", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> MalformedFiles() => [.. Directory.GetFiles(Path.Combine(Folder, "malformed")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Histories))]
    public void EveryHistory_GivesItsBooks(string name)
    {
        var history = ReplayFile.Read(Bytes($"{name}.json")).Value;
        var expected = JsonNode.Parse(Bytes($"{name}.books.json"));

        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(history.Replay().Write())), $"other books than {name}.books.json");
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void EveryHistory_WrittenAndReadAgain_IsTheSame(string name)
    {
        var history = ReplayFile.Read(Bytes($"{name}.json")).Value;
        var again = ReplayFile.Read(history.Write()).Value;

        Assert.Equal(history.Vault, again.Vault);
        Assert.Equal(history.Terms, again.Terms);
        Assert.Equal(history.Events.AsEnumerable(), again.Events);
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void EveryHistory_KeepsTheInvariants_AfterEveryEvent(string name)
    {
        var history = ReplayFile.Read(Bytes($"{name}.json")).Value;
        var books = history.Begin();
        foreach (var vaultEvent in history.Events)
        {
            books = books.Apply(vaultEvent).Books;
            Invariants.CheckInFull(books);
        }
    }

    [Theory]
    [MemberData(nameof(MalformedFiles))]
    public void EveryMalformedFile_IsRefused(string name)
    {
        Assert.True(ReplayFile.Read(Bytes(Path.Combine("malformed", name))).IsMalformed(out var malformed));
        Assert.NotEqual("", malformed.Place);
    }

    [Fact]
    public void TheExamples_AreThere()
    {
        Assert.Equal(32, Histories().Count);
        Assert.Equal(28, MalformedFiles().Count);
    }

    internal static ReplayFile History(string name) => ReplayFile.Read(Bytes($"{name}.json")).Value;

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}

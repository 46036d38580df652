using System.Reflection;
using System.Text.RegularExpressions;
using Backstake.Season;
using Xunit.Abstractions;

namespace Backstake.Faults.Tests;

/// <summary>Rows.md answers every row of the fault table: with tests that are there, or with the reason why it is left out.</summary>
public sealed partial class RowsTests(ITestOutputHelper output)
{
    const int LeftOutMost = 10;

    /// <summary>How many rows each group has.</summary>
    static readonly IReadOnlyDictionary<char, int> Groups = new Dictionary<char, int> { ['A'] = 9, ['B'] = 10, ['C'] = 7, ['D'] = 12, ['E'] = 13, ['F'] = 17, ['K'] = 12, ['L'] = 6 };

    sealed record Row(string Id, string State, string Answer);

    static List<Row> Table => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Rows.md"))
        .Select(line => RowLine().Match(line)).Where(match => match.Success)
        .Select(match => new Row(match.Groups["id"].Value, match.Groups["state"].Value, match.Groups["answer"].Value))];

    [Fact]
    public void EveryRow_IsThereOnce() => Assert.Equal(
        Groups.SelectMany(group => Enumerable.Range(1, group.Value).Select(number => $"{group.Key}-{number}")), Table.Select(row => row.Id));

    [Fact]
    public void AnsweredRows_NameTestsThatAreThere()
    {
        var here = typeof(RowsTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FactAttribute))).Select(method => method.Name).ToHashSet(StringComparer.Ordinal);
        var answered = Table.Where(row => row.State is "answered" or "partly").ToList();
        Assert.NotEmpty(answered);
        foreach (var row in answered)
        {
            var names = TestName().Matches(row.Answer).Select(match => (Project: match.Groups["project"].Value, Name: match.Groups["name"].Value)).ToList();
            Assert.True(names.Count > 0, $"{row.Id} names no test.");
            Assert.All(names, it => Assert.True(it.Project == "Faults" ? here.Contains(it.Name) : IsThere(it.Project, it.Name), $"{row.Id}: there is no test {it.Project}.{it.Name}."));
        }
    }

    [Fact]
    public void TestsOfARow_StandInItsLine()
    {
        var mine = typeof(RowsTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FactAttribute)) && RowOfTest().IsMatch(method.Name)).Select(method => method.Name);
        Assert.All(mine, name => Assert.Contains(Table, row => row.Answer.Contains($"`Faults.{name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void LeftOutRows_AreFew_HaveAReason_AndAreNoneOfDuplicatesCrashesAndStorage()
    {
        var leftOut = Table.Where(row => row.State is "left out").ToList();
        Assert.True(leftOut.Count <= LeftOutMost);
        Assert.All(leftOut, row => Assert.True(row.Id[0] is not ('A' or 'B' or 'D') && row.Answer.Length > 20, row.Id));
        foreach (var row in Table.Where(row => row.State is "pending" or "partly"))
            output.WriteLine($"{row.Id} is {row.State}: {row.Answer}");
        output.WriteLine($"{Table.Count(row => row.State is "answered")} answered, {Table.Count(row => row.State is "partly")} partly, {Table.Count(row => row.State is "pending")} pending, {leftOut.Count} left out");
        Assert.All(Table.Where(row => row.State is "pending"), row => Assert.True(row.Answer.Length > 10, $"{row.Id} says nothing."));
    }

    /// <summary>A test of another project: a method of that name in its sources (C#, or forge's).</summary>
    static bool IsThere(string project, string name)
    {
        var folder = project == "forge" ? Path.Combine(Repository.Root, "contracts", "test") : Path.Combine(Repository.Root, "tests", $"Backstake.{project}");
        if (!Directory.Exists(folder))
            folder += ".Tests";
        var method = new Regex($@"\b{Regex.Escape(name)}\s*\(", RegexOptions.None, TimeSpan.FromSeconds(1));
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, project == "forge" ? "*.sol" : "*.cs", SearchOption.AllDirectories)
            .Any(file => method.IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"^\| (?<id>[A-L]-\d+) \| (?<state>answered|partly|pending|left out) \| (?<answer>.*) \|$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowLine();

    [GeneratedRegex(@"`(?<project>[A-Za-z.]+)\.(?<name>[A-Za-z_0-9]+)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^[A-L]_\d\d_", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowOfTest();
}

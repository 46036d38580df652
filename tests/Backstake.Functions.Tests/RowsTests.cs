using System.Text.RegularExpressions;
using Backstake.Season;

namespace Backstake.Functions.Tests;

/// <summary>Rows.md has every row of the groups G, I and J once, answered by tests that are there, or with what is missing.</summary>
public sealed partial class RowsTests
{
    const int LeftOutMost = 6;
    static readonly IReadOnlyDictionary<char, int> Groups = new Dictionary<char, int> { ['G'] = 9, ['I'] = 9, ['J'] = 16 };

    static string Folder => Path.Combine(Repository.Root, "tests", "Backstake.Functions.Tests");

    static List<(string Id, string State, string Answer)> Table => [.. File.ReadLines(Path.Combine(Folder, "Rows.md"))
        .Select(line => RowLine().Match(line)).Where(match => match.Success).Select(match => (match.Groups["id"].Value, match.Groups["state"].Value, match.Groups["answer"].Value))];

    [Fact]
    public void EveryRow_IsThereOnce() => Assert.Equal(Groups.SelectMany(group => Enumerable.Range(1, group.Value).Select(number => $"{group.Key}-{number}")), Table.Select(row => row.Id));

    [Fact]
    public void AnsweredRows_NameTestsThatAreThere()
    {
        foreach (var row in Table.Where(row => row.State is "answered" or "partly"))
        {
            var names = TestName().Matches(row.Answer).Select(match => (Project: match.Groups["project"].Value, Name: match.Groups["name"].Value)).ToList();
            Assert.True(names.Count > 0, $"{row.Id} names no test.");
            Assert.All(names, it => Assert.True(IsThere(it.Project, it.Name), $"{row.Id}: there is no test {it.Project}.{it.Name}."));
        }
    }

    [Fact]
    public void TestsOfARow_StandInItsLine()
    {
        var mine = typeof(RowsTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FactAttribute), inherit: false) && RowOfTest().IsMatch(method.Name) && Groups.ContainsKey(method.Name[0])).Select(method => method.Name).ToList();
        Assert.NotEmpty(mine);
        Assert.All(mine, name => Assert.Contains(Table, row => row.Id == $"{name[0]}-{int.Parse(name[2..4], System.Globalization.CultureInfo.InvariantCulture)}" && row.Answer.Contains($"`Functions.{name}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void RowsWithoutAnAnswer_SayWhy()
    {
        Assert.True(Table.Count(row => row.State is "left out") <= LeftOutMost);
        Assert.All(Table.Where(row => row.State is "left out" or "pending"), row => Assert.True(row.Answer.Length >= 6, $"{row.Id} says nothing."));
    }

    static bool IsThere(string project, string name)
    {
        var method = new Regex($@"\b{Regex.Escape(name)}\s*\(", RegexOptions.None, TimeSpan.FromSeconds(1));
        var folder = Path.Combine(Repository.Root, "tests", $"Backstake.{project}.Tests");
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any(file => method.IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"^\| (?<id>[A-L]-\d+) \| (?<state>answered|partly|pending|left out) \| (?<answer>.*) \|$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowLine();

    [GeneratedRegex(@"`(?<project>[A-Za-z.]+)\.(?<name>[A-Za-z_0-9]+)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^[A-L]_\d\d_", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowOfTest();
}

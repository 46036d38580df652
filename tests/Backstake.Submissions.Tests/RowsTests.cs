using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Backstake.Submissions.Tests;

/// <summary>Rows.md answers every row of groups H and I: with tests that are there, or with the reason why it is left out.</summary>
public sealed partial class RowsTests(ITestOutputHelper output)
{
    const int LeftOutMost = 6;
    static readonly IReadOnlyDictionary<char, int> Groups = new Dictionary<char, int> { ['H'] = 11, ['I'] = 9 };

    sealed record Row(string Id, string State, string Answer);

    static List<Row> Table => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Rows.md"))
        .Select(line => RowLine().Match(line)).Where(match => match.Success)
        .Select(match => new Row(match.Groups["id"].Value, match.Groups["state"].Value, match.Groups["answer"].Value))];

    static HashSet<string> TestsHere => typeof(RowsTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)).Select(method => method.Name).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void EveryRow_IsThereOnce() => Assert.Equal(
        Groups.SelectMany(group => Enumerable.Range(1, group.Value).Select(number => $"{group.Key}-{number}")), Table.Select(row => row.Id));

    [Fact]
    public void AnsweredRows_NameTestsThatAreThere()
    {
        var answered = Table.Where(row => row.State is "answered" or "partly").ToList();
        Assert.NotEmpty(answered);
        Assert.All(answered, row =>
        {
            var names = TestName().Matches(row.Answer).Select(match => (Project: match.Groups["project"].Value, Name: match.Groups["name"].Value)).ToList();
            Assert.True(names.Count > 0, $"{row.Id} names no test.");
            Assert.All(names, it => Assert.True(it.Project == "Submissions" ? TestsHere.Contains(it.Name) : IsThere(it.Project, it.Name), $"{row.Id}: there is no test {it.Project}.{it.Name}."));
        });
    }

    [Fact]
    public void TestsOfARow_StandInItsLine() => Assert.All(
        TestsHere.Where(name => RowOfTest().IsMatch(name) && name[0] is ('H' or 'I')),
        name => Assert.Contains(Table, row => row.Id == $"{name[0]}-{int.Parse(name[2..4])}" && row.Answer.Contains($"`Submissions.{name}`", StringComparison.Ordinal)));

    [Fact]
    public void LeftOutRows_AreFew_AndHaveAReason()
    {
        var leftOut = Table.Where(row => row.State is "left out").ToList();
        Assert.True(leftOut.Count <= LeftOutMost);
        Assert.All(Table.Where(row => row.State is "left out" or "pending"), row => Assert.True(row.Answer.Length > 20, $"{row.Id} says nothing."));
        foreach (var row in Table.Where(row => row.State is "pending" or "partly"))
            output.WriteLine($"{row.Id} is {row.State}: {row.Answer}");
    }

    /// <summary>A test of another project: a method of that name in its sources.</summary>
    static bool IsThere(string project, string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Serverless.sln")))
            root = root.Parent;
        var method = new Regex($@"\b{Regex.Escape(name)}\s*\(", RegexOptions.None, TimeSpan.FromSeconds(1));
        return Directory.EnumerateFiles(Path.Combine(root.FullName, "tests", $"Backstake.{project}.Tests"), "*.cs", SearchOption.AllDirectories).Any(file => method.IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"^\| (?<id>[HI]-\d+) \| (?<state>answered|partly|pending|left out) \| (?<answer>.*) \|$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowLine();

    [GeneratedRegex(@"`(?<project>[A-Za-z.]+)\.(?<name>[A-Za-z_0-9]+)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^[A-L]_\d\d_", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowOfTest();
}

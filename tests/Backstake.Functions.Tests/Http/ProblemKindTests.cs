using System.Reflection;
using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Season;

namespace Backstake.Functions.Tests.Http;

/// <summary>docs/problems.md has every code that the app can answer with, and no other; a code means one thing.</summary>
public sealed class ProblemKindTests
{
    static IReadOnlyList<ProblemKind> Kinds => [.. typeof(ProblemKind).Assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(one => one.FieldType == typeof(ProblemKind)).Select(one => (ProblemKind)one.GetValue(null)!)];

    [Fact]
    public void Codes_AreThoseOfTheDocument()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "problems.md")).Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..]).ToList();
        Assert.Equal(documented.Distinct(), documented);
        Assert.Equal(Kinds.Select(kind => kind.Code).Concat(Refusal.All.Select(refusal => refusal.Code)).Distinct().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Code_MeansOneThing()
    {
        Assert.NotEmpty(Kinds);
        Assert.All(Kinds, kind => Assert.Matches(new Regex("^[a-z][a-zA-Z0-9]+$", RegexOptions.None, TimeSpan.FromSeconds(1)), kind.Code));
        Assert.All(Kinds.GroupBy(kind => kind.Code, StringComparer.Ordinal), same => Assert.Single(same.Select(kind => kind.Title).Distinct()));
        Assert.All(Kinds.GroupBy(kind => (kind.Code, kind.Status)), same => Assert.Single(same));
        Assert.All(Refusal.All, refusal => Assert.All(Kinds.Where(kind => kind.Code == refusal.Code), kind => Assert.Equal(refusal.Sentence, kind.Title)));
    }
}

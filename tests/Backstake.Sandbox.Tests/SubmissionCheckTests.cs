using System.Text;
using System.Text.Json;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Tests;

public sealed class SubmissionCheckTests
{
    [SkippableFact]
    public void ClassicFiles_AreJudgedAsByNumerai()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.FileOf("vectors/submission_validation_classic.json")));
        var live = document.RootElement.GetProperty("live_ids").EnumerateArray().Select(i => i.GetString()!).ToHashSet();
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        foreach (var c in cases)
        {
            var lines = c.GetProperty("rows").EnumerateArray().Select(r => string.Join(',', r.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? "" : v.ToString())));
            var file = string.Join(',', c.GetProperty("columns").EnumerateArray().Select(v => v.GetString())) + "\n" + string.Join('\n', lines) + "\n";
            var error = SubmissionCheck.FindError(TournamentKind.Classic, Encoding.UTF8.GetBytes(file), live, out var invalid);
            Assert.Equal(c.GetProperty("valid").GetBoolean() ? null : c.GetProperty("error").GetString(), error);
            if (error is null)
            {
                Assert.Equal(c.GetProperty("invalid_ids").EnumerateArray().Select(i => i.GetString()), invalid);
            }
        }
    }

    [Theory]
    [InlineData(TournamentKind.Classic)]
    [InlineData(TournamentKind.Signals)]
    [InlineData(TournamentKind.Crypto)]
    public void OurOwnPredictions_AreValid_AndNewEachRound(TournamentKind kind)
    {
        var live = new LiveData(seed: 1, classicRows: 150);
        Assert.Null(SubmissionCheck.FindError(kind, live.Predictions(kind, 843, "a"), live.Ids(kind, 843).ToHashSet(), out var invalid));
        Assert.Empty(invalid);
        Assert.NotEqual(live.Predictions(kind, 843, "a"), live.Predictions(kind, 843, "b"));
        if (kind == TournamentKind.Classic)
        {
            Assert.Empty(live.Ids(kind, 843).Intersect(live.Ids(kind, 844)));
        }
    }

    [Theory]
    [InlineData("symbol,signal\n", 99, "Not enough stocks")]
    [InlineData("symbol,signal\n", 100, null)]
    [InlineData("id,prediction\n", 100, "headers must be one of ['symbol']")]
    public void Crypto_NeedsAHundredRows(string header, int rows, string? error)
    {
        var file = header + string.Concat(Enumerable.Range(1, rows).Select(i => $"C{i:000},0.{i:000}\n"));
        var found = SubmissionCheck.FindError(TournamentKind.Crypto, Encoding.UTF8.GetBytes(file), new LiveData(1, 10).Ids(TournamentKind.Crypto, 843).ToHashSet(), out _);
        if (error is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(error, found);
        }
    }
}

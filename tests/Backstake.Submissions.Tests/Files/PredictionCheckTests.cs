using System.Globalization;
using System.Text;
using System.Text.Json;
using Backstake.Research;

namespace Backstake.Submissions.Tests.Files;

/// <summary>Numerai's rules for a prediction file.</summary>
public sealed class PredictionCheckTests
{
    static readonly HashSet<string> Live = ["n1", "n2", "n3"];
    const string Good = "id,prediction\nn1,0.1\nn2,0.5\nn3,0.9\n";

    public static TheoryData<string, string> Fit => new()
    {
        { "plain", Good },
        { "no newline at the end", Good.TrimEnd() },
        { "CRLF", Good.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "byte order mark", "\uFEFF" + Good },
        { "quotes", "\"id\",\"prediction\"\n\"n1\",\"0.1\"\n\"n2\",0.5\nn3,0.9\n" },
        { "probability", "id,probability\nn1,0.1\nn2,0.5\nn3,0.9\n" },
        { "any order", "id,prediction\nn3,0.9\nn1,0.1\nn2,0.5\n" },
        { "the ends of the range", "id,prediction\nn1,0\nn2,1\nn3,1.0\n" },
        { "exponents", "id,prediction\nn1,1e-3\nn2,5E-1\nn3,1e0\n" },
        { "an id that isn't live", Good + "zzzz,0.3\n" },
        { "an id that isn't live, twice", Good + "zzzz,0.3\nzzzz,0.4\n" },
        { "blank lines", "id,prediction\n\nn1,0.1\n\nn2,0.5\nn3,0.9\n\n" },
        { "two values", "id,prediction\nn1,0.1\nn2,0.1\nn3,0.2\n" },
    };

    [Theory]
    [MemberData(nameof(Fit))]
    public void FitFile_HasNoErrors(string what, string file) => Assert.True(Codes(file) is "", $"{what}: {Codes(file)}");

    [Fact]
    public void OnlyTheFirstTwentyErrors_AreNamed()
    {
        var live = Enumerable.Range(0, 100).Select(i => $"n{i}").ToHashSet(StringComparer.Ordinal);
        var file = "id,prediction\n" + string.Concat(live.Select(id => $"{id},2\n"));
        var errors = PredictionCheck.Of(Encoding.UTF8.GetBytes(file), PredictionRules.Classic, live).Errors;
        Assert.Equal(Enumerable.Range(2, 20), errors.Select(error => error.Line));
    }

    [Fact]
    public void TooLargeFile_IsRefused_AtTheLimitAndOneByteBeyond()
    {
        var text = new StringBuilder(Good);
        while (text.Length + 500 < PredictionCheck.BytesMost)
            text.Append('z', 490).Append(",0.5\n");
        text.Append('z', PredictionCheck.BytesMost - text.Length - 5).Append(",0.5\n");
        var file = Encoding.UTF8.GetBytes(text.ToString());
        Assert.Equal(PredictionCheck.BytesMost, file.Length);
        Assert.Empty(Check(file).Errors);
        Assert.Equal("tooLarge", Assert.Single(Check([.. file, (byte)'a']).Errors).Code);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "200002:tooManyRows")]
    public void TooManyRows_AreRefused(int beyond, string errors) =>
        Assert.Equal(errors, Codes(Good + string.Concat(Enumerable.Repeat("z,0\n", PredictionCheck.RowsMost - 3 + beyond))));

    [Fact]
    public void AnError_NamesLineAndColumn()
    {
        var errors = Check(Encoding.UTF8.GetBytes("id,prediction\nn1,0.1\n,0.5\nn3,x\nn2,0.1,\n")).Errors;
        Assert.Equal([(3, 1, "id"), (4, 2, "value"), (5, null, "columns"), (5, 1, "missingId")], errors.Select(error => (error.Line, error.Column, error.Code)));
    }

    [Theory]   // tournament, header, live rows, other rows, errors
    [InlineData(8, "id,prediction", 150, 3, "")]
    [InlineData(8, "id,prediction", 149, 3, "153:missingId")]
    [InlineData(11, "ticker,prediction", 100, 0, "")]
    [InlineData(11, "numerai_ticker,signal", 100, 50, "")]
    [InlineData(11, "bloomberg_ticker,signal", 99, 50, "150:tooFewRows")]
    [InlineData(11, "symbol,signal", 100, 0, "1:header")]
    [InlineData(12, "symbol,prediction", 100, 0, "")]
    [InlineData(12, "symbol,signal", 100, 9, "")]
    [InlineData(12, "symbol,signal", 99, 9, "109:tooFewRows")]
    [InlineData(12, "ticker,signal", 100, 0, "1:header")]
    [InlineData(12, "symbol,probability", 100, 0, "1:header")]
    public void EveryTournament_HasItsColumns_AndItsLeastRows(int tournament, string header, int live, int others, string errors)
    {
        var ids = Enumerable.Range(0, 150).Select(i => $"T{i} US").ToHashSet(StringComparer.Ordinal);
        var file = header + "\n" + string.Concat(ids.Take(live).Concat(Enumerable.Range(0, others).Select(i => $"X{i}")).Select((id, i) => $"{id},0.{i + 1:d4}\n"));
        var found = PredictionCheck.Of(Encoding.UTF8.GetBytes(file), PredictionRules.Of(tournament), ids);
        Assert.Equal(errors, string.Join(' ', found.Errors.Select(error => $"{error.Line}:{error.Code}")));
        Assert.Equal(errors.Length == 0 && others > 0, found.Warnings.Any(warning => warning.Code == "idsIgnored"));
    }

    [Fact]
    public void AcceptedFile_HasStatistics_AndWarningsOfWhatIsSeldomMeant()
    {
        var found = Check(Encoding.UTF8.GetBytes("id,prediction\nn3,0.5\nn1,0.5\nn2,0.8\n"));
        Assert.Equal((3, 2, 2.0 / 3), (found.Statistics!.Rows, found.Statistics.Distinct, found.Statistics.TiedShare));
        Assert.Equal(0.6, found.Statistics.Mean, 12);
        Assert.Equal(Math.Sqrt(0.02), found.Statistics.Deviation, 12);
        Assert.Equal((0.5, 0.5, 0.8), (found.Statistics.Deciles[0], found.Statistics.Deciles[5], found.Statistics.Deciles[10]));
        Assert.Equal(["n3", "n1", "n2"], found.Ids);
        Assert.Equal(["fewValues"], found.Warnings.Select(warning => warning.Code));
        Assert.Contains(Check(Encoding.UTF8.GetBytes("id,prediction\nn1,0.5\nn2,0.5000001\nn3,0.5\n")).Warnings, warning => warning.Code == "tinySpread");
        Assert.Contains(PredictionCheck.Of(Encoding.UTF8.GetBytes(Good), PredictionRules.Classic, null).Warnings, warning => warning.Code == "idsNotChecked");
    }

    /// <summary>What numerai-tools answers to the same files.</summary>
    [Fact]
    public void NumeraisOwnCases_GiveNumeraisOwnAnswers()
    {
        using var vectors = Vectors.Open("submission_validation_classic.json");
        var live = vectors.RootElement.GetProperty("live_ids").EnumerateArray().Select(id => id.GetString()!).ToHashSet(StringComparer.Ordinal);
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, it =>
        {
            var rows = it.GetProperty("rows").EnumerateArray().Prepend(it.GetProperty("columns"));
            var csv = string.Join('\n', rows.Select(row => string.Join(',', row.EnumerateArray().Select(Cell))));
            var found = PredictionCheck.Of(Encoding.UTF8.GetBytes(csv), PredictionRules.Classic, live);
            Assert.Equal(it.GetProperty("valid").GetBoolean(), found.IsFit);
            if (found.IsFit)
                Assert.Equal(it.GetProperty("invalid_ids").GetArrayLength() > 0, found.Warnings.Any(warning => warning.Code == "idsIgnored"));
            else
                Assert.Contains(found.Errors, error => it.GetProperty("error").GetString()!.StartsWith(NumeraisWord(error.Code), StringComparison.Ordinal));
        });
    }

    /// <summary>What Numerai makes of a file before it scores it: ranks of the live ids, one half for those that are missing.</summary>
    [Fact]
    public void CleanSubmission_IsNumerais()
    {
        using var vectors = Vectors.Open("clean_submission.json");
        var universe = vectors.RootElement.GetProperty("universe").EnumerateArray().Select(id => id.GetString()!).ToList();
        var rows = vectors.RootElement.GetProperty("submission").EnumerateArray().Where(row => universe.Contains(row[0].GetString()!)).ToList();
        var found = new CheckedPredictions([], [], [.. rows.Select(row => row[0].GetString()!)], [.. rows.Select(row => row[1].GetDouble())], null).RankAndFill(universe);
        var expected = vectors.RootElement.GetProperty("rank_and_fill_true");
        Assert.Equal(universe.Count, found.Count);
        Assert.All(found, it => Assert.Equal(expected.GetProperty(it.Key).GetDouble(), it.Value, 15));
    }

    static string NumeraisWord(string code) => code switch
    {
        "header" or "columns" => "invalid_submission_headers",
        "id" or "duplicateId" or "missingId" => "invalid_submission_ids",
        _ => "invalid_submission_values",
    };

    static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
    };

    static CheckedPredictions Check(byte[] file) => PredictionCheck.Of(file, PredictionRules.Classic, Live);

    static string Codes(string file) => string.Join(' ', Check(Encoding.UTF8.GetBytes(file)).Errors.Select(error => $"{error.Line}:{error.Code}"));
}

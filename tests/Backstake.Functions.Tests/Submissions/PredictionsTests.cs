using System.Globalization;
using System.Text;
using System.Text.Json;
using Backstake.Functions.Submissions;

namespace Backstake.Functions.Tests.Submissions;

/// <summary>Numerai's rules for a Classic file (FAULTS.md H-1 to H-5).</summary>
public sealed class PredictionsTests
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
        { "an id that isn't live twice, with anything", Good + "zzzz,7\nzzzz,NaN\n" },
        { "two values", "id,prediction\nn1,0.1\nn2,0.1\nn3,0.2\n" },
    };

    [Theory]
    [MemberData(nameof(Fit))]
    public void FitFile_HasNoErrors(string what, string file) => Assert.True(Codes(file) is "", $"{what}: {Codes(file)}");

    public static TheoryData<string, string> Unfit => new()
    {
        { "", "1:header" },
        { "\n", "1:header" },
        { "id\nn1\n", "1:header" },
        { "prediction,id\n0.1,n1\n", "1:header" },
        { "ID,prediction\nn1,0.1\n", "1:header" },
        { "id,signal\nn1,0.1\n", "1:header" },
        { "id,prediction,extra\nn1,0.1,2\n", "1:header" },
        { "id;prediction\nn1;0.1\n", "1:header" },
        { "id,prediction\n", "1:missingId" },
        { "id,prediction\nn1,0.1\nn2,0.5\n", "3:missingId" },
        { "id,prediction\nn1,0.1\nn2,0.5\nn3\n", "4:columns 4:missingId" },
        { "id,prediction\nn1,0.1\nn2,0.5\nn3,0.9,1\n", "4:columns 4:missingId" },
        { "id,prediction\nn1,0.1\nn2,0.5\n,0.9\n", "4:id 4:missingId" },
        { Good + "n1,0.1\n", "5:duplicateId" },
        { "id,prediction\nn1,0.5\nn2,0.5\nn3,0.50\n", "4:constant" },
        { "id,prediction\nn1,0.1\nn2,1.0000001\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,-0.1\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,NaN\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,Infinity\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,1e400\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,0x1\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,\"0,5\"\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2, 0.5\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,0.1\nn2,\u0661\nn3,0.9\n", "3:value" },
        { "id,prediction\nn1,a\nn2,b\nn3,0.9\n", "2:value 3:value" },
        { "id,prediction\nn1,0.1\n\"n2\nn2\",0.5\nn3,0.9\n", "5:missingId" },
        { "id,prediction\nn1,0.1\nn2,\"0.5\nn3,0.9\n", "5:notCsv" },
        { "<html>502</html>", "1:header" },
        { "\0\0\0", "1:header" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void UnfitFile_IsRefusedWithTheLine(string file, string errors) => Assert.Equal(errors, Codes(file));

    [Fact]
    public void OnlyTheFirstTwentyErrors_AreNamed()
    {
        var live = Enumerable.Range(0, 100).Select(i => $"n{i}").ToHashSet(StringComparer.Ordinal);
        var file = "id,prediction\n" + string.Concat(live.Select(id => $"{id},2\n"));
        var errors = Predictions.Errors(Encoding.UTF8.GetBytes(file), live);
        Assert.Equal(Enumerable.Range(2, 20), errors.Select(error => error.Line));
    }

    [Fact]
    public void Utf16_IsRefused() => Assert.NotEmpty(Predictions.Errors(Encoding.BigEndianUnicode.GetBytes(Good), Live));

    [Fact]
    public void TooLargeFile_IsRefused_AtTheLimitAndOneByteBeyond()
    {
        var file = new byte[Predictions.BytesMost];
        Array.Fill(file, (byte)'a');
        Assert.Equal("header", Assert.Single(Predictions.Errors(file, Live)).Code);
        Assert.Equal("tooLarge", Assert.Single(Predictions.Errors([.. file, (byte)'a'], Live)).Code);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "200002:tooLarge")]
    public void TooManyRows_AreRefused(int beyond, string errors) =>
        Assert.Equal(errors, Codes(Good + string.Concat(Enumerable.Repeat("z,0\n", Predictions.RowsMost - 3 + beyond))));

    /// <summary>What numerai-tools answers to the same files, from the shared research data where that is there.</summary>
    [SkippableFact]
    public void NumeraisOwnCases_GiveNumeraisOwnAnswers()
    {
        var file = Find("data/vectors/submission_validation_classic.json");
        Skip.If(file is null, "../shared/data/vectors is not there: Numerai's own cases were not run.");
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(file));
        var live = vectors.RootElement.GetProperty("live_ids").EnumerateArray().Select(id => id.GetString()!).ToHashSet(StringComparer.Ordinal);
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        Assert.All(cases, it =>
        {
            var rows = it.GetProperty("rows").EnumerateArray().Prepend(it.GetProperty("columns"));
            var csv = string.Join('\n', rows.Select(row => string.Join(',', row.EnumerateArray().Select(Cell))));
            Assert.Equal(it.GetProperty("valid").GetBoolean(), Predictions.Errors(Encoding.UTF8.GetBytes(csv), live).Count == 0);
        });
    }

    static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
    };

    static string Codes(string file) =>
        string.Join(' ', Predictions.Errors(Encoding.UTF8.GetBytes(file), Live).Select(error => $"{error.Line}:{error.Code}"));

    static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "shared", path)))
                return Path.Combine(folder.FullName, "shared", path);
        }

        return null;
    }
}

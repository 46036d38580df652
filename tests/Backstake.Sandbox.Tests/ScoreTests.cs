using System.Numerics;
using System.Text.Json;
using Backstake.Sandbox.Scores;

namespace Backstake.Sandbox.Tests;

public sealed class ScoreTests
{
    [Theory]
    [InlineData("0.02870239", "0.02870239")]
    [InlineData("-5.92400944e-18", "-0.00000000000000000592400944")]
    [InlineData("1.5E3", "1500")]
    [InlineData("-0", "0")]
    [InlineData("+.50", "0.5")]
    [InlineData("2.", "2")]
    public void Text_IsReadExactly(string text, string plain) => Assert.Equal(plain, ExactDecimal.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1,000")]
    [InlineData(" 1")]
    [InlineData("NaN")]
    [InlineData("1e")]
    [InlineData("1e101")]
    [InlineData("1e-99999999999")]
    [InlineData("--1")]
    [InlineData("0x1")]
    public void OtherText_IsRefused(string text) => Assert.False(ExactDecimal.TryParse(text, out _));

    [Theory]
    [InlineData(3, "0.5", 1)]
    [InlineData(3, "-0.5", -2)]
    [InlineData(1, "-1e-18", -1)]
    [InlineData(1, "1e-18", 0)]
    [InlineData(4, "-0.5", -2)]
    public void Products_AreRoundedDown(long stake, string factor, long expected) => Assert.Equal(expected, ExactDecimal.Parse(factor).MultiplyFloor(stake));

    [Fact]
    public void APayout_IsAPayoutOrABurn()
    {
        Assert.Equal(new Payout(1, 0), Payout.Of(3, ExactDecimal.Parse("0.5")));
        Assert.Equal(new Payout(0, 2), Payout.Of(3, ExactDecimal.Parse("-0.5")));
        Assert.Equal(new Payout(0, 0), Payout.Of(3, default));
        Assert.Equal(new Payout(0, 3), Payout.Of(3, -ExactDecimal.One));
    }

    [SkippableFact]
    public void Payouts_AreThoseOfTheDocuments()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.FileOf("vectors/payouts.json")));
        var cases = document.RootElement.GetProperty("atomic_v3_formula_computed").GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        foreach (var c in cases)
        {
            ExactDecimal Number(string name) => ExactDecimal.Parse(c.GetProperty(name).GetString()!);
            BigInteger Wei(string name) => Number(name).MultiplyFloor(BigInteger.Pow(10, 18));
            var scores = c.GetProperty("scores").EnumerateArray().Select(s => (ExactDecimal.Parse(s.GetProperty("score").GetString()!), ExactDecimal.Parse(s.GetProperty("multiplier").GetString()!)));
            var roundReturn = ScoreConfig.Return(scores);
            Assert.Equal(Number("round_return"), roundReturn);
            Assert.Equal(new Payout(Wei("payout"), Wei("burn")), Payout.Of(Wei("round_stake"), roundReturn));
        }
    }

    [Fact]
    public void ATable_IsWrittenAsItIsRead()
    {
        const string Text = "roundNumber,A,B\n843,0.02,\n844,-0.0000000000000000059,0.1\n";
        var table = ScoreTable.Read(new StringReader(Text), "test");
        var written = new StringWriter();
        table.Write(written);
        Assert.Equal(Text, written.ToString());
        Assert.Null(table.Find("B", 843));
        Assert.Null(table.Find("C", 843));
        Assert.Null(table.Find("A", 845));
    }

    [Theory]
    [InlineData("round,A\n", "line 1")]
    [InlineData("roundNumber,A,A\n", "line 1")]
    [InlineData("roundNumber,A\n843\n", "line 2")]
    [InlineData("roundNumber,A\n843,x\n", "line 2")]
    [InlineData("roundNumber,A\n843,0\n843,0\n", "line 3")]
    [InlineData("", "empty")]
    public void AMalformedTable_NamesItsPlace(string text, string place) =>
        Assert.Contains(place, Assert.Throws<FormatException>(() => ScoreTable.Read(new StringReader(text), "test.csv")).Message);

    [Fact]
    public void AModelWithoutScore_GetsNothing()
    {
        var corr = ScoreTable.Read(new StringReader("roundNumber,A,B\n843,0.02,0.02\n"), "corr");
        var mmc = ScoreTable.Read(new StringReader("roundNumber,A,B\n843,0.01,\n"), "mmc");
        var scores = new SandboxScores(corr, mmc, "test");
        Assert.Equal("0.03", scores.Return("A", 843).ToString());
        Assert.Equal(default, scores.Return("B", 843));
        Assert.Equal(default, scores.Return("A", 844));
    }

    [SkippableFact]
    public void RealScores_AreRead()
    {
        SharedData.FileOf(SandboxScores.Corr20File);
        var scores = SandboxScores.ReadOrMake(null, SharedData.Root, seed: 1);
        Assert.Equal(23, scores.Models.Count);
        Assert.Equal((843, 1137), scores.Rounds);
        // 0.5 · 0.02870239 + 2 · −5.92400944e-18
        Assert.Equal("0.01435119499999998815198112", scores.Return("NUMERAI_SWMM", 843).ToString());
        Assert.Equal(default, scores.Return("MELONADA", 843));
    }
}

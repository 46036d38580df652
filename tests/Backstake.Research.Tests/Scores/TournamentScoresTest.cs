using System.Text.Json;

namespace Backstake.Research.Tests.Scores;

/// <summary>The same numbers as Numerai's own code gives: tests/vectors.</summary>
public sealed class TournamentScoresTest
{
    const int Digits = 12;

    [Fact]
    public void NormalQuantiles_AreScipys() => Assert.All(Cases("normal_ppf.json"), it => Assert.Equal(it.GetProperty("ppf").GetDouble(), TournamentScores.Gaussian(it.GetProperty("p").GetDouble()), 10));

    [Fact]
    public void RanksGaussiansAndPowers_AreNumerais() => Assert.All(Cases("rank_gauss_power.json"), it =>
    {
        var input = Numbers(it, "input");
        Same(Numbers(it, "tie_kept_rank"), Ranks.TieKept(input));
        Same(Numbers(it, "tie_broken_rank"), Ranks.TieBroken(input));
        Same(Numbers(it, "gaussian_of_tie_kept"), TournamentScores.Gaussian(input));
        Same(Numbers(it, "power_1_5_of_gaussian"), TournamentScores.Pow15(TournamentScores.Gaussian(input)));
    });

    [Fact]
    public void Corr_IsNumerais() => Assert.All(Cases("numerai_corr.json"), it =>
    {
        Assert.Equal(it.GetProperty("numerai_corr").GetDouble(), TournamentScores.Corr(Numbers(it, "predictions"), Numbers(it, "target")), Digits);
        if (it.TryGetProperty("spearman", out var spearman))
            Assert.Equal(spearman.GetDouble(), TournamentScores.Spearman(Numbers(it, "predictions"), Numbers(it, "target")), Digits);
        if (it.TryGetProperty("pearson", out var pearson))
            Assert.Equal(pearson.GetDouble(), TournamentScores.Pearson(Numbers(it, "predictions"), Numbers(it, "target")), Digits);
    });

    [Fact]
    public void Mmc_IsNumerais() => Assert.All(Cases("correlation_contribution_mmc.json"), it => Assert.Equal(
        it.GetProperty("correlation_contribution").GetDouble(), TournamentScores.Mmc(Numbers(it, "predictions"), Numbers(it, "meta_model"), Numbers(it, "target")), Digits));

    [Fact]
    public void StakeWeightedPredictions_AreNumerais()
    {
        using var vectors = Open("stake_weight.json");
        var models = vectors.RootElement.GetProperty("predictions").EnumerateObject().ToList();
        var stakes = models.Select(model => vectors.RootElement.GetProperty("stakes").GetProperty(model.Name).GetDouble()).ToList();
        Same(Numbers(vectors.RootElement, "result"), TournamentScores.StakeWeighted([.. models.Select(model => Numbers(model.Value))], stakes));
    }

    /// <summary>Its file has MPC, too, which isn't computed here.</summary>
    [Fact]
    public void AlphaAndNeutralWeights_AreNumerais()
    {
        var (alphas, weights) = (0, 0);
        foreach (var it in Cases("alpha_mpc.json").Where(it => it.TryGetProperty("alpha", out _)))
        {
            var (neutralizers, sample, target) = (it.GetProperty("neutralizers").EnumerateArray().Select(Numbers).ToList(), Numbers(it, "sample_weights"), Numbers(it, "target"));
            if (it.TryGetProperty("signal", out var signal))
            {
                Assert.Equal(it.GetProperty("alpha").GetDouble(), TournamentScores.Alpha(Numbers(signal), neutralizers, sample, target), Digits);
                alphas++;
                continue;
            }

            foreach (var model in it.GetProperty("signals").EnumerateObject())
            {
                Assert.Equal(it.GetProperty("alpha").GetProperty(model.Name).GetDouble(), TournamentScores.Alpha(Numbers(model.Value), neutralizers, sample, target), Digits);
                var centred = TournamentScores.Centred(TournamentScores.NeutralWeights(Numbers(model.Value), neutralizers, sample));
                Same(Numbers(it.GetProperty("neutral_weights_centered"), model.Name), [.. centred.Select(weight => weight / centred.Sum(Math.Abs))]);
                (alphas, weights) = (alphas + 1, weights + 1);
            }
        }

        Assert.Equal((5, 4), (alphas, weights));
    }

    static void Same(double[] expected, double[] found)
    {
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Digits));
    }

    static double[] Numbers(JsonElement it, string name) => Numbers(it.GetProperty(name));

    static double[] Numbers(JsonElement it) => [.. it.EnumerateArray().Select(value => value.GetDouble())];

    internal static List<JsonElement> Cases(string file)
    {
        using var vectors = Open(file);
        var cases = vectors.RootElement.GetProperty("cases").Clone().EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        return cases;
    }

    static JsonDocument Open(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", file)));
}

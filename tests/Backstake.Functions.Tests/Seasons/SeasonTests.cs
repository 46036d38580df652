using Backstake.Accounting;
using Backstake.Season;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>The whole of the app, from the first deposit to the last claim, undisturbed and killed.</summary>
[Collection(SeasonCollection.Name)]
public sealed class SeasonTests
{
    [SkippableFact]
    public async Task Season_IsVerified_AndEveryPayoutIsTheScores()
    {
        SeasonCollection.NeedContracts();
        var season = await PlayedSeason.Play();
        Whole(season);
        var scores = new RoundScores(season.Scores);
        foreach (var vault in season.Vaults)
        {
            var results = Results(Path.Combine(season.Folder, $"{vault.GetProperty("id").GetString()}.json"));
            Assert.Equal(Enumerable.Range(843, 5), results.Select(result => result.Round));
            Assert.All(results, result => Assert.True(result.Stake.IsPositive));
            Assert.Equal(
                results.Select(result => scores.Payout(vault.GetProperty("model").GetString()!, result.Round, result.Stake)),
                results.Select(result => result.Payout));
            Assert.Equal(vault.GetProperty("result").GetString(), results.Aggregate(Nmr.Zero, (sum, result) => sum + result.Payout).ToString());
        }

        Directory.Delete(Path.GetDirectoryName(season.Folder)!, recursive: true);
    }

    [SkippableFact]
    public async Task SeasonKilledTenTimes_HasTheSameBooks()
    {
        SeasonCollection.NeedContracts();
        var (calm, killed) = (await PlayedSeason.Play("--seed", "7"), await PlayedSeason.Play("--seed", "7", "--kills", "10"));
        Whole(calm);
        Whole(killed);
        Assert.Equal(10, killed.Summary.GetProperty("killed").GetInt32());
        foreach (var (vault, other) in calm.Vaults.Zip(killed.Vaults))
        {
            foreach (var field in new[] { "id", "model", "staked", "result", "ownerShare", "paid", "booksDigest" })
                Assert.Equal(vault.GetProperty(field).GetString(), other.GetProperty(field).GetString());
        }
    }

    [SkippableFact]
    public async Task SeasonWithUnreliableNodes_IsVerified_AndTellsWhatWasArranged()
    {
        SeasonCollection.NeedContracts();
        var season = await PlayedSeason.Play("--unreliable");
        Assert.True(season.ExitCode == 0 && season.Summary.GetProperty("verified").GetBoolean(), season.Output);
        Assert.Equal(
            ["5/0/0 5/0/0", "2/1/2 2/1/2"],
            season.Vaults.Select(vault => $"{Counts(vault.GetProperty("told"))} {Counts(vault.GetProperty("injected"))}"));
        Assert.Equal([0, 2], season.Vaults.Select(vault => vault.GetProperty("missed").GetInt32()));
        static string Counts(System.Text.Json.JsonElement counts) => $"{counts.GetProperty("onTime")}/{counts.GetProperty("retried")}/{counts.GetProperty("missed")}";
    }

    static void Whole(PlayedSeason season)
    {
        Assert.True(season.ExitCode == 0 && season.Summary.GetProperty("verified").GetBoolean(), season.Output);
        Assert.Equal(5, season.Summary.GetProperty("rounds").GetInt32());
        Assert.Equal(2, season.Vaults.Count);
        Assert.All(season.Vaults, vault => Assert.Equal((5, 0), (vault.GetProperty("submitted").GetInt32(), vault.GetProperty("missed").GetInt32())));
    }

    /// <summary>The exported history's results, each with the stake that the fold gives its round.</summary>
    static List<(int Round, Nmr Stake, Nmr Payout)> Results(string history)
    {
        var read = ReplayFile.Read(File.ReadAllBytes(history));
        Assert.False(read.IsMalformed(out var malformed), malformed?.ToString());
        var (books, results) = (read.Value.Begin(), new List<(int, Nmr, Nmr)>());
        foreach (var it in read.Value.Events)
        {
            if (it is Resolve resolve)
                results.Add((resolve.Round.Number, books.OpenRounds[resolve.Round].Stake, resolve.Payout));
            var applied = books.Apply(it);
            Assert.Null(applied.Refusal);
            books = applied.Books;
        }

        return results;
    }
}

/// <summary>Seasons are played one after another: two at once on two cores would only wait for each other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SeasonCollection
{
    public const string Name = "seasons";

    public static void NeedContracts() => Skip.IfNot(
        File.Exists(Repository.Artifact("VaultFactory")), "contracts/out has no compiled contracts: build them with contracts/forge build first.");
}

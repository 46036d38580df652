using System.Text.Json;
using Backstake.Season;

namespace Backstake.Functions.Tests.Seasons;

/// <summary>docs/tours.md is walked as a newcomer would, over what a played season left standing.</summary>
[Collection(SeasonCollection.Name)]
public sealed class TourTests : IProgress<SeasonProgress>
{
    static readonly SeasonOptions Options = new() { Weeks = 1, FromRound = 843, Vaults = 1, Backers = 3, Seed = 5, Exit = true };

    void IProgress<SeasonProgress>.Report(SeasonProgress value)
    {
    }

    [SkippableFact]
    public async Task EveryLine_DoesWhatItSays()
    {
        SeasonCollection.NeedContracts();
        var folder = Directory.CreateTempSubdirectory("backstake-tour-").FullName;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await using var play = new SeasonPlay(Options, this);
        await play.Begin(limit.Token);
        await play.Play(limit.Token);
        var backer = await SeasonProgram.WriteKeys(play, folder, limit.Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "terms.json"), TermsOfTheTour(), limit.Token);
        var vault = play.Vaults[0];
        (string, string)[] values =
        [
            ("APP", play.App.Address.ToString().TrimEnd('/')), ("NODE", play.Ground.Node.ToString()), ("VAULT", vault.Id), ("BACKER", backer), ("TERMS", vault.TermsId),
        ];
        var lines = RunbookLines.Of("tours.md");
        Assert.True(lines.Count >= 12, string.Join('\n', lines));
        foreach (var line in lines)
        {
            var run = await RunbookLines.Run(line, folder, play.App.MasterKey, values);
            Assert.True(run.Status == 0, $"{line}: {run.Status}: {run.Output}");
        }

        // What the owner signed is stored for good, and only has to be sent.
        var id = SignedIdOf(Path.Combine(folder, "signed.json"));
        var offer = await play.App.Get($"api/vaults/{vault.Id}/terms/{id}/offer", limit.Token);
        Assert.Equal(("signed", 1), (offer.GetProperty("status").GetString(), offer.GetProperty("transactions").GetArrayLength()));
        play.Succeeded = true;
        Directory.Delete(folder, recursive: true);
    }

    static string SignedIdOf(string file)
    {
        var read = Accounting.SignedOffer.Read(File.ReadAllBytes(file));
        return Chain.Vault.SignedTerms.Id(Chain.Vault.ChainTerms.Of(read.Value.Terms), read.Value.Vault);
    }

    static string TermsOfTheTour()
    {
        var block = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "tours.md")).SkipWhile(line => line != "```json").Skip(1).TakeWhile(line => line != "```");
        var text = string.Join('\n', block);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text).RootElement.ValueKind);
        return text;
    }
}

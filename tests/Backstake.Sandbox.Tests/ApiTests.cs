using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Backstake.Sandbox.Api;

namespace Backstake.Sandbox.Tests;

public sealed class ApiTests : TournamentFixture
{
    private const string CurrentRound = "query($tournament: Int!) { rounds(tournament: $tournament number: 0) { number openTime closeStakingTime } }";

    private const string Submissions = "query($modelId:String!){ model(modelId:$modelId){ submissions { id filename selected status triggerId insertedAt errorInfo round { number tournament } } } }";

    [Fact]
    public async Task ARound_HasItsTimesAndScoreConfigs()
    {
        var round = (await DataAsync(
            "query($tournament:Int!,$number:Int!){ rounds(tournament:$tournament, number:$number){ number openTime closeTime closeStakingTime scoreTime resolveTime roundScoreConfigs{ name displayName isPayout defaultMultiplier clipThreshold payoutFactor } } }",
            new { tournament = 8, number = 0 })).GetProperty("rounds")[0];
        Assert.Equal(843, round.GetProperty("number").GetInt32());
        Assert.Equal("2026-11-24T12:00:00Z", round.GetProperty("openTime").GetString());
        Assert.Equal("2026-11-24T13:00:00Z", round.GetProperty("closeStakingTime").GetString());
        Assert.Equal("2026-12-25T20:00:00Z", round.GetProperty("resolveTime").GetString());
        Assert.Equal(["CORR20 0.5", "MMC20 2"], round.GetProperty("roundScoreConfigs").EnumerateArray().Select(c => $"{c.GetProperty("displayName")} {c.GetProperty("defaultMultiplier")}"));
    }

    [Theory]
    [InlineData(BetweenRounds.Null, "{\"data\":{\"rounds\":[null]}}")]
    [InlineData(BetweenRounds.Empty, "{\"data\":{\"rounds\":[]}}")]
    [InlineData(BetweenRounds.Error, "Current round not open for submissions")]
    public async Task BetweenRounds_ThereIsNoRoundZero(BetweenRounds how, string expected)
    {
        Clock.MoveTo(Calendar.Get(847).Close);
        await SwitchAsync(HttpMethod.Put, $"sandbox/between-rounds/{how}");
        Assert.Contains(expected, (await AskAsync(CurrentRound, new { tournament = 8 })).ToString());
    }

    [Fact]
    public async Task ASubmission_IsReadBackAsItWasSent()
    {
        var file = Predictions();
        var id = await SubmitAsync(file);
        var held = (await DataAsync(Submissions, new { modelId = Model.Id }, Key)).GetProperty("model").GetProperty("submissions")[0];
        Assert.Equal(id, held.GetProperty("id").GetGuid());
        Assert.True(held.GetProperty("selected").GetBoolean());
        Assert.Equal("success", held.GetProperty("status").GetString());
        Assert.Equal("t-1", held.GetProperty("triggerId").GetString());
        Assert.Equal(843, held.GetProperty("round").GetProperty("number").GetInt32());
        var download = (await DataAsync("query($id:String!){ submissionDownloadAuth(id:$id){ filename url } }", new { id }, Key)).GetProperty("submissionDownloadAuth");
        Assert.Equal(file, await GetAsync(download.GetProperty("url").GetString()!));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), Tournament.Selected(Model, 843)!.Sha256);
        Assert.StartsWith("predictions-", download.GetProperty("filename").GetString());
    }

    [Fact]
    public async Task TheNewestValidFile_IsSelected()
    {
        var first = await SubmitAsync(Predictions("a"));
        var bad = await SubmitAsync(Encoding.UTF8.GetBytes("id,prediction\nx,0.5\n"));
        Assert.Equal([false, true], await SelectedAsync());
        var submissions = (await DataAsync(Submissions, new { modelId = Model.Id }, Key)).GetProperty("model").GetProperty("submissions");
        Assert.Equal(bad, submissions[0].GetProperty("id").GetGuid());
        Assert.Equal("error", submissions[0].GetProperty("status").GetString());
        Assert.StartsWith("invalid_submission_", submissions[0].GetProperty("errorInfo").GetString());
        var second = await SubmitAsync(Predictions("b"));
        Assert.Equal(second, Tournament.Selected(Model, 843)!.Id);
        Assert.NotEqual(first, second);
        Assert.Equal([true, false, false], await SelectedAsync());
    }

    [Fact]
    public async Task ALateFile_IsTaken_ButNotSelected()
    {
        Clock.MoveTo(Calendar.Get(843).CloseStaking.AddTicks(-1));
        var inTime = await SubmitAsync(Predictions("a"));
        Clock.MoveTo(Calendar.Get(843).CloseStaking);
        await SubmitAsync(Predictions("b"));
        Assert.Equal(inTime, Tournament.Selected(Model, 843)!.Id);
        Assert.Equal([false, true], await SelectedAsync());
    }

    [Fact]
    public async Task BetweenRounds_NothingIsSubmitted()
    {
        Clock.MoveTo(Calendar.Get(847).Close);
        var filename = await UploadAsync(Predictions());
        Assert.Equal("Current round not open for submissions", await ErrorAsync(
            "mutation($f:String!,$m:String){ createSubmission(filename:$f,tournament:8,modelId:$m){ id } }", new { f = filename, m = Model.Id }, Key));
    }

    [Fact]
    public async Task AFileNeverPut_IsNoSubmission() => Assert.Contains("No file was uploaded", await ErrorAsync(
        "mutation($m:String){ createSubmission(filename:\"x.csv\",tournament:8,modelId:$m){ id } }", new { m = Model.Id }, Key));

    [Theory]
    [InlineData("{ account { username } }", null, "You must be authenticated to perform this action.")]
    [InlineData("{ account { username } }", "Token SANDBOXPUBLICID$wrong", "Your session is invalid or has expired.")]
    [InlineData("{ rounds { nmber } }", null, "Cannot query field \"nmber\" on type \"Round\".")]
    [InlineData("{ nothing }", null, "Cannot query field \"nothing\" on type \"RootQueryType\".")]
    [InlineData("{ rounds(week: 1) { number } }", null, "Unknown argument \"week\" on field \"rounds\" of type \"RootQueryType\".")]
    [InlineData("{ rounds }", null, "must have a selection of subfields")]
    [InlineData("{ rounds { number { x } } }", null, "must not have a selection")]
    [InlineData("{ dataset }", null, "In argument \"filename\": Expected a value, found null.")]
    [InlineData("query($n: Int!) { rounds(number: $n) { number } }", null, "Variable \"n\": Expected non-null, found null.")]
    [InlineData("{ rounds(number: $n) { number } }", null, "Variable \"n\" is not defined.")]
    [InlineData("{ rounds { number }", null, "ends too early")]
    [InlineData("{ rounds { ...f } }", null, "Fragments")]
    [InlineData("subscription { x }", null, "syntax error before: \"subscription\"")]
    [InlineData("{ rounds(tournament: 9) { number } }", null, "Tournament 9 not found")]
    public async Task AWrongRequest_IsAnsweredWithErrors(string query, string? key, string message) => Assert.Contains(message, await ErrorAsync(query, key: key));

    [Fact]
    public async Task AnError_HasItsPlaceAndPath()
    {
        var answer = await AskAsync("{\n  account { username }\n  rounds(number: 843) { number }\n}");
        var error = answer.GetProperty("errors")[0];
        Assert.Equal("not_authenticated", error.GetProperty("code").GetString());
        Assert.Equal(2, error.GetProperty("locations")[0].GetProperty("line").GetInt32());
        Assert.Equal(3, error.GetProperty("locations")[0].GetProperty("column").GetInt32());
        Assert.Equal("account", error.GetProperty("path")[0].GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("account").ValueKind);
        Assert.Equal(843, answer.GetProperty("data").GetProperty("rounds")[0].GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task AMisspeltMutation_HasNoEffect()
    {
        var filename = await UploadAsync(Predictions());
        await ErrorAsync("mutation($f:String!,$m:String){ createSubmission(filename:$f,modelId:$m){ idd } }", new { f = filename, m = Model.Id }, Key);
        Assert.Empty(Tournament.SubmissionsOf(Model));
    }

    [Fact]
    public async Task LiveIds_AreDownloaded()
    {
        var url = (await DataAsync("{ dataset(filename: \"v5.0/live_example_preds.csv\", round: 843, tournament: 8) }")).GetProperty("dataset").GetString()!;
        var lines = Encoding.UTF8.GetString(await GetAsync(url)).TrimEnd('\n').Split('\n');
        Assert.Equal("id,prediction", lines[0]);
        Assert.Equal(20, lines.Length - 1);
        Assert.Equal("Round not found", await ErrorAsync("{ dataset(filename: \"v5.0/live_example_preds.csv\", round: 844, tournament: 8) }"));
    }

    [Theory]
    [InlineData("BadGatewayHtml", 502, "<html>")]
    [InlineData("OkHtml", 200, "<html>")]
    [InlineData("Empty", 200, "")]
    [InlineData("TruncatedJson", 200, "{\"data\"")]
    [InlineData("GraphQlError", 200, "\"message\"")]
    [InlineData("TooManyRequests", 429, "Too Many")]
    public async Task AFault_MeetsItsField_AsOftenAsAsked(string kind, int status, string start)
    {
        await SwitchAsync(HttpMethod.Post, "sandbox/faults", new { kind, field = "rounds", times = 1 });
        Assert.True((await DataAsync("{ listDatasets }")).TryGetProperty("listDatasets", out _));
        using (var spoilt = await PostAsync(CurrentRound, new { tournament = 8 }))
        {
            Assert.Equal(status, (int)spoilt.StatusCode);
            Assert.Contains(start, await spoilt.Content.ReadAsStringAsync());
        }
        await DataAsync(CurrentRound, new { tournament = 8 });
    }

    [Fact]
    public async Task AFaultAfterTheEffect_SpoilsOnlyTheAnswer()
    {
        var filename = await UploadAsync(Predictions());
        Tournament.Faults.Add(new Fault(FaultKind.Abort, "createSubmission", Times: 1, AfterEffect: true));
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("mutation($f:String!,$m:String){ createSubmission(filename:$f,modelId:$m){ id } }", new { f = filename, m = Model.Id }, Key));
        Assert.Single(Tournament.SubmissionsOf(Model));
    }

    private async Task<List<bool>> SelectedAsync() => (await DataAsync(Submissions, new { modelId = Model.Id }, Key)).GetProperty("model").GetProperty("submissions")
        .EnumerateArray().Select(s => s.GetProperty("selected").GetBoolean()).ToList();
}

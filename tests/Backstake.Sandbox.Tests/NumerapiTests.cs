using System.Text.Json;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Tests;

/// <summary>What numerapi 2.x (May 2026) asks, call by call: same fields, arguments, variables and their declared types, snake_case where it has it.</summary>
public sealed class NumerapiTests : TournamentFixture
{
    [Fact]
    public async Task GetCurrentRound() => Assert.Equal(843, (await DataAsync("query($tournament: Int!) { rounds(tournament: $tournament\n number: 0) { number } }", new { tournament = 8 }))
        .GetProperty("rounds")[0].GetProperty("number").GetInt32());

    [Fact]
    public async Task CheckRoundOpen_AndCheckNewRound()
    {
        var open = (await DataAsync("query($tournament: Int!) { rounds(tournament: $tournament number: 0) { number openTime closeStakingTime } }", new { tournament = 8 })).GetProperty("rounds")[0];
        Assert.Equal((Calendar.Get(843).Open, Calendar.Get(843).CloseStaking), (open.GetProperty("openTime").GetDateTimeOffset(), open.GetProperty("closeStakingTime").GetDateTimeOffset()));
        var last = (await DataAsync("query($tournament: Int!) { rounds(tournament: $tournament number: 0) { number openTime } }", new { tournament = 8 })).GetProperty("rounds")[0];
        Assert.Equal(843, last.GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task GetCompetitions_AndListRounds()
    {
        var rounds = await DataAsync("query($tournament: Int!) { rounds(tournament: $tournament) { number resolveTime openTime resolvedGeneral resolvedStaking } }", new { tournament = 8 });
        Assert.Equal([844, 843], rounds.GetProperty("rounds").EnumerateArray().Select(r => r.GetProperty("number").GetInt32()));
        var open = await DataAsync(
            "query($tournament: Int $number: Int $target: String $status: RoundStatus $limit: Int) { rounds(tournament: $tournament number: $number target: $target status: $status limit: $limit) { id tournament number target closeTime closeStakingTime openTime scoreTime resolveTime resolvedGeneral resolvedStaking payoutFactor stakeThreshold minCorrMultiplier maxCorrMultiplier defaultCorrMultiplier minMmcMultiplier maxMmcMultiplier defaultMmcMultiplier dataDatestamp } }",
            new { tournament = 8, number = (int?)null, target = (string?)null, status = "OPEN", limit = 5 });
        Assert.Equal(843, Assert.Single(open.GetProperty("rounds").EnumerateArray()).GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task GetAccount_AndModels()
    {
        var account = (await DataAsync(
            "query { account { username walletAddress availableNmr email id mfaEnabled status insertedAt models { id name submissions { id filename } v2Stake { status txHash } } apiTokens { name public_id scopes } } }", key: Key)).GetProperty("account");
        Assert.Equal("SANDBOXPUBLICID", account.GetProperty("apiTokens")[0].GetProperty("public_id").GetString());
        var models = (await DataAsync("query { account { models { id name tournament } } }", key: Key)).GetProperty("account").GetProperty("models");
        Assert.Equal(["A 8", "B 8"], models.EnumerateArray().Select(m => $"{m.GetProperty("name")} {m.GetProperty("tournament")}"));
        var profile = await DataAsync("query($username: Str! $tournament: Int) { accountProfile(username: $username tournament: $tournament){ models { id displayName } } }", new { username = "backstake", tournament = 8 });
        Assert.Equal(2, profile.GetProperty("accountProfile").GetProperty("models").GetArrayLength());
        Assert.Equal("A", (await DataAsync("query($modelid: String!) { model(modelId: $modelid) { name } }", new { modelid = Model.Id }, Key)).GetProperty("model").GetProperty("name").GetString());
        Assert.Empty((await DataAsync("query { account { walletTxns { amount from status to time tournament txHash type } } }", key: Key)).GetProperty("account").GetProperty("walletTxns").EnumerateArray());
    }

    [Fact]
    public async Task UploadPredictions_AndLookAtThem()
    {
        var auth = (await DataAsync(
            "query($filename: String! $tournament: Int! $modelId: String) { submission_upload_auth(filename: $filename tournament: $tournament modelId: $modelId) { filename url } }",
            new { filename = "predictions.csv", tournament = 8, modelId = Model.Id }, Key)).GetProperty("submission_upload_auth");
        using var http = new HttpClient();
        using var put = await http.PutAsync(auth.GetProperty("url").GetString(), new ByteArrayContent(Predictions()));
        var created = await DataAsync(
            "mutation($filename: String! $tournament: Int! $modelId: String $triggerId: String, $dataDatestamp: Int) { create_submission(filename: $filename tournament: $tournament modelId: $modelId triggerId: $triggerId source: \"numerapi\" dataDatestamp: $dataDatestamp) { id } }",
            new { filename = auth.GetProperty("filename").GetString(), tournament = 8, modelId = Model.Id, triggerId = (string?)null, dataDatestamp = (int?)null }, Key);
        var id = created.GetProperty("create_submission").GetProperty("id").GetString();
        var names = await DataAsync("query($modelId: String) { model(modelId: $modelId) { submissions { filename selected round { tournament number } } } }", new { modelId = Model.Id }, Key);
        Assert.True(names.GetProperty("model").GetProperty("submissions")[0].GetProperty("selected").GetBoolean());
        var ids = await DataAsync("query($modelId: String) { submissions(modelId: $modelId) { id filename insertedAt } }", new { modelId = Model.Id }, Key);
        Assert.Equal(id, ids.GetProperty("submissions")[0].GetProperty("id").GetString());
        var download = await DataAsync("query($id: String) { submissionDownloadAuth(id: $id) { filename url } }", new { id }, Key);
        Assert.Equal(Predictions(), await GetAsync(download.GetProperty("submissionDownloadAuth").GetProperty("url").GetString()!));
    }

    [Theory]
    [InlineData(TournamentKind.Signals, "submissionUploadSignalsAuth", "mutation($filename: String! $modelId: String $triggerId: String $dataDatestamp: Int) { createSignalsSubmission(filename: $filename modelId: $modelId triggerId: $triggerId source: \"numerapi\" dataDatestamp: $dataDatestamp) { id firstEffectiveDate } }", "createSignalsSubmission")]
    [InlineData(TournamentKind.Crypto, "submission_upload_auth", "mutation($filename: String! $tournament: Int! $modelId: String $triggerId: String, $dataDatestamp: Int) { create_submission(filename: $filename tournament: $tournament modelId: $modelId triggerId: $triggerId source: \"numerapi\" dataDatestamp: $dataDatestamp) { id } }", "create_submission")]
    public async Task UploadPredictions_OfTheOtherTournaments(TournamentKind kind, string endpoint, string create, string created)
    {
        var model = Tournament.AddModel($"{kind}", kind, SandboxAccount.Default);
        var auth = (await DataAsync(
            $"query($filename: String! $tournament: Int! $modelId: String) {{ {endpoint}(filename: $filename tournament: $tournament modelId: $modelId) {{ filename url }} }}",
            new { filename = "predictions.csv", tournament = (int)kind, modelId = model.Id }, Key)).GetProperty(endpoint);
        using var http = new HttpClient();
        using var put = await http.PutAsync(auth.GetProperty("url").GetString(), new ByteArrayContent(Tournament.Live.Predictions(kind, 843, "a")));
        var variables = new Dictionary<string, object?> { ["filename"] = auth.GetProperty("filename").GetString(), ["modelId"] = model.Id, ["triggerId"] = null, ["dataDatestamp"] = null };
        if (create.Contains("$tournament", StringComparison.Ordinal))
            variables["tournament"] = (int)kind;
        var id = (await DataAsync(create, variables, Key)).GetProperty(created).GetProperty("id").GetGuid();
        Assert.Equal(id, Tournament.Selected(model, 843)!.Id);
    }

    [Fact]
    public async Task Datasets()
    {
        var listed = await DataAsync("query ($round: Int $tournament: Int) { listDatasets(round: $round tournament: $tournament) }", new { round = (int?)null, tournament = 8 });
        var filename = listed.GetProperty("listDatasets")[0].GetString();
        var url = await DataAsync("query ($filename: String! $round: Int $tournament: Int) { dataset(filename: $filename round: $round tournament: $tournament) }", new { filename, round = (int?)null, tournament = 8 });
        Assert.NotEmpty(await GetAsync(url.GetProperty("dataset").GetString()!));
    }

    [Fact]
    public async Task Scores_AndPerformances()
    {
        Clock.MoveTo(Calendar.Get(843).Resolve);
        var scores = await DataAsync(
            "query($modelId: ID! $displayName: String $version: String $day: Int $resolved: Boolean $tournament: Int $lastNRounds: Int $distinctOnRound: Boolean) { submissionScores(modelId: $modelId displayName: $displayName version: $version day: $day resolved: $resolved tournament: $tournament lastNRounds: $lastNRounds distinctOnRound: $distinctOnRound) { roundId submissionId roundNumber roundResolveTime roundScoreTime roundCloseStakingTime value percentile displayName version date day resolveDate resolved } }",
            new { modelId = Model.Id, displayName = "CORR20", tournament = 8 });
        var score = Assert.Single(scores.GetProperty("submissionScores").EnumerateArray());
        Assert.Equal(0.02, score.GetProperty("value").GetDouble());
        Assert.Equal(0.75, score.GetProperty("percentile").GetDouble());
        var performances = await DataAsync(
            "query($modelId: String! $tournament: Int!) { v2RoundModelPerformances(modelId: $modelId tournament: $tournament) { atRisk corrMultiplier, mmcMultiplier, roundPayoutFactor, roundNumber, roundOpenTime, roundResolveTime, roundResolved, roundTarget, submissionScores { date day displayName payoutPending payoutSettled percentile value } } }",
            new { modelId = Model.Id, tournament = 8 });
        var oldest = performances.GetProperty("v2RoundModelPerformances").EnumerateArray().Last();
        Assert.True(oldest.GetProperty("roundResolved").GetBoolean());
        Assert.Equal(2, oldest.GetProperty("submissionScores").GetArrayLength());
        var intra = await DataAsync(
            "query($modelId: String! $tournament: Int!) { v2RoundModelPerformances(modelId: $modelId tournament: $tournament) { roundNumber, intraRoundSubmissionScores { date, day, displayName, payoutPending, payoutSettled, percentile, value } } }",
            new { modelId = Model.Id, tournament = 8 });
        Assert.Equal(JsonValueKind.Null, intra.GetProperty("v2RoundModelPerformances")[0].GetProperty("intraRoundSubmissionScores").ValueKind);
        var payouts = await DataAsync(
            "query($tournament: Int!) { pendingModelPayouts(tournament: $tournament) { actual { roundId roundNumber roundResolveTime modelId modelName modelDisplayName payoutNmr payoutValue currencySymbol } pending { roundId roundNumber } } }",
            new { tournament = 8 }, Key);
        Assert.Equal(0, payouts.GetProperty("pendingModelPayouts").GetProperty("actual").GetArrayLength());
    }

    [Fact]
    public async Task Stakes()
    {
        Assert.Equal("0", (await DataAsync("query($modelname: String!) { v3UserProfile(modelName: $modelname) { stakeValue } }", new { modelname = "a" })).GetProperty("v3UserProfile").GetProperty("stakeValue").GetString());
        Assert.Equal("A", (await DataAsync("query($model_name: String!) { v3UserProfile(model_name: $model_name) { id startDate username bio nmrStaked } }", new { model_name = "a" })).GetProperty("v3UserProfile").GetProperty("username").GetString());
        Assert.Contains("v3StakeAuth", await ErrorAsync(
            "mutation($value: String! $type: String! $tournamentNumber: Int! $modelId: String) { v2ChangeStake(value: $value type: $type modelId: $modelId tournamentNumber: $tournamentNumber) { dueDate requestedAmount status type } }",
            new { value = "10", type = "increase", tournamentNumber = 8, modelId = Model.Id }, Key));
        Assert.Contains("v3StakeAuth", await ErrorAsync(
            "mutation($drain: bool! $amount: String $modelId: String) { releaseStake(drain: $drain modelId: $modelId amount: $amount) { id dueDate status type requestedAmount drain } }",
            new { drain = true, amount = "11000000", modelId = Model.Id }, Key));
        var config = (await DataAsync("query { v3StakeConfig { address authorizationSigner nmrAddress owner paused pendingOwner serviceWallet } }", key: Key)).GetProperty("v3StakeConfig");
        Assert.False(config.GetProperty("paused").GetBoolean());
        var round = (await DataAsync(
            "query($roundId: String!) { v3StakeRound(roundId: $roundId) { closeTime merkleRoot openTime payoutFactor remainingBurn remainingPayout resolveTime resolved roundId stakeCap stakeThreshold state totalPayout totalStaked tournamentId } }",
            new { roundId = "843" }, Key)).GetProperty("v3StakeRound");
        Assert.Equal("OPEN", round.GetProperty("state").GetString());
    }

    [Fact]
    public async Task SetSubmissionWebhook()
    {
        const string Query = "mutation ( $modelId: String! $newSubmissionWebhook: String ) { setSubmissionWebhook( modelId: $modelId newSubmissionWebhook: $newSubmissionWebhook ) }";
        Assert.Equal("true", (await DataAsync(Query, new { modelId = Model.Id, newSubmissionWebhook = "http://127.0.0.1:1/hook" }, Key)).GetProperty("setSubmissionWebhook").GetString());
        Assert.Equal("http://127.0.0.1:1/hook", Model.Webhook!.ToString());
        Assert.Contains("not a valid URL", await ErrorAsync(Query, new { modelId = Model.Id, newSubmissionWebhook = "ftp://x" }, Key));
    }
}

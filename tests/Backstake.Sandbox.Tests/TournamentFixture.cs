using System.Net.Http.Json;
using System.Text.Json;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Sandbox.Time;

namespace Backstake.Sandbox.Tests;

/// <summary>A tournament of two models and a chain in memory, at 12:00 on the first Tuesday, and a client for it.</summary>
public abstract class TournamentFixture : IAsyncLifetime
{
    protected const string Staker = "0x00000000000000000000000000000000000000ff";

    private readonly HttpClient http = new();

    internal MemoryChain Chain { get; } = new();

    protected RoundCalendar Calendar { get; } = new(843, new DateOnly(2026, 11, 24));

    protected VirtualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    protected Tournament Tournament { get; private set; } = null!;

    protected SandboxModel Model => Tournament.FindModel("A")!;

    protected static string Key => SandboxAccount.Default.Key.Header;

    public async Task InitializeAsync()
    {
        var corr = ScoreTable.Read(new StringReader("roundNumber,A,B\n843,0.02,-0.03\n844,0.01,\n"), "corr");
        var mmc = ScoreTable.Read(new StringReader("roundNumber,A,B\n843,0.01,-0.02\n844,0.01,\n"), "mmc");
        Tournament = await Tournament.StartAsync(new TournamentOptions { Clock = Clock, Calendar = Calendar, Scores = new SandboxScores(corr, mmc, "test"), Chain = Chain, LiveIds = 20 });
    }

    public async Task DisposeAsync()
    {
        await Tournament.DisposeAsync();
        http.Dispose();
        Clock.Dispose();
    }

    protected async Task<HttpResponseMessage> PostAsync(string query, object? variables = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Tournament.Address) { Content = JsonContent.Create(new { query, variables }) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", key);
        }
        return await http.SendAsync(request);
    }

    /// <summary>The whole answer, which has HTTP status 200 whatever it says.</summary>
    protected async Task<JsonElement> AskAsync(string query, object? variables = null, string? key = null)
    {
        using var answer = await PostAsync(query, variables, key);
        Assert.Equal(200, (int)answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>`data`, there being no errors.</summary>
    protected async Task<JsonElement> DataAsync(string query, object? variables = null, string? key = null)
    {
        var answer = await AskAsync(query, variables, key);
        Assert.False(answer.TryGetProperty("errors", out var errors), errors.ToString());
        return answer.GetProperty("data");
    }

    protected async Task<string> ErrorAsync(string query, object? variables = null, string? key = null) =>
        (await AskAsync(query, variables, key)).GetProperty("errors")[0].GetProperty("message").GetString()!;

    protected async Task<string> UploadAsync(byte[] file, SandboxModel? model = null)
    {
        var modelId = (model ?? Model).Id;
        var auth = (await DataAsync(
            "query($filename:String!,$tournament:Int!,$modelId:String){ submissionUploadAuth(filename:$filename,tournament:$tournament,modelId:$modelId){ filename url } }",
            new { filename = "predictions.csv", tournament = 8, modelId }, Key)).GetProperty("submissionUploadAuth");
        using var put = await http.PutAsync(auth.GetProperty("url").GetString(), new ByteArrayContent(file));
        put.EnsureSuccessStatusCode();
        return auth.GetProperty("filename").GetString()!;
    }

    protected async Task<Guid> SubmitAsync(byte[] file, SandboxModel? model = null)
    {
        var filename = await UploadAsync(file, model);
        var created = await DataAsync(
            "mutation($filename:String!,$tournament:Int!,$modelId:String,$triggerId:String,$source:String){ createSubmission(filename:$filename,tournament:$tournament,modelId:$modelId,triggerId:$triggerId,source:$source){ id } }",
            new { filename, tournament = 8, modelId = (model ?? Model).Id, triggerId = "t-1", source = "test" }, Key);
        return created.GetProperty("createSubmission").GetProperty("id").GetGuid();
    }

    protected byte[] Predictions(string author = "a") => Tournament.Live.Predictions(TournamentKind.Classic, Calendar.LatestOpened(Clock.GetUtcNow())!.Number, author);

    protected Task<byte[]> GetAsync(string url) => http.GetByteArrayAsync(url);

    protected async Task SwitchAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Tournament.Address, path)) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}

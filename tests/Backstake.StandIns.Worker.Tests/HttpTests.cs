using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Backstake.StandIns.Worker.Tests;

[CollectionDefinition("http")]
public sealed class HttpCollection : ICollectionFixture<HttpTests.RunningApp>;

/// <summary>Routes, parameters, results and keys, against one running app.</summary>
[Collection("http")]
public sealed class HttpTests(HttpTests.RunningApp running)
{
    readonly App app = running.App;

    [Fact]
    public async Task Function_WithoutRoute_IsServedUnderThePrefixByItsName()
    {
        var answer = await app.Http.GetFromJsonAsync<JsonElement>("api/ping?say=hello");

        Assert.Equal("hello", answer.GetProperty("pong").GetString());
    }

    [Fact]
    public async Task FunctionClass_IsMadeAnewForEachInvocation()
    {
        await app.Http.GetAsync("api/ping");
        var answer = await app.Http.GetFromJsonAsync<JsonElement>("api/ping");

        Assert.Equal(1, answer.GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task RouteValues_ContextAndToken_AreBoundByName()
    {
        var answer = await app.Http.GetFromJsonAsync<JsonElement>("api/vaults/0xab%20c/weeks/12?view=short&id=other");

        Assert.Equal("0xab c", answer.GetProperty("id").GetString());
        Assert.Equal(12, answer.GetProperty("week").GetInt32());
        Assert.Equal("short", answer.GetProperty("view").GetString());
        Assert.Equal("0xab c", answer.GetProperty("bound").GetString());
        Assert.True(answer.GetProperty("sameContext").GetBoolean());
        Assert.True(answer.GetProperty("sameToken").GetBoolean());
        Assert.True(answer.GetProperty("hasJournal").GetBoolean());
    }

    [Fact]
    public async Task RouteValue_ThatIsNoNumber_FailsTheInvocation()
    {
        using var answer = await app.Http.GetAsync("api/vaults/a/weeks/twelve");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        await app.Until("the reason", () => Task.FromResult(app.Output.Contains("Cannot convert input parameter 'week'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ActionResult_SetsStatusTypeAndBody()
    {
        using var answer = await app.Http.PutAsync("api/echo", new StringContent("a,b", mediaType: new("text/csv")));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("a,b", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task MinimalResult_IsWrittenToo() =>
        Assert.Equal("minimal GET", await app.Http.GetStringAsync("api/minimal"));

    [Fact]
    public async Task Middleware_SeesTheContextAroundTheFunction()
    {
        using var answer = await app.Http.GetAsync("api/ping");

        Assert.Equal("Ping", answer.Headers.GetValues("x-function").Single());
        Assert.True(Guid.TryParse(answer.Headers.GetValues("x-invocation").Single(), out _));
    }

    [Theory]
    [InlineData("GET", "api/nothing")]
    [InlineData("GET", "ping")]         // outside the prefix
    [InlineData("POST", "api/ping")]    // another method
    public async Task UnknownRouteOrMethod_IsNotFound(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Exception_Answers500_AndIsLoggedWithFunctionAndInvocation()
    {
        using var answer = await app.Http.GetAsync("api/throws");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        await app.Until("the exception", () => Task.FromResult(app.Output.Contains("thrown on purpose", StringComparison.Ordinal)));
        Assert.Matches("fail Function.Throws: Throws failed \\(GET /api/throws, \\d+ ms, [0-9a-f-]{36}\\)", app.Output);
        Assert.Contains("info Backstake.StandIns.Worker.TestApp.HttpFunctions: about to throw", app.Output, StringComparison.Ordinal);
    }

    [Theory]   // a function opens to its own level's key and to the master key
    [InlineData("NeedsFunctionKey", null, 401)]
    [InlineData("NeedsFunctionKey", "wrong", 401)]
    [InlineData("NeedsFunctionKey", App.FunctionKey, 204)]
    [InlineData("NeedsFunctionKey", App.SystemKey, 401)]
    [InlineData("NeedsFunctionKey", App.MasterKey, 204)]
    [InlineData("NeedsSystemKey", App.FunctionKey, 401)]
    [InlineData("NeedsSystemKey", App.SystemKey, 204)]
    [InlineData("NeedsSystemKey", App.MasterKey, 204)]
    [InlineData("NeedsMasterKey", App.FunctionKey, 401)]
    [InlineData("NeedsMasterKey", App.SystemKey, 401)]
    [InlineData("NeedsMasterKey", App.MasterKey, 204)]
    [InlineData("Ping", "wrong", 200)]   // anonymous: any key, or none
    public async Task Key_OpensItsLevel_InHeaderAndQuery(string function, string? key, int status)
    {
        Assert.Equal(status, await Status(function, header: key, query: null));
        Assert.Equal(status, await Status(function, header: null, query: key));
    }

    [Fact]
    public async Task Header_WinsOverQuery()
    {
        Assert.Equal(401, await Status("NeedsFunctionKey", header: "wrong", query: App.FunctionKey));
        Assert.Equal(204, await Status("NeedsFunctionKey", header: App.FunctionKey, query: "wrong"));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong", 401)]
    [InlineData(App.FunctionKey, 403)]
    [InlineData(App.MasterKey, 202)]
    public async Task Admin_AsksForTheMasterKey(string? key, int status)
    {
        using var answer = await app.Admin("Sweep", """{"input":""}""", key);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("Sweep", null, 400)]
    [InlineData("Sweep", "", 400)]
    [InlineData("Sweep", "not json", 400)]
    [InlineData("Sweep", """{"input":{}}""", 400)]
    [InlineData("Missing", """{"input":""}""", 404)]
    [InlineData("Ping", """{"input":""}""", 400)]   // a request is set off by a request
    [InlineData("sweep", """{"input":""}""", 202)]
    public async Task Admin_AnswersByBodyAndName(string function, string? body, int status)
    {
        using var answer = await app.Admin(function, body);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Admin_RunsATimer_NotPastDue()
    {
        var before = app.Journal("Tick").Count;
        using var answer = await app.Admin("Tick", """{"input":""}""");

        var run = (await app.Journal("Tick", before + 1))[^1];
        Assert.False(run.GetProperty("pastDue").GetBoolean());
    }

    [Fact]
    public async Task Admin_RunsAQueueFunction_WithTheInputAsItsMessage()
    {
        using var answer = await app.Admin("Orders", """{"input":"{\"vault\":\"0x1\",\"week\":7}"}""");

        var order = (await app.Journal("Orders", 1))[0];
        Assert.Equal("0x1", order.GetProperty("vault").GetString());
        Assert.Equal(7, order.GetProperty("week").GetInt32());
    }

    async Task<int> Status(string function, string? header, string? query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/{function}{(query is null ? "" : "?code=" + query)}");
        if (header is not null)
            request.Headers.Add("x-functions-key", header);
        using var answer = await app.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public sealed class RunningApp : IAsyncLifetime
    {
        readonly Storage storage = new();

        public App App { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await storage.InitializeAsync();
            App = await App.Start(storage);
        }

        public async Task DisposeAsync()
        {
            await App.DisposeAsync();
            await storage.DisposeAsync();
        }
    }
}

using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Backstake.Functions.Numerai;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Numerai;

/// <summary>Answers are taken whole or not at all, and trouble is never taken for "no round" or "not resolved yet" (FAULTS.md E-2, E-3, E-8).</summary>
public sealed class NumeraiClientTests
{
    const string Round = """{"data":{"rounds":[{"number":843,"openTime":"2026-01-06T12:00:00Z","closeTime":"2026-01-07T12:00:00Z","closeStakingTime":"2026-01-06T13:00:00Z","scoreTime":null,"resolveTime":"2026-02-06T20:00:00Z"}]}}""";
    const string Claim = """{"data":{"v3StakeClaim":{"modelId":"0x01","burnAmountWei":"0","payoutAmountWei":"12","proof":["0xaa"],"roundId":843,"staker":"0x02"}}}""";

    static readonly VaultModel Mine = new("v", "m");

    [Fact]
    public async Task NameThatNumeraiRefuses_IsTheModelsId()
    {
        Assert.Equal("A", await Answering("""{"data":{"model":{"name":"A"}}}""").ModelName("m", default));
        Assert.Equal("m", await Answering("""{"errors":[{"message":"Model not found"}]}""").ModelName("m", default));
    }

    [Fact]
    public async Task Round_IsReadWithItsTimes()
    {
        var round = await Answering(Round).CurrentRound(8, default);
        Assert.Equal(new NumeraiRound(843, new(2026, 1, 6, 12, 0, 0, TimeSpan.Zero), new(2026, 1, 6, 13, 0, 0, TimeSpan.Zero), new(2026, 2, 6, 20, 0, 0, TimeSpan.Zero)), round);
    }

    [Theory]
    [InlineData("""{"data":{"rounds":null}}""")]
    [InlineData("""{"data":{"rounds":[]}}""")]
    [InlineData("""{"data":{"rounds":[null]}}""")]
    public async Task NoRound_IsSaidInThreeWays(string answer) => Assert.Null(await Answering(answer).CurrentRound(8, default));

    [Fact]
    public async Task WhatIsToldOfAnotherRound_IsNothingOfTheOneThatWasAskedFor()
    {
        Assert.Equal(843, (await Answering(Round).Round(8, 843, default))?.Number);
        Assert.Null(await Answering(Round).Round(8, 842, default));
    }

    public static TheoryData<HttpStatusCode, string, string> BadAnswers => new()
    {
        { HttpStatusCode.BadGateway, "<html><body>502 Bad Gateway</body></html>", "numeraiUnreachable" },
        { HttpStatusCode.BadGateway, "", "numeraiUnreachable" },
        { HttpStatusCode.BadGateway, Round, "numeraiUnreachable" },
        { HttpStatusCode.TooManyRequests, "{}", "numeraiUnreachable" },
        { HttpStatusCode.InternalServerError, """{"errors":[{"message":"x"}]}""", "numeraiUnreachable" },
        { HttpStatusCode.OK, "<html><body>Checking your browser</body></html>", "numeraiUnreadable" },
        { HttpStatusCode.OK, "", "numeraiUnreadable" },
        { HttpStatusCode.OK, " ", "numeraiUnreadable" },
        { HttpStatusCode.OK, "null", "numeraiUnreadable" },
        { HttpStatusCode.OK, "[]", "numeraiUnreadable" },
        { HttpStatusCode.OK, "\"ok\"", "numeraiUnreadable" },
        { HttpStatusCode.OK, "{}", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":null}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":{}}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":[]}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, Round[..(Round.Length / 2)], "numeraiUnreadable" },
        { HttpStatusCode.OK, Round[..^1], "numeraiUnreadable" },
        { HttpStatusCode.OK, Round + Round, "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":{"rounds":"843"}}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":{"rounds":{}}}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":{"rounds":[{}]}}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"data":{"rounds":[[]]}}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("843", "\"843\"", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("843", "84.5", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("843", "9999999999", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("843", "null", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("\"2026-01-06T13:00:00Z\"", "null", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("2026-01-06T13:00:00Z", "soon", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, Round.Replace("\"closeStakingTime\"", "\"closesStaking\"", StringComparison.Ordinal), "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"errors":[{"message":"no"}]}""", "numeraiRefused" },
        { HttpStatusCode.OK, """{"errors":[{"message":"no"}],"data":null}""", "numeraiRefused" },
        { HttpStatusCode.OK, """{"errors":[{"message":"no"}],"data":{"rounds":null}}""", "numeraiRefused" },
        { HttpStatusCode.OK, """{"errors":[{"message":"partly"}],""" + Round[1..], "numeraiRefused" },
        { HttpStatusCode.OK, """{"errors":[{}]}""", "numeraiUnreadable" },
        { HttpStatusCode.OK, """{"errors":["no"]}""", "numeraiUnreadable" },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task BadAnswer_IsATypedError_NeverNoRound(HttpStatusCode status, string body, string cause)
    {
        var failure = await Assert.ThrowsAsync<NumeraiException>(() => Answering(body, status).CurrentRound(8, default));
        Assert.Equal(cause, failure.Cause);
        if (status is HttpStatusCode.OK)
            await Assert.ThrowsAsync<NumeraiException>(() => Answering(body.Replace("\"rounds\"", "\"v3StakeClaim\"", StringComparison.Ordinal)
                .Replace("\"v3StakeClaim\":null", "\"v3StakeClaim\":[]", StringComparison.Ordinal)).Claim(843, Mine, "s", default));
    }

    [Fact]
    public async Task BrokenConnection_IsUnreachable()
    {
        var client = Of(_ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        Assert.Equal("numeraiUnreachable", (await Assert.ThrowsAsync<NumeraiException>(() => client.CurrentRound(8, default))).Cause);
    }

    [Fact]
    public async Task StoppedCall_IsStopped_NotAnError()
    {
        var client = Of(_ => throw new OperationCanceledException());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CurrentRound(8, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Claim_IsReadExactly_AndNullWhileUnresolved()
    {
        var claim = await Answering(Claim.Replace("\"12\"", "\"123456789012345678901234567890\"", StringComparison.Ordinal)).Claim(843, Mine, "s", default);
        Assert.Equal(BigInteger.Parse("123456789012345678901234567890"), claim!.PayoutAmountWei);
        Assert.Null(await Answering("""{"data":{"v3StakeClaim":null}}""").Claim(843, Mine, "s", default));
    }

    [Theory]
    [InlineData("\"1,234\"")]
    [InlineData("\"1.0\"")]
    [InlineData("1.5")]
    [InlineData("1e18")]
    [InlineData("\"0E-18\"")]
    [InlineData("\"1e-7\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"-1\"")]
    [InlineData("-1")]
    [InlineData("\"+1\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"\"")]
    [InlineData("\"\u0661\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    public async Task AmountThatIsNoWholeNumberOfWei_IsRefused(string amount)
    {
        var client = Answering(Claim.Replace("\"12\"", amount, StringComparison.Ordinal));
        Assert.Equal("numeraiUnreadable", (await Assert.ThrowsAsync<NumeraiException>(() => client.Claim(843, Mine, "s", default))).Cause);
    }

    [Theory]
    [InlineData("modelId"), InlineData("burnAmountWei"), InlineData("payoutAmountWei"), InlineData("proof"), InlineData("roundId"), InlineData("staker")]
    public async Task ClaimThatLacksAField_IsRefused(string field)
    {
        await Refused(Claim.Replace($"\"{field}\"", "\"other\"", StringComparison.Ordinal));
        await Refused(System.Text.RegularExpressions.Regex.Replace(Claim, $"\"{field}\":(\\[[^]]*\\]|[^,}}]*)", $"\"{field}\":null", default, TimeSpan.FromSeconds(1)));

        static async Task Refused(string answer) =>
            Assert.Equal("numeraiUnreadable", (await Assert.ThrowsAsync<NumeraiException>(() => Answering(answer).Claim(843, Mine, "s", default))).Cause);
    }

    [Theory]
    [InlineData("null"), InlineData("[{}]"), InlineData("""[{"id":"a","filename":"f","selected":null,"triggerId":null,"round":{"number":1,"tournament":8}}]""")]
    [InlineData("""[{"id":"a","filename":"f","selected":true,"triggerId":null,"round":null}]""")]
    public async Task UnreadableSubmissions_AreNotNone(string submissions)
    {
        var client = Answering("""{"data":{"model":{"submissions":""" + submissions + "}}}");
        Assert.Equal("numeraiUnreadable", (await Assert.ThrowsAsync<NumeraiException>(() => client.Submissions(Mine, default))).Cause);
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"filename":"f","url":null}"""), InlineData("""{"filename":"f","url":"not an address"}""")]
    public async Task DownloadWithoutAnAddress_IsRefused(string auth)
    {
        var client = Answering("""{"data":{"submissionDownloadAuth":""" + auth + "}}");
        Assert.Equal("numeraiUnreadable", (await Assert.ThrowsAsync<NumeraiException>(() => client.Download(Mine, "s", default))).Cause);
    }

    [Theory]
    [InlineData(""), InlineData("id,prediction\n")]
    public async Task LiveIdsWithoutAny_AreRefused(string file)
    {
        var client = Of(request => Text(request.Method == HttpMethod.Get ? file : """{"data":{"dataset":"https://files.example/live.csv"}}"""));
        Assert.Equal("numeraiUnreadable", (await Assert.ThrowsAsync<NumeraiException>(() => client.LiveIds(8, 843, default))).Cause);
    }

    /// <summary>A variable whose declared type isn't its argument's is refused by servers of GraphQL: the types are those that numerapi (May 2026) declares.</summary>
    [Fact]
    public async Task EachVariable_IsDeclaredWithTheTypeThatItsArgumentHas()
    {
        var asked = new List<JsonElement>();
        var client = Of(request =>
        {
            if (request.Method == HttpMethod.Post)
                asked.Add(JsonDocument.Parse(request.Content!.ReadAsStream()).RootElement);
            var upload = """{"filename":"f","url":"https://files.example/f"}""";
            return Text($$$"""{"data":{"submissionUploadAuth":{{{upload}}},"submissionUploadSignalsAuth":{{{upload}}},"v3StakeClaim":null}}""");
        });
        Func<Task>[] calls =
        [
            () => client.CurrentRound(8, default), () => client.Round(8, 843, default), () => client.ModelName("m", default), () => client.LiveIds(8, 843, default),
            () => client.Submit(8, Mine, [], null, default), () => client.Submit(11, Mine, [], "t", default), () => client.Submissions(Mine, default),
            () => client.Download(Mine, "s", default), () => client.Authorise(Mine, "s", "0x01", 1, default), () => client.Claim(843, Mine, "0x01", default),
        ];
        foreach (var call in calls)
            await Record.ExceptionAsync(call); // what the answers lack is not the matter here

        var fields = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in asked)
        {
            var query = one.GetProperty("query").GetString()!;
            var field = Regex.Match(query, @"{\s*(?<field>\w+)\s*\(", RegexOptions.None, Enough).Groups["field"].Value;
            fields.Add(field);
            foreach (Match variable in Regex.Matches(query, @"\$(?<name>\w+): (?<type>\w+)", RegexOptions.None, Enough))
                Assert.Equal((field, variable.Groups["name"].Value, Types[field][variable.Groups["name"].Value]), (field, variable.Groups["name"].Value, variable.Groups["type"].Value));
            foreach (var variable in one.GetProperty("variables").EnumerateObject().Where(it => it.Value.ValueKind is not JsonValueKind.Null))
                Assert.Equal(Types[field][variable.Name] == "Int" ? JsonValueKind.Number : JsonValueKind.String, variable.Value.ValueKind);
        }

        Assert.Equal(Types.Keys.Order(), fields.Order());
    }

    static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    static readonly Dictionary<string, Dictionary<string, string>> Types = new()
    {
        ["rounds"] = new() { ["tournament"] = "Int", ["number"] = "Int" },
        ["model"] = new() { ["modelId"] = "String" },
        ["dataset"] = new() { ["filename"] = "String", ["round"] = "Int", ["tournament"] = "Int" },
        ["submissionUploadAuth"] = new() { ["filename"] = "String", ["tournament"] = "Int", ["modelId"] = "String" },
        ["submissionUploadSignalsAuth"] = new() { ["filename"] = "String", ["tournament"] = "Int", ["modelId"] = "String" },
        ["createSubmission"] = new() { ["filename"] = "String", ["tournament"] = "Int", ["modelId"] = "String", ["triggerId"] = "String", ["source"] = "String" },
        ["createSignalsSubmission"] = new() { ["filename"] = "String", ["modelId"] = "String", ["triggerId"] = "String", ["source"] = "String" },
        ["submissionDownloadAuth"] = new() { ["id"] = "String" },
        ["v3StakeAuth"] = new() { ["submissionId"] = "ID", ["staker"] = "String", ["maxAmount"] = "String" },
        ["v3StakeClaim"] = new() { ["roundId"] = "String", ["modelId"] = "ID", ["staker"] = "String" },
    };

    [Fact]
    public async Task Messages_HoldNoSecret()
    {
        var client = Of(request => request.Method == HttpMethod.Post
            ? Text("""{"data":{"submissionDownloadAuth":{"filename":"f","url":"https://files.example/?signature=SECRETLINK"}}}""")
            : new HttpResponseMessage(HttpStatusCode.Forbidden));
        var failure = await Assert.ThrowsAsync<NumeraiException>(() => client.Download(Mine, "s", default));
        Assert.DoesNotContain("SECRET", failure.ToString(), StringComparison.Ordinal);
    }

    static NumeraiClient Answering(string body, HttpStatusCode status = HttpStatusCode.OK) => Of(_ => Text(body, status));

    static HttpResponseMessage Text(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    static NumeraiClient Of(Func<HttpRequestMessage, HttpResponseMessage> answer) => new(
        new HttpClient(new Stub(answer)), Options.Create(new NumeraiSettings { PublicId = "PUBLIC", SecretKey = "SECRETKEY" }), new NumeraiCalls(TimeProvider.System));

    sealed class Stub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(answer(request));
        }
    }
}

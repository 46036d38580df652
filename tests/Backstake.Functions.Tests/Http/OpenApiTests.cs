using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Tests.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Tests.Http;

/// <summary>openapi.json documents every trigger and nothing else. Whoever adds a route adds it there; that the answers are as documented, <see cref="DocumentedTraffic"/> sees in every test over HTTP.</summary>
[Collection(StorageGround.Collection)]
public sealed partial class OpenApiTests(ApiGround ground) : IClassFixture<ApiGround>
{
    static IEnumerable<(string Function, string Method, string Route, AuthorizationLevel Level)> Triggers =>
        from type in typeof(Endpoint).Assembly.GetTypes()
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        from verb in trigger.Methods ?? []
        select (function.Name, verb.ToUpperInvariant(), "/" + Constraint().Replace(trigger.Route ?? function.Name, "{${name}}"), trigger.AuthLevel);

    [Fact]
    public void Triggers_AreDocumented_AndNothingElse() => Assert.Equal(
        Triggers.Select(it => $"{it.Method} {it.Route} {it.Function} {(it.Level is AuthorizationLevel.Function ? "with the function key" : "for anybody")}").Order(StringComparer.Ordinal),
        OpenApi.Operations.Select(it => $"{it.Method} {it.Path} {it.Id} {(it.NeedsKey ? "with the function key" : "for anybody")}").Order(StringComparer.Ordinal));

    [Fact]
    public void Operations_HaveWhatEveryRouteAnswers()
    {
        Assert.Equal("3.1.0", (string)OpenApi.Document["openapi"]!);
        foreach (var operation in OpenApi.Operations)
        {
            var statuses = operation.Responses.Select(it => it.Key).ToList();
            Assert.True(statuses.Any(it => it[0] == '2'), operation.Id);
            Assert.All(new[] { "413", "500", "503" }, status => Assert.True(statuses.Contains(status), $"{operation.Id} lacks {status}"));
            Assert.True(statuses.Contains("429") == (!operation.NeedsKey && Endpoint.Of(operation.Id).Needs.Cost > 0), $"{operation.Id}: 429");
            Assert.True(statuses.Contains("401") || !operation.NeedsKey, $"{operation.Id} lacks 401");
            Assert.True((operation.BearerRoles is null) == !operation.Codes.Contains("notSignedIn"), $"{operation.Id}: notSignedIn");
            Assert.True((operation.BearerRoles is { Count: > 0 }) == statuses.Contains("403"), $"{operation.Id}: 403");
            if (operation.Method == "GET")
                Assert.True(statuses.Contains("304"), $"{operation.Id} lacks 304");
            if (operation.Method == "POST")
            {
                Assert.Contains("Idempotency-Key", operation.Content["parameters"]!.AsArray().Select(it => (string)it!["name"]!));
                Assert.Empty(new[] { "idempotencyKeyInvalid", "idempotencyKeyReused", "idempotencyKeyInProgress", "answerNotKept" }.Except(operation.Codes));
            }

            Assert.Equal(PathParameter().Matches(operation.Path).Select(it => it.Groups["name"].Value).Order(StringComparer.Ordinal),
                (operation.Content["parameters"]?.AsArray() ?? []).Where(it => (string)it!["in"]! == "path").Select(it => (string)it!["name"]!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Codes_AreThoseOfTheApp_WithTheirStatus()
    {
        var kinds = typeof(ProblemKind).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(it => it.FieldType == typeof(ProblemKind)).Select(it => (ProblemKind)it.GetValue(null)!).Select(kind => (kind.Code, kind.Status))
            .Concat(Refusal.All.Select(refusal => (refusal.Code, 409))).ToHashSet();
        var documented = OpenApi.Operations.SelectMany(operation => operation.Responses.SelectMany(response =>
            DocumentedOperation.CodesOf(OpenApi.Resolve(response.Value!.AsObject())).Select(code => (code, int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture))))).ToHashSet();
        Assert.Empty(documented.Except(kinds));
        // What the books refuse of events that only the chain brings is never an answer.
        Assert.DoesNotContain(kinds.Except(documented), kind => Refusal.All.All(refusal => refusal.Code != kind.Item1));
    }

    [Fact]
    public void References_AreThere_AndSchemasAreKnown()
    {
        Assert.All(Nodes(OpenApi.Document).OfType<JsonObject>().Where(node => node["$ref"] is JsonValue), node => Assert.NotNull(OpenApi.Resolve(node)));
        var used = Nodes(OpenApi.Document).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>().Select(it => (string)it!).ToHashSet();
        foreach (var kind in new[] { "schemas", "responses" })
            Assert.All(OpenApi.Document["components"]![kind]!.AsObject(), it => Assert.Contains($"#/components/{kind}/{it.Key}", used));
    }

    [Fact]
    public async Task Document_IsServed() => Assert.True(JsonNode.DeepEquals(OpenApi.Document, JsonNode.Parse(await ground.Http.GetStringAsync(new Uri("api/openapi.json", UriKind.Relative)))));

    /// <summary>Every documented read is answered as documented, for a vault that is there and for one that isn't, with a key and without.</summary>
    [Fact]
    public async Task EveryRead_IsAnsweredAsDocumented()
    {
        var reads = OpenApi.Operations.Where(it => it.Method == "GET").ToList();
        Assert.True(reads.Count >= 25);
        var (anna, owner) = (await ground.SessionOf(History.Anna.Address), await ground.SessionOf(History.Owner));
        foreach (var read in reads)
        {
            foreach (var (vault, isKnown) in new[] { (ground.Vault, true), (ground.Vault, false), (DocumentedCall.NoVault, true) })
            {
                var call = new DocumentedCall(read, vault) { Key = isKnown ? ApiGround.Key : null, Bearer = !isKnown ? null : read.BearerRoles?.Contains("submit") == true ? owner : anna };
                using var answer = await call.Send(ground.Http);
                var expected = (read.NeedsKey || read.BearerRoles is not null) && !isKnown ? 401
                    : vault != ground.Vault && read.Path.Contains("{id}", StringComparison.Ordinal) ? 404
                    : read.Id is "Ready" or "GetFactory" ? 503
                    : read.Id is "GetNode" or "NodeLiveIds" or "GetNotifications" ? 404 // there is none
                    : 200;
                Assert.True((int)answer.StatusCode == expected, $"{call.Path}: {answer.StatusCode}");
            }
        }
    }

    static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Nodes(field.Value)).Prepend(fields),
        JsonArray items => items.SelectMany(Nodes).Prepend(items),
        null => [],
        _ => [node],
    };

    [GeneratedRegex(@"\{\*?(?<name>[a-z]+)(:[a-z]+)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathParameter();
}

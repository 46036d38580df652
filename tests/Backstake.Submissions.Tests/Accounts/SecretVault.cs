using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Backstake.Submissions.Tests.Accounts;

/// <summary>Answers as Key Vault's REST API does for secrets: Set, Get, Update, and the list of versions, page by page. A version that is disabled isn't given.</summary>
sealed class SecretVault : HttpMessageHandler
{
    public const string Address = "https://kv-owners.vault.azure.net";

    sealed record Version(string Id, string Value)
    {
        public bool IsEnabled { get; set; } = true;
    }

    const int PageSize = 2;

    readonly Dictionary<string, List<Version>> secrets = new(StringComparer.Ordinal);

    /// <summary>What the next answers are instead; null: what the service gives.</summary>
    public HttpStatusCode? Refuses { get; set; }

    (string Method, int After) refusedFrom = ("", 0);

    /// <summary>Refuses calls of this method, after so many that are answered.</summary>
    public void RefusesFrom(string method, int after) => (Refuses, refusedFrom) = (HttpStatusCode.ServiceUnavailable, (method, after));

    /// <summary>Every version is enabled again.</summary>
    public void Enable()
    {
        foreach (var version in secrets.Values.SelectMany(versions => versions))
            version.IsEnabled = true;
    }

    public int Calls { get; private set; }

    public IEnumerable<string> Readable => secrets.Values.SelectMany(versions => versions).Where(version => version.IsEnabled).Select(version => version.Value);

    public void Lead(ClientOptions options)
    {
        options.Transport = new HttpClientTransport(this);
        options.Retry.MaxRetries = 0;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls++;
        Assert.Equal("Bearer the-token", $"{request.Headers.Authorization}");
        Assert.StartsWith("?api-version=7.4", request.RequestUri!.Query, StringComparison.Ordinal);
        if (Refuses is { } status && (refusedFrom.Method.Length == 0 || (request.Method.Method == refusedFrom.Method && refusedFrom.After-- <= 0)))
            return new(status);
        var path = request.RequestUri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("secrets", path[0]);
        var versions = secrets.TryGetValue(path[1], out var there) ? there : secrets[path[1]] = [];
        if (request.Method == HttpMethod.Put)
        {
            using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
            versions.Add(new($"{Address}/secrets/{path[1]}/{versions.Count:d32}", body.RootElement.GetProperty("value").GetString()!));
        }
        else if (request.Method == HttpMethod.Patch)
        {
            versions.Single(version => version.Id.EndsWith(path[2], StringComparison.Ordinal)).IsEnabled = false;
        }

        else if (path is [_, _, "versions"])
        {
            var at = request.RequestUri.Query.Split("$skiptoken=") is [_, var token] ? int.Parse(token) : 0;
            return Json(new
            {
                value = versions.Skip(at).Take(PageSize).Select(version => new { id = version.Id, attributes = new { enabled = version.IsEnabled } }),
                nextLink = at + PageSize < versions.Count ? $"{Address}:443/secrets/{path[1]}/versions?api-version=7.4&$skiptoken={at + PageSize}" : null,
            });
        }

        if (versions.Count == 0)
            return new(HttpStatusCode.NotFound);
        var last = versions[^1];
        return last.IsEnabled || request.Method == HttpMethod.Patch ? Json(new { value = last.Value, id = last.Id }) : new(HttpStatusCode.Forbidden);
    }

    static HttpResponseMessage Json<T>(T answer) => new(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(answer), Encoding.UTF8, "application/json") };

    public sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://vault.azure.net/.default"], requestContext.Scopes);
            return new("the-token", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}

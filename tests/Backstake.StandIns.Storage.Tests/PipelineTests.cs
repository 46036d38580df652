using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Backstake.Servers;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>What comes from Azure.Core: transport, retries, credentials.</summary>
[Collection(StorageCollection.Name)]
public sealed class PipelineTests(StorageFixture storage)
{
    [Fact]
    public async Task ATransportOfOnesOwn_SeesEveryRequest_AndABusyServiceIsAskedAgain()
    {
        var busy = 2;
        var seen = new List<string>();
        using var handler = new Handler(async (request, send) =>
        {
            seen.Add($"{request.Method} {request.RequestUri!.AbsolutePath.Split('/')[^1]}");
            return busy-- > 0 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : await send(request);
        });
        var options = Options(handler);
        var table = new TableServiceClient(storage.Azurite.ConnectionString, options).GetTableClient(StorageFixture.NewName());

        await table.CreateIfNotExistsAsync();
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))]);

        Assert.Equal(["POST Tables", "POST Tables", "POST Tables", "POST $batch"], seen);
    }

    [Fact]
    public async Task AKeyOfOnesOwn_Signs_AndAWrongOneIs403()
    {
        var right = new TableSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey);
        var wrong = new TableSharedKeyCredential(Azurite.AccountName, Convert.ToBase64String(new byte[64]));
        var name = StorageFixture.NewName();

        await new TableServiceClient(storage.Azurite.TableEndpoint, right).CreateTableIfNotExistsAsync(name);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => new TableServiceClient(storage.Azurite.TableEndpoint, wrong).CreateTableIfNotExistsAsync(name));

        Assert.Equal(403, failure.Status);
    }

    [Fact]
    public async Task AToken_IsAskedForStorage_AndSentOverHttpsOnly()
    {
        string? authorization = null;
        using var handler = new Handler((request, _) =>
        {
            authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        });
        var credential = new Credential();

        await new TableServiceClient(new Uri("https://account.table.core.windows.net"), credential, Options(handler)).CreateTableIfNotExistsAsync("books");
        Assert.Equal("Bearer secret", authorization);
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new TableServiceClient(storage.Azurite.TableEndpoint, credential, Options(handler)).CreateTableIfNotExistsAsync("books"));
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=backstake;AccountKey=AAAA;EndpointSuffix=core.windows.net", "https://backstake.table.core.windows.net/", "backstake")]
    [InlineData("AccountName=a;AccountKey=AAAA==;TableEndpoint=http://localhost:1/a", "http://localhost:1/a", "a")]
    public void AConnectionString_SaysWhereTheTablesAre(string connectionString, string uri, string account)
    {
        var service = new TableServiceClient(connectionString.Replace("AAAA==", "AAAA", StringComparison.Ordinal));

        Assert.Equal((new Uri(uri), account), (service.Uri, service.AccountName));
    }

    [Fact]
    public void AConnectionStringWithoutAKey_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new TableServiceClient("AccountName=a"));
        Assert.Throws<FormatException>(() => new TableServiceClient("nonsense"));
    }

    private static TableClientOptions Options(HttpMessageHandler handler)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(handler) };
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        return options;
    }

    private sealed class Handler(Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> answer)
        : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, sent => base.SendAsync(sent, cancellationToken));
    }

    private sealed class Credential : TokenCredential
    {
        public string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken("secret", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}

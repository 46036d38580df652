using System.Net;
using Nethereum.JsonRpc.Client;
using Nethereum.Web3;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>What goes wrong between us and a node has the package's exceptions.</summary>
public sealed class RpcClientTests
{
    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>down</html>")]
    [InlineData(HttpStatusCode.OK, "")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "{}")]
    public async Task AnswerThatIsNotJsonRpc_IsUnknown(HttpStatusCode status, string body)
    {
        var web3 = Through((_, _) => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) }));
        await Assert.ThrowsAsync<RpcClientUnknownException>(() => web3.Eth.ChainId.SendRequestAsync());
    }

    [Fact]
    public async Task NoConnection_IsUnknown()
    {
        var web3 = Through((_, _) => throw new HttpRequestException("refused"));
        await Assert.ThrowsAsync<RpcClientUnknownException>(() => web3.Eth.Blocks.GetBlockNumber.SendRequestAsync());
    }

    [Fact]
    public async Task NoAnswerInTime_IsATimeout()
    {
        var web3 = Through(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        }, TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<RpcClientTimeoutException>(() => web3.Eth.ChainId.SendRequestAsync());
    }

    [Fact]
    public async Task Error_CarriesCodeMessageAndData()
    {
        var web3 = Through((_, _) => Task.FromResult(new HttpResponseMessage
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"error":{"code":-32003,"message":"nonce too low","data":"0xabcd"}}"""),
        }));
        var error = await Assert.ThrowsAsync<RpcResponseException>(() => web3.Client.SendRequestAsync<string>("eth_call"));
        Assert.Equal((-32003, "nonce too low: eth_call", "0xabcd"), (error.RpcError.Code, error.Message, error.RpcError.GetDataAsString()));
    }

    [Fact]
    public async Task Request_IsJsonRpc()
    {
        string? sent = null;
        var web3 = Through(async (request, stop) =>
        {
            sent = await request.Content!.ReadAsStringAsync(stop);
            return new HttpResponseMessage { Content = new StringContent("""{"jsonrpc":"2.0","id":1,"result":null}""") };
        });
        Assert.Null(await web3.Client.SendRequestAsync<string>("some_method", null, "0x1", 5, true));
        Assert.Contains("\"jsonrpc\":\"2.0\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"method\":\"some_method\",\"params\":[\"0x1\",5,true]", sent, StringComparison.Ordinal);
    }

    private static Web3 Through(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer, TimeSpan? limit = null)
    {
        var http = new HttpClient(new Handler(answer));
        if (limit is { } given) http.Timeout = given;
        return new Web3(new RpcClient(new Uri("http://node.test/"), http));
    }

    private sealed class Handler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}

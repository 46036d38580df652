using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Accounts;
using Nethereum.Web3;

namespace Backstake.Chain;

/// <summary>Connections to an Ethereum node.</summary>
public static class ChainNode
{
    /// <summary>
    /// Connects. Every request ends within <paramref name="limit"/>, by <see cref="RpcClientTimeoutException"/> if need be; a limit above
    /// Nethereum's own <c>ClientBase.ConnectionTimeout</c> has no effect.
    /// </summary>
    /// <param name="node">The node's JSON-RPC address.</param>
    /// <param name="limit">Time for one request.</param>
    /// <param name="account">Who signs, if anything is to be sent without choosing nonce and fees.</param>
    /// <param name="handler">Another way to the node; null: the usual one.</param>
    public static Web3 Connect(Uri node, TimeSpan limit, IAccount? account = null, HttpMessageHandler? handler = null)
    {
        var http = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: false);
        http.Timeout = limit;
        var client = new RpcClient(node, http);
        return account is null ? new Web3(client) : new Web3(account, client);
    }
}

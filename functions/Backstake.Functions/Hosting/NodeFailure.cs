using Backstake.Functions.Storage;
using Nethereum.JsonRpc.Client;

namespace Backstake.Functions.Hosting;

/// <summary>That a node can't be asked, or says what can't be used: for those who only look, and go on without it.</summary>
static class NodeFailure
{
    /// <summary>It doesn't answer, refuses, or has no such block. What its client says may hold its address, and with it a key: it isn't repeated.</summary>
    public static bool IsUnanswered(Exception failure) =>
        failure is RpcClientTimeoutException or RpcClientUnknownException or RpcResponseException or HttpRequestException or InvalidDataException;

    /// <summary>It was asked and refused by ourselves: of another chain, or at odds with a second node. The message is ours.</summary>
    public static bool IsOurRefusal(Exception failure) => failure is OutsideException or InvalidOperationException;

    public static bool Is(Exception failure) => IsUnanswered(failure) || IsOurRefusal(failure);
}

namespace Nethereum.JsonRpc.Client;

public class RpcError(int code, string message, object data = null)
{
    public int Code { get; private set; } = code;

    public string Message { get; private set; } = message;

    public object Data { get; private set; } = data;

    /// <summary>The data that came with the error: of a revert, its encoding in hex.</summary>
    public string GetDataAsString() => Data switch
    {
        Newtonsoft.Json.Linq.JObject fields => (fields["result"] ?? fields["data"] ?? fields).ToString(),
        var other => other?.ToString(),
    };
}

/// <summary>The node answered with an error.</summary>
public class RpcResponseException(RpcError rpcError) : Exception(rpcError.Message)
{
    public RpcError RpcError { get; } = rpcError;
}

/// <summary>No answer within <see cref="ClientBase.ConnectionTimeout"/>, or within the HttpClient's own time.</summary>
public class RpcClientTimeoutException(string message, Exception innerException) : Exception(message, innerException);

/// <summary>Anything else: no connection, an HTTP status that isn't success, an answer that isn't JSON-RPC.</summary>
public class RpcClientUnknownException(string message, Exception innerException) : Exception(message, innerException);

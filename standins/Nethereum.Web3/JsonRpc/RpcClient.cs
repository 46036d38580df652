using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Nethereum.JsonRpc.Client;

public interface IBaseClient
{
    Task SendRequestAsync(string method, string route = null, params object[] paramList);
}

public interface IClient : IBaseClient
{
    Task<T> SendRequestAsync<T>(string method, string route = null, params object[] paramList);
}

public abstract class ClientBase : IClient
{
    public static TimeSpan ConnectionTimeout { get; set; } = TimeSpan.FromSeconds(20.0);

    public async Task<T> SendRequestAsync<T>(string method, string route = null, params object[] paramList)
    {
        var result = await SendAsync(method, route, paramList).ConfigureAwait(false);
        return result is null || result.Type == JTokenType.Null ? default : result.ToObject<T>();
    }

    public virtual Task SendRequestAsync(string method, string route = null, params object[] paramList) => SendAsync(method, route, paramList);

    /// <summary>The answer's result.</summary>
    /// <exception cref="RpcResponseException">The answer is an error.</exception>
    private protected abstract Task<JToken> SendAsync(string method, string route, object[] paramList);
}

public class RpcClient : ClientBase
{
    private static readonly JsonSerializerSettings Json = new() { NullValueHandling = NullValueHandling.Ignore, DateParseHandling = DateParseHandling.None };
    private readonly HttpClient httpClient;
    private readonly JsonSerializerSettings json;
    private readonly ILogger log;
    private long lastId;

    public RpcClient(Uri baseUrl, AuthenticationHeaderValue authHeaderValue = null,
        JsonSerializerSettings jsonSerializerSettings = null, HttpClientHandler httpClientHandler = null, ILogger log = null)
        : this(baseUrl, httpClientHandler is null ? new HttpClient() : new HttpClient(httpClientHandler), authHeaderValue, jsonSerializerSettings, log)
    {
    }

    public RpcClient(Uri baseUrl, HttpClient httpClient, AuthenticationHeaderValue authHeaderValue = null,
        JsonSerializerSettings jsonSerializerSettings = null, ILogger log = null)
    {
        this.httpClient = httpClient;
        httpClient.DefaultRequestHeaders.Authorization = authHeaderValue;
        httpClient.BaseAddress = baseUrl;
        json = jsonSerializerSettings ?? Json;
        this.log = log;
    }

    private protected override async Task<JToken> SendAsync(string method, string route, object[] paramList)
    {
        var answer = await Post(method, route, paramList).ConfigureAwait(false);
        if (answer["error"] is JObject error)
            throw new RpcResponseException(new RpcError((int)error["code"], error["message"] + ": " + method, error["data"]));
        return answer["result"];
    }

    private async Task<JObject> Post(string method, string route, object[] paramList)
    {
        var request = new { jsonrpc = "2.0", id = Interlocked.Increment(ref lastId), method, @params = paramList };
        try
        {
            using var content = new StringContent(JsonConvert.SerializeObject(request, json), Encoding.UTF8, "application/json");
            using var timeout = new CancellationTokenSource(ConnectionTimeout);
            using var response = await httpClient.PostAsync(route, content, timeout.Token).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            return JsonConvert.DeserializeObject<JObject>(await response.Content.ReadAsStringAsync(timeout.Token).ConfigureAwait(false), json)
                ?? throw new JsonException("The answer is empty.");
        }
        catch (TaskCanceledException late)
        {
            throw new RpcClientTimeoutException($"Rpc timeout after {ConnectionTimeout.TotalMilliseconds} milliseconds", late);
        }
        catch (Exception other)
        {
            log?.LogError(other, "{Method} failed", method);
            throw new RpcClientUnknownException("Error occurred when trying to send rpc requests(s): " + method, other);
        }
    }
}

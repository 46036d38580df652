using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Backstake.Servers;

namespace Backstake.Benchmarks.Scale;

/// <summary>A row of a transaction: its key, its properties as JSON, and for one that is replaced the ETag that it must still have.</summary>
internal readonly record struct RawRow(string Key, string Json, string? IfMatch = null);

/// <summary>The table service's REST, spoken by hand: the least that a request can cost a client.</summary>
internal sealed class RawTables(Azurite azurite, string table) : IDisposable
{
    private const string Metadata = "application/json;odata=minimalmetadata";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly byte[] _key = Convert.FromBase64String(Azurite.AccountKey);
    private readonly string _endpoint = azurite.TableEndpoint.AbsoluteUri;

    public void Dispose() => _http.Dispose();

    /// <summary>One entity group transaction; the ETag of its last row.</summary>
    public async Task<string> Transact(string partition, params RawRow[] rows)
    {
        var body = new StringBuilder("--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_1\r\n\r\n");
        foreach (var row in rows)
        {
            body.Append("--changeset_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            body.Append(row.IfMatch is null ? $"POST {_endpoint}/{table} HTTP/1.1\r\n" : $"PUT {_endpoint}/{table}(PartitionKey='{partition}',RowKey='{row.Key}') HTTP/1.1\r\nIf-Match: {row.IfMatch}\r\n");
            body.Append("Accept: ").Append(Metadata).Append("\r\nContent-Type: application/json\r\nPrefer: return-no-content\r\nDataServiceVersion: 3.0;\r\n\r\n");
            body.Append("{\"PartitionKey\":\"").Append(partition).Append("\",\"RowKey\":\"").Append(row.Key).Append("\",").Append(row.Json).Append("}\r\n");
        }

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Append("--changeset_1--\r\n--batch_1--\r\n").ToString()));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/mixed; boundary=batch_1");
        var answer = await Send(HttpMethod.Post, $"{_endpoint}/$batch", content);
        var at = answer.LastIndexOf("ETag: ", StringComparison.OrdinalIgnoreCase) + "ETag: ".Length;
        var done = answer.AsSpan().Count("HTTP/1.1 204");
        return done == rows.Length ? answer[at..answer.IndexOf('\r', at)] : throw new InvalidOperationException(answer);
    }

    public Task<string> Get(string partition, string row) => Send(HttpMethod.Get, $"{_endpoint}/{table}(PartitionKey='{partition}',RowKey='{row}')");

    /// <summary>The first page of the partition's rows between two keys.</summary>
    public Task<string> Query(string partition, string from, string below) => Send(
        HttpMethod.Get, $"{_endpoint}/{table}()?$top=1000&$filter={Uri.EscapeDataString($"PartitionKey eq '{partition}' and RowKey ge '{from}' and RowKey lt '{below}'")}");

    private async Task<string> Send(HttpMethod method, string address, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        var date = TimeProvider.System.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{date}\n/{Azurite.AccountName}{request.RequestUri!.AbsolutePath}"));
        request.Headers.TryAddWithoutValidation("x-ms-date", date);
        request.Headers.TryAddWithoutValidation("x-ms-version", "2020-12-06");
        request.Headers.TryAddWithoutValidation("Accept", Metadata);
        request.Headers.TryAddWithoutValidation("DataServiceVersion", "3.0");
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKeyLite {Azurite.AccountName}:{Convert.ToBase64String(signature)}");
        using var response = await _http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{method} {address}: {(int)response.StatusCode} {answer}");
    }
}

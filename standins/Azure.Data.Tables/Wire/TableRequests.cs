using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>The REST calls of the table service, as requests. Keys come as they are; quotes in them are doubled here.</summary>
internal sealed class TableRequests(HttpPipeline pipeline, Uri endpoint, string version)
{
    private const string MinimalMetadata = "application/json;odata=minimalmetadata";

    public HttpPipeline Pipeline => pipeline;

    public HttpMessage CreateTable(string table) =>
        With(Start(RequestMethod.Post, "/Tables", MinimalMetadata), BinaryData.FromObjectAsJson(new { TableName = table }).ToArray(), prefer: true);

    public HttpMessage Insert(string table, byte[] json) =>
        With(Start(RequestMethod.Post, $"/{table}", MinimalMetadata), json, prefer: true);

    /// <param name="mode">Merge or replace.</param>
    /// <param name="table">The table.</param>
    /// <param name="entity">For its keys.</param>
    /// <param name="ifMatch">The version that must be there; default: none need be there, and the call is an upsert.</param>
    /// <param name="json">The entity.</param>
    public HttpMessage Update(TableUpdateMode mode, string table, ITableEntity entity, ETag ifMatch, byte[] json)
    {
        var method = mode switch
        {
            TableUpdateMode.Merge => RequestMethod.Patch,
            TableUpdateMode.Replace => RequestMethod.Put,
            _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}", nameof(mode)),
        };
        var message = Start(method, Row(table, entity.PartitionKey, entity.RowKey), "application/json");
        if (ifMatch != default)
            message.Request.Headers.Add("If-Match", ifMatch.ToString());
        return With(message, json, prefer: false);
    }

    /// <param name="table">The table.</param>
    /// <param name="partitionKey">The row's partition.</param>
    /// <param name="rowKey">The row.</param>
    /// <param name="ifMatch">The version that must be there; default: any.</param>
    public HttpMessage Delete(string table, string partitionKey, string rowKey, ETag ifMatch)
    {
        var message = Start(RequestMethod.Delete, Row(table, partitionKey, rowKey), MinimalMetadata);
        message.Request.Headers.Add("If-Match", ifMatch == default ? "*" : ifMatch.ToString());
        return message;
    }

    public HttpMessage Get(string table, string partitionKey, string rowKey, string select)
    {
        var message = Start(RequestMethod.Get, Row(table, partitionKey, rowKey), MinimalMetadata);
        AppendQuery(message, "$select", select);
        return message;
    }

    /// <param name="table">The table.</param>
    /// <param name="filter">OData, or null for all.</param>
    /// <param name="select">Names with commas between, or null for all.</param>
    /// <param name="top">Rows of a page at most, or null for the service's 1,000.</param>
    /// <param name="continuation">From the page before: two keys with a space between, or null.</param>
    public HttpMessage Query(string table, string filter, string select, int? top, string continuation)
    {
        var message = Start(RequestMethod.Get, $"/{table}()", MinimalMetadata);
        AppendQuery(message, "$top", top?.ToString());
        AppendQuery(message, "$select", select);
        AppendQuery(message, "$filter", filter);
        var keys = continuation?.Split(' ', 2);
        AppendQuery(message, "NextPartitionKey", keys?[0]);
        AppendQuery(message, "NextRowKey", keys is { Length: 2 } && keys[1].Length > 0 ? keys[1] : null);
        return message;
    }

    public HttpMessage Batch(string boundary, byte[] body)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(endpoint);
        message.Request.Uri.AppendPath("/$batch", escape: false);
        message.Request.Headers.Add("x-ms-version", version);
        message.Request.Headers.Add("DataServiceVersion", "3.0");
        message.Request.Headers.Add("Content-Type", $"multipart/mixed; boundary={boundary}");
        message.Request.Content = RequestContent.Create(body);
        return message;
    }

    private static string Row(string table, string partitionKey, string rowKey) =>
        $"/{table}(PartitionKey='{EscapeKey(partitionKey)}',RowKey='{EscapeKey(rowKey)}')";

    private static string EscapeKey(string key) => Uri.EscapeDataString(ODataFilter.Escape(key));

    private static void AppendQuery(HttpMessage message, string name, string value)
    {
        if (value is not null)
            message.Request.Uri.AppendQuery(name, value, escapeValue: true);
    }

    private static HttpMessage With(HttpMessage message, byte[] json, bool prefer)
    {
        if (prefer)
            message.Request.Headers.Add("Prefer", "return-no-content");
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = RequestContent.Create(json);
        return message;
    }

    private HttpMessage Start(RequestMethod method, string path, string accept)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(endpoint);
        message.Request.Uri.AppendPath(path, escape: false);
        message.Request.Uri.AppendQuery("$format", MinimalMetadata, escapeValue: true);
        message.Request.Headers.Add("x-ms-version", version);
        message.Request.Headers.Add("DataServiceVersion", "3.0");
        message.Request.Headers.Add("Accept", accept);
        return message;
    }
}

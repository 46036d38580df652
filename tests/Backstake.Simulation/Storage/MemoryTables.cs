using System.Text.Json;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Storage;

/// <summary>An entity: its properties as JSON, in the order in which they came.</summary>
public sealed record Row(string Partition, string Key, IReadOnlyList<(string Name, string Json)> Properties, string ETag, string Timestamp)
{
    string? whole;

    // A changed copy is written anew.
    Row(Row other) => (Partition, Key, Properties, ETag, Timestamp) = other;

    /// <summary>As the service answers it: each row is read many times between two changes.</summary>
    public string Whole => whole ??= Written(null);

    /// <param name="select">Names, separated by commas; null: all.</param>
    public string Written(string? select)
    {
        var names = select?.Split(',');
        var json = new StringBuilder("{\"odata.etag\":").Append(JsonSerializer.Serialize(ETag));
        void Add(string name, string value)
        {
            if (names is null || names.Contains(name) || names.Any(it => it + "@odata.type" == name))
                json.Append(",\"").Append(name).Append("\":").Append(value);
        }

        Add("PartitionKey", JsonSerializer.Serialize(Partition));
        Add("RowKey", JsonSerializer.Serialize(Key));
        Add("Timestamp", $"\"{Timestamp}\"");
        foreach (var (name, value) in Properties)
            Add(name, value);
        return json.Append('}').ToString();
    }

    public string? Json(string name)
    {
        foreach (var property in Properties)
        {
            if (property.Name == name)
                return property.Json;
        }

        return null;
    }

    public string? Text(string name) => Json(name) is { } json ? JsonSerializer.Deserialize<string>(json) : null;

    public long? Number(string name) => Json(name) is { } json ? long.Parse(json.Trim('"')) : null;
}

/// <summary>One change of a table.</summary>
public sealed record TableChange(string Method, string Table, string Partition, string Key, string? IfMatch, IReadOnlyList<(string Name, string Json)> Properties);

/// <summary>Table storage: entities, queries with continuation, entity group transactions.</summary>
public sealed class MemoryTables(Func<DateTimeOffset> now)
{
    const int ActionsMost = 100;
    const int BatchBytesMost = 4 * 1024 * 1024;
    const int EntityBytesMost = 1024 * 1024;
    const int OwnPropertiesMost = 252;
    const int TextMost = 32 * 1024;
    const int PageMost = 1000;

    readonly Dictionary<string, SortedDictionary<string, SortedList<string, Row>>> tables = new(StringComparer.OrdinalIgnoreCase);
    long version;

    /// <summary>Told of every write that has taken effect.</summary>
    public Action<IReadOnlyList<TableChange>>? Written { get; set; }

    /// <summary>Changes what a request writes: how a bug is planted that the app doesn't have. Null: nothing.</summary>
    public Func<IReadOnlyList<TableChange>, IReadOnlyList<TableChange>>? Rewrite { get; set; }

    /// <summary>At most so many rows of a page are given, whatever was asked for; pages may be empty, too.</summary>
    public Func<int>? RowsOfPage { get; set; }

    public IEnumerable<Row> Rows(string table, string? partition = null) =>
        !tables.TryGetValue(table, out var partitions) ? []
        : partition is not null ? (partitions.TryGetValue(partition, out var rows) ? rows.Values : [])
        : partitions.Values.SelectMany(rows => rows.Values);

    public Row? Find(string table, string partition, string key) =>
        tables.TryGetValue(table, out var partitions) && partitions.TryGetValue(partition, out var rows) && rows.TryGetValue(key, out var row) ? row : null;

    /// <summary>Puts a row there without a request: for importing, and for tampering.</summary>
    public void Put(string table, Row row)
    {
        if (!tables.TryGetValue(table, out var partitions))
            tables[table] = partitions = new(StringComparer.Ordinal);
        Partition(partitions, row.Partition)[row.Key] = row with { ETag = NextETag() };
    }

    public Answer Answer(StorageRequest request)
    {
        try
        {
            return request.Path switch
            {
                "/$batch" => Batch(request),
                "/Tables" => CreateTable(request),
                _ => Entity(request),
            };
        }
        catch (StorageRefusal refusal)
        {
            return Refused(refusal, refusal.Message);
        }
    }

    Answer CreateTable(StorageRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var name = body.RootElement.GetProperty("TableName").GetString()!;
        return tables.TryAdd(name, new(StringComparer.Ordinal))
            ? Engine.Answer.Empty(204, ("Preference-Applied", "return-no-content"))
            : throw new StorageRefusal(409, "TableAlreadyExists", "The table specified already exists.");
    }

    Answer Entity(StorageRequest request)
    {
        if (request.Method == "GET" && KeysOf(request.Path) is not { Key: not null })
            return Query(request);
        if (request.Method == "GET")
        {
            var (table, partition, key) = KeysOf(request.Path);
            Table(table);
            return Find(table, partition!, key!) is { } row ? Json(Write(row, request.Query("$select"))) : throw NotFound();
        }

        var change = ChangeOf(request.Method, request.Path, request.Header("If-Match"), request.Body);
        if (Rewrite is { } rewrite && rewrite([change]) is var kept)
        {
            if (kept.Count == 0)
                return Engine.Answer.Empty(204, ("ETag", NextETag()));
            change = kept[0];
        }

        var etag = Apply(Table(change.Table), change)?.ETag;
        Written?.Invoke([change]);
        return etag is null ? Engine.Answer.Empty(204) : Engine.Answer.Empty(204, ("ETag", etag), ("Preference-Applied", "return-no-content"));
    }

    Answer Batch(StorageRequest request)
    {
        if (request.Body.Length > BatchBytesMost)
            throw new StorageRefusal(413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.");
        IReadOnlyList<TableChange> changes = ParseBatch(Encoding.UTF8.GetString(request.Body));
        var asked = changes.Count;
        changes = Rewrite?.Invoke(changes) ?? changes;
        var results = new List<Row?>();
        var undo = new List<(string Partition, string Key, Row? Row)>();
        var index = 0;
        SortedDictionary<string, SortedList<string, Row>>? partitions = null;
        try
        {
            if (changes.Count > ActionsMost)
                throw new StorageRefusal(400, "InvalidInput", "The batch request operation exceeds the maximum 100 changes per change set.");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var change in changes)
            {
                if (change.Partition != changes[0].Partition || change.Table != changes[0].Table)
                    throw new StorageRefusal(400, "CommandsInBatchActOnDifferentPartitions", "All commands in a batch must operate on same entity group.");
                if (!seen.Add(change.Key))
                    throw new StorageRefusal(400, "InvalidDuplicateRow", "The batch request contains multiple changes with same row key. An entity can appear only once in a batch request.");
                partitions ??= Table(change.Table);
                undo.Add((change.Partition, change.Key, Find(change.Table, change.Partition, change.Key)));
                results.Add(Apply(partitions, change));
                index++;
            }
        }
        catch (StorageRefusal refusal)
        {
            foreach (var (partition, key, row) in undo)
            {
                if (row is null)
                    Partition(partitions!, partition).Remove(key);
                else
                    Partition(partitions!, partition)[key] = row;
            }

            return Multipart([Part(refusal.Status, ErrorJson(refusal.Code, $"{index}:{refusal.Message}"), ("Content-Type", "application/json"))]);
        }

        if (changes.Count > 0)
            Written?.Invoke(changes);
        for (var missing = results.Count; missing < asked; missing++)
            results.Add(results.Count > 0 ? results[^1] : new Row("", "", [], NextETag(), ""));
        return Multipart(results.Select(row => row is null ? Part(204, "") : Part(204, "", ("ETag", row.ETag), ("Preference-Applied", "return-no-content"))));
    }

    Row? Apply(SortedDictionary<string, SortedList<string, Row>> partitions, TableChange change)
    {
        var rows = Partition(partitions, change.Partition);
        rows.TryGetValue(change.Key, out var old);
        switch (change.Method)
        {
            case "POST" when old is not null:
                throw new StorageRefusal(409, "EntityAlreadyExists", "The specified entity already exists.");
            case "PUT" or "PATCH" or "DELETE" when change.IfMatch is not null && old is null:
                throw NotFound();
            case "PUT" or "PATCH" or "DELETE" when change.IfMatch is not (null or "*") && old!.ETag != change.IfMatch:
                throw new StorageRefusal(412, "UpdateConditionNotSatisfied", "The update condition specified in the request was not satisfied.");
            case "DELETE":
                rows.Remove(change.Key);
                return null;
            case "PATCH" when old is not null:
                var kept = old.Properties.Where(property => change.Properties.All(it => it.Name != property.Name));
                return rows[change.Key] = Made(change, [.. kept, .. change.Properties]);
            default:
                return rows[change.Key] = Made(change, change.Properties);
        }
    }

    Row Made(TableChange change, IReadOnlyList<(string Name, string Json)> properties)
    {
        Check(change.Partition, change.Key, properties);
        return new Row(change.Partition, change.Key, properties, NextETag(), now().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"));
    }

    static void Check(string partition, string key, IReadOnlyList<(string Name, string Json)> properties)
    {
        foreach (var name in new[] { partition, key })
        {
            if (name.Length > 512 || name.AsSpan().IndexOfAny("/\\#?") >= 0 || name.Any(char.IsControl))
                throw new StorageRefusal(400, "OutOfRangeInput", "One of the request inputs is out of range.");
        }

        var own = properties.Where(property => !property.Name.EndsWith("@odata.type", StringComparison.Ordinal)).ToList();
        if (own.Count > OwnPropertiesMost)
            throw new StorageRefusal(400, "TooManyProperties", "The entity contains more properties than allowed.");
        var bytes = 4L + (2 * (partition.Length + key.Length));
        foreach (var (name, json) in own)
        {
            bytes += 8 + (2 * name.Length) + (json[0] == '"' ? 4 + (2 * json.Length) : 8);
            if (json.Length > TextMost && json[0] == '"' && properties.All(it => it.Name != name + "@odata.type") && JsonSerializer.Deserialize<string>(json)!.Length > TextMost)
                throw new StorageRefusal(400, "PropertyValueTooLarge", "The property value exceeds the maximum allowed size (64KB).");
        }

        if (bytes > EntityBytesMost)
            throw new StorageRefusal(400, "EntityTooLarge", "The entity is larger than the maximum allowed size (1MB).");
    }

    Answer Query(StorageRequest request)
    {
        var partitions = Table(KeysOf(request.Path).Table);
        var filter = Filter.Parse(request.Query("$filter"));
        var top = Math.Min(request.Query("$top") is { } asked ? int.Parse(asked) : PageMost, PageMost);
        top = Math.Min(top, RowsOfPage?.Invoke() ?? PageMost);
        var (fromPartition, fromRow) = (KeyOf(request.Query("NextPartitionKey")), KeyOf(request.Query("NextRowKey")) ?? "");
        var select = request.Query("$select");
        var json = new StringBuilder("{\"odata.metadata\":\"http://127.0.0.1:10002/sim/$metadata\",\"value\":[");
        var count = 0;
        foreach (var (partition, rows) in partitions)
        {
            if ((fromPartition is not null && string.CompareOrdinal(partition, fromPartition) < 0) || !filter.MayHold(partition))
                continue;
            for (var i = filter.From(rows); i < rows.Count; i++)
            {
                var row = rows.Values[i];
                if ((partition == fromPartition && string.CompareOrdinal(row.Key, fromRow) < 0) || !filter.Holds(row))
                    continue;
                if (count == top)
                {
                    return Json(json.Append("]}").ToString(), ("x-ms-continuation-NextPartitionKey", Token(partition)), ("x-ms-continuation-NextRowKey", Token(row.Key)));
                }

                json.Append(count++ == 0 ? "" : ",").Append(Write(row, select));
            }
        }

        return Json(json.Append("]}").ToString());
    }

    SortedDictionary<string, SortedList<string, Row>> Table(string name) =>
        tables.TryGetValue(name, out var partitions) ? partitions : throw new StorageRefusal(404, "TableNotFound", "The table specified does not exist.");

    static SortedList<string, Row> Partition(SortedDictionary<string, SortedList<string, Row>> partitions, string partition)
    {
        if (!partitions.TryGetValue(partition, out var rows))
            partitions[partition] = rows = new(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>Opaque, as the service's own are: a client sends it back as it came.</summary>
    static string Token(string key) => "1!" + Convert.ToBase64String(Encoding.UTF8.GetBytes(key));

    static string? KeyOf(string? token) => token is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(token[2..]));

    string NextETag() => $"W/\"datetime'{Uri.EscapeDataString(DateTime.UnixEpoch.AddTicks(++version).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"))}'\"";

    static StorageRefusal NotFound() => new(404, "ResourceNotFound", "The specified resource does not exist.");

    static TableChange ChangeOf(string method, string path, string? ifMatch, byte[] body)
    {
        var (table, partition, key) = KeysOf(path);
        var properties = body.Length == 0 ? [] : PropertiesOf(body, ref partition, ref key);
        return new TableChange(method == "MERGE" ? "PATCH" : method, table, partition!, key!, ifMatch, properties);
    }

    static List<(string Name, string Json)> PropertiesOf(byte[] body, ref string? partition, ref string? key)
    {
        var properties = new List<(string Name, string Json)>();
        using var json = JsonDocument.Parse(body);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.NameEquals("PartitionKey"))
                partition = property.Value.GetString();
            else if (property.NameEquals("RowKey"))
                key = property.Value.GetString();
            else if (property.Value.ValueKind != JsonValueKind.Null)
                properties.Add((property.Name, property.Value.GetRawText()));
        }

        return properties;
    }

    /// <summary><c>/table</c>, <c>/table()</c> or <c>/table(PartitionKey='…',RowKey='…')</c>.</summary>
    static (string Table, string? Partition, string? Key) KeysOf(string path)
    {
        var open = path.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return (path[1..], null, null);
        var text = Uri.UnescapeDataString(path[(open + 1)..^1]);
        if (text.Length == 0)
            return (path[1..open], null, null);
        const string Middle = "',RowKey='";
        var middle = text.IndexOf(Middle, StringComparison.Ordinal);
        return (path[1..open], Unquoted(text["PartitionKey='".Length..middle]), Unquoted(text[(middle + Middle.Length)..^1]));
    }

    static string Unquoted(string text) => text.Replace("''", "'", StringComparison.Ordinal);

    static List<TableChange> ParseBatch(string text)
    {
        const string Mark = "boundary=changeset_";
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        var boundary = "--" + text[(at + "boundary=".Length)..text.IndexOf('\n', at)].Trim().Trim('"');
        var changes = new List<TableChange>();
        foreach (var part in text.Split(boundary)[1..])
        {
            if (part.StartsWith("--", StringComparison.Ordinal))
                break;
            var start = part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            var end = part.IndexOf("\r\n\r\n", start, StringComparison.Ordinal);
            var lines = part[start..end].Split("\r\n");
            var request = lines[0].Split(' ');
            var ifMatch = lines.Skip(1).FirstOrDefault(line => line.StartsWith("If-Match:", StringComparison.OrdinalIgnoreCase))?["If-Match:".Length..].Trim();
            var path = new StorageRequest(request[0], new Uri(request[1]), new Dictionary<string, string>(StringComparer.Ordinal), []).Path;
            changes.Add(ChangeOf(request[0], path, ifMatch, Encoding.UTF8.GetBytes(part[(end + 4)..].Trim())));
        }

        return changes;
    }

    static string Write(Row row, string? select) => select is null ? row.Whole : row.Written(select);

    static Answer Json(string json, params (string Name, string Value)[] headers) =>
        new(200, Encoding.UTF8.GetBytes(json), "application/json;odata=minimalmetadata;streaming=true;charset=utf-8", headers);

    static Answer Refused(StorageRefusal refusal, string message) =>
        new(refusal.Status, Encoding.UTF8.GetBytes(ErrorJson(refusal.Code, message)), "application/json;odata=minimalmetadata", ("x-ms-error-code", refusal.Code));

    static string ErrorJson(string code, string message) =>
        JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["odata.error"] = new { code, message = new { lang = "en-US", value = message + "\nRequestId:0\nTime:0" } },
        });

    static string Part(int status, string body, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder("Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        text.Append("HTTP/1.1 ").Append(status).Append(status switch { 204 => " No Content", 409 => " Conflict", 412 => " Precondition Failed", _ => " Error" }).Append("\r\n");
        text.Append("X-Content-Type-Options: nosniff\r\nDataServiceVersion: 3.0;\r\n");
        foreach (var (name, value) in headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        return text.Append("\r\n").Append(body).Append("\r\n").ToString();
    }

    static Answer Multipart(IEnumerable<string> parts)
    {
        const string Outer = "batchresponse_1";
        const string Inner = "changesetresponse_1";
        var text = new StringBuilder($"--{Outer}\r\nContent-Type: multipart/mixed; boundary={Inner}\r\n\r\n");
        foreach (var part in parts)
            text.Append("--").Append(Inner).Append("\r\n").Append(part);
        text.Append($"--{Inner}--\r\n--{Outer}--\r\n");
        return new Answer(202, Encoding.UTF8.GetBytes(text.ToString()), $"multipart/mixed; boundary={Outer}");
    }
}

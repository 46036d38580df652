using System.Security.Cryptography;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Storage;

/// <summary>Blob storage: containers, whole blobs put and read, lists by prefix.</summary>
public sealed class MemoryBlobs(Func<DateTimeOffset> now)
{
    const int PageMost = 5000;
    readonly SortedDictionary<string, SortedDictionary<string, (byte[] Content, string ETag, DateTimeOffset At)>> containers = new(StringComparer.Ordinal);
    long version;

    public IEnumerable<(string Name, byte[] Content)> Of(string container) =>
        containers.TryGetValue(container, out var blobs) ? blobs.Select(blob => (blob.Key, blob.Value.Content)) : [];

    public byte[]? Find(string container, string name) =>
        containers.TryGetValue(container, out var blobs) && blobs.TryGetValue(name, out var blob) ? blob.Content : null;

    /// <summary>Puts a blob there without a request: a delegate's upload, an import, tampering.</summary>
    public void Put(string container, string name, byte[] content)
    {
        if (!containers.TryGetValue(container, out var blobs))
            containers[container] = blobs = new(StringComparer.Ordinal);
        blobs[name] = (content, NextETag(), now());
    }

    public Answer Answer(StorageRequest request)
    {
        try
        {
            var path = Uri.UnescapeDataString(request.Path)[1..].Split('/', 2);
            if (request.Query("restype") == "container")
                return request.Method == "PUT" ? CreateContainer(path[0]) : List(path[0], request.Query("prefix") ?? "", request.Query("marker") ?? "", request.Query("maxresults"));
            var blobs = Container(path[0]);
            return request.Method switch
            {
                "PUT" => Upload(blobs, path[1], request),
                "GET" or "HEAD" => Download(blobs, path[1], request),
                "DELETE" => blobs.Remove(path[1]) ? Engine.Answer.Empty(202) : throw NotFound(),
                _ => throw new StorageRefusal(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."),
            };
        }
        catch (StorageRefusal refusal)
        {
            return Refused(refusal);
        }
    }

    internal static Answer Refused(StorageRefusal refusal) => new(refusal.Status,
        Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{refusal.Code}</Code><Message>{refusal.Message}</Message></Error>"),
        "application/xml", ("x-ms-error-code", refusal.Code));

    Answer CreateContainer(string container) => containers.TryAdd(container, new(StringComparer.Ordinal))
        ? Engine.Answer.Empty(201, ("ETag", NextETag()), ("Last-Modified", Rfc(now())))
        : throw new StorageRefusal(409, "ContainerAlreadyExists", "The specified container already exists.");

    Answer Upload(SortedDictionary<string, (byte[] Content, string ETag, DateTimeOffset At)> blobs, string name, StorageRequest request)
    {
        var there = blobs.TryGetValue(name, out var old);
        if (there && request.Header("If-None-Match") == "*")
            throw new StorageRefusal(409, "BlobAlreadyExists", "The specified blob already exists.");
        if (request.Header("If-Match") is { } wanted && (!there || (wanted != "*" && wanted != old.ETag)))
            throw new StorageRefusal(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
        var blob = blobs[name] = (request.Body, NextETag(), now());
        return Engine.Answer.Empty(201, ("ETag", blob.ETag), ("Last-Modified", Rfc(blob.At)), ("Content-MD5", Md5(request.Body)), ("x-ms-request-server-encrypted", "true"));
    }

    static Answer Download(SortedDictionary<string, (byte[] Content, string ETag, DateTimeOffset At)> blobs, string name, StorageRequest request)
    {
        if (!blobs.TryGetValue(name, out var blob))
            throw NotFound();
        (string Name, string Value)[] headers =
        [
            ("ETag", blob.ETag), ("Last-Modified", Rfc(blob.At)), ("x-ms-blob-type", "BlockBlob"), ("x-ms-creation-time", Rfc(blob.At)), ("Accept-Ranges", "bytes"),
            ("x-ms-lease-state", "available"), ("x-ms-lease-status", "unlocked"), ("x-ms-server-encrypted", "true"),
        ];
        var range = request.Header("x-ms-range") ?? request.Header("Range");
        if (range is null)
            return new Answer(200, blob.Content, "application/octet-stream", [.. headers, ("Content-MD5", Md5(blob.Content))]);
        var ends = range["bytes=".Length..].Split('-');
        var from = int.Parse(ends[0]);
        var to = ends[1].Length > 0 ? Math.Min(int.Parse(ends[1]), blob.Content.Length - 1) : blob.Content.Length - 1;
        if (from > to)
            throw new StorageRefusal(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");
        return new Answer(206, blob.Content[from..(to + 1)], "application/octet-stream", [.. headers, ("Content-Range", $"bytes {from}-{to}/{blob.Content.Length}")]);
    }

    Answer List(string container, string prefix, string marker, string? most)
    {
        var top = most is null ? PageMost : int.Parse(most);
        var xml = new StringBuilder($"<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"http://127.0.0.1:10000/sim/\" ContainerName=\"{container}\"><Prefix>{prefix}</Prefix><Blobs>");
        var (count, next) = (0, "");
        foreach (var (name, blob) in Container(container))
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || string.CompareOrdinal(name, marker) < 0)
                continue;
            if (count++ == top)
            {
                next = name;
                break;
            }

            xml.Append($"<Blob><Name>{name}</Name><Properties><Creation-Time>{Rfc(blob.At)}</Creation-Time><Last-Modified>{Rfc(blob.At)}</Last-Modified><Etag>{blob.ETag.Trim('"')}</Etag>")
                .Append($"<Content-Length>{blob.Content.Length}</Content-Length><Content-Type>application/octet-stream</Content-Type><BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus>")
                .Append("<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties></Blob>");
        }

        xml.Append($"</Blobs><NextMarker>{next}</NextMarker></EnumerationResults>");
        return new Answer(200, Encoding.UTF8.GetBytes(xml.ToString()), "application/xml");
    }

    SortedDictionary<string, (byte[] Content, string ETag, DateTimeOffset At)> Container(string name) =>
        containers.TryGetValue(name, out var blobs) ? blobs : throw new StorageRefusal(404, "ContainerNotFound", "The specified container does not exist.");

    string NextETag() => $"\"0x8D{++version:X13}\"";

    static string Rfc(DateTimeOffset time) => time.UtcDateTime.ToString("R");

    static string Md5(byte[] content) => Convert.ToBase64String(MD5.HashData(content));

    static StorageRefusal NotFound() => new(404, "BlobNotFound", "The specified blob does not exist.");
}

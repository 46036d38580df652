using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Storage;

/// <summary>A request to a storage service, as it came over the wire.</summary>
public sealed record StorageRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    Dictionary<string, string>? query;

    /// <summary>The path without the account: <c>/vaultlog(…)</c>.</summary>
    public string Path { get; } = WithoutAccount(Uri.AbsolutePath);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Query(string name) => (query ??= Parts(Uri)).GetValueOrDefault(name);

    static Dictionary<string, string> Parts(Uri uri)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in uri.Query.TrimStart('?').Split('&'))
        {
            if (part.Split('=', 2) is [var name, var value])
                parts.TryAdd(Uri.UnescapeDataString(name), Uri.UnescapeDataString(value));
        }

        return parts;
    }

    static string WithoutAccount(string path) => path.IndexOf('/', 1) is > 0 and var second ? path[second..] : "/";
}

/// <summary>
/// Azure.Core's own seam (HttpPipelineTransport): every storage client of the app, package or stand-in, speaks its usual REST to the services in memory.
/// </summary>
/// <param name="answer">Answers in its own time; a broken connection is a <see cref="ConnectionLostException"/>.</param>
public sealed class MemoryTransport(Func<StorageRequest, Task<Answer>> answer) : HttpPipelineTransport
{
    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The app asks without blocking.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var request = message.Request;
        byte[] body = [];
        if (request.Content is { } content)
        {
            using var stream = new MemoryStream();
            content.WriteTo(stream, CancellationToken.None);
            body = stream.ToArray();
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in request.Headers)
            headers[header.Name] = header.Value;
        var result = await answer(new StorageRequest(request.Method.Method, request.Uri.ToUri(), headers, body)).ConfigureAwait(false);
        message.Response = new MemoryResponse(result, request.ClientRequestId);
    }
}

/// <summary>An answer as Azure.Core reads it.</summary>
public sealed class MemoryResponse : Response
{
    readonly Answer answer;
    readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);

    public MemoryResponse(Answer answer, string clientRequestId)
    {
        this.answer = answer;
        ClientRequestId = clientRequestId;
        headers["Content-Length"] = answer.Body.Length.ToString();
        if (answer.ContentType.Length > 0)
            headers["Content-Type"] = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
            headers[name] = value;
        ContentStream = answer.CutAfter is { } bytes ? new CutStream(answer.Body, bytes) : new MemoryStream(answer.Body, 0, answer.Body.Length, writable: false, publiclyVisible: true);
    }

    public override int Status => answer.Status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; }

    // As Azure.Core's own: what is buffered can still be read, for the error's text.
    public override void Dispose()
    {
        if (ContentStream is not MemoryStream)
            ContentStream?.Dispose();
    }

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}

/// <summary>A body whose connection ends before it does.</summary>
public sealed class CutStream(byte[] body, int bytes) : Stream
{
    int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (at >= bytes)
            throw new ConnectionLostException();
        var part = Math.Min(count, bytes - at);
        body.AsSpan(at, part).CopyTo(buffer.AsSpan(offset));
        at += part;
        return part;
    }

    // Without these a stream reads on another thread.
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (at >= bytes)
            return ValueTask.FromException<int>(new ConnectionLostException());
        var part = Math.Min(buffer.Length, bytes - at);
        body.AsMemory(at, part).CopyTo(buffer);
        at += part;
        return ValueTask.FromResult(part);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Backstake.Simulation.Engine;

/// <summary>A call over HTTP, read once.</summary>
/// <param name="Name">What is asked: a JSON-RPC method, a GraphQL field, or the path.</param>
/// <param name="Json">The body as JSON, or null.</param>
public sealed record HttpCall(string Method, Uri Uri, byte[] Body, string Name, JsonElement? Json);

/// <summary>HttpClient's own seam.</summary>
public sealed class MemoryHandler(Func<HttpCall, Task<Answer>> answer) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
        JsonElement? json = null;
        if (request.Content?.Headers.ContentType?.MediaType == "application/json")
        {
            using var document = JsonDocument.Parse(body);
            json = document.RootElement.Clone();
        }

        var call = new HttpCall(request.Method.Method, request.RequestUri!, body, NameOf(request, json), json);
        Answer result;
        try
        {
            result = await answer(call).ConfigureAwait(false);
        }
        catch (ConnectionLostException lost)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The connection was lost.", lost);
        }

        var content = result.CutAfter is { } bytes ? (HttpContent)new StreamContent(new CutStreamOf(result.Body, bytes)) : new ByteArrayContent(result.Body);
        if (result.ContentType.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(result.ContentType);
        return new HttpResponseMessage((HttpStatusCode)result.Status) { Content = content, RequestMessage = request };
    }

    static string NameOf(HttpRequestMessage request, JsonElement? json)
    {
        if (json is { } body && body.TryGetProperty("method", out var method))
            return method.GetString()!;
        if (json is { } query && query.TryGetProperty("query", out var text))
            return FieldOf(text.GetString()!);
        return request.RequestUri!.AbsolutePath;
    }

    /// <summary>The first field that a GraphQL document asks for.</summary>
    static string FieldOf(string document)
    {
        var start = document.IndexOf('{', StringComparison.Ordinal) + 1;
        while (char.IsWhiteSpace(document[start]))
            start++;
        var end = start;
        while (char.IsLetterOrDigit(document[end]))
            end++;
        return document[start..end];
    }

    sealed class CutStreamOf(byte[] body, int bytes) : MemoryStream(body)
    {
        public override int Read(Span<byte> buffer) => Position >= bytes ? throw new ConnectionLostException() : base.Read(buffer[..(int)Math.Min(buffer.Length, bytes - Position)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= bytes ? ValueTask.FromException<int>(new ConnectionLostException()) : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, bytes - Position)], cancellationToken);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => Task.FromException(new HttpIOException(HttpRequestError.ResponseEnded));
    }
}

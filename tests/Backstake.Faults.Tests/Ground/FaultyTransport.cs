using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Backstake.Faults.Tests.Ground;

/// <summary>What happens to one storage request.</summary>
public enum Storm
{
    None,

    /// <summary>It never arrives.</summary>
    Lost,

    /// <summary>It is carried out, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>503 with Retry-After: 0, as an overloaded service answers.</summary>
    Busy,

    /// <summary>500.</summary>
    Broken,

    /// <summary>429 with Retry-After: 0.</summary>
    TooMany,
}

/// <summary>The way to storage, with faults on it (at Azure.Core's own seam, so that the packages and the stand-ins both take it).</summary>
/// <param name="decide">What happens to a request; it may do something of its own before.</param>
public sealed class FaultyTransport(Func<Request, Task<Storm>> decide) : HttpPipelineTransport
{
    readonly HttpClientTransport real = new();
    int calls;

    /// <summary>How many requests were sent, retries among them.</summary>
    public int Calls => calls;

    public override Request CreateRequest() => real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("Everything is asynchronous here.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        Interlocked.Increment(ref calls);
        switch (await decide(message.Request))
        {
            case Storm.Lost:
                throw new IOException("The connection broke before the request arrived.");
            case Storm.AnswerLost:
                await real.ProcessAsync(message);
                throw new IOException("The connection broke before the answer arrived.");
            case Storm.Busy:
                message.Response = new CannedResponse(503, "{}", ("Retry-After", "0"));
                break;
            case Storm.Broken:
                message.Response = new CannedResponse(500, "{}");
                break;
            case Storm.TooMany:
                message.Response = new CannedResponse(429, "{}", ("Retry-After", "0"));
                break;
            default:
                await real.ProcessAsync(message);
                break;
        }
    }
}

/// <summary>An answer that no server gave.</summary>
public sealed class CannedResponse(int status, string body, params (string Name, string Value)[] headers) : Azure.Response
{
    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body));

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = headers.FirstOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(header => new HttpHeader(header.Name, header.Value));
}

using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Backstake.Benchmarks.Scale;

/// <summary>Counts the requests of storage clients, each try, by what they are.</summary>
internal sealed class RequestCount : HttpPipelineSynchronousPolicy
{
    private readonly ConcurrentDictionary<string, long> _requests = new(StringComparer.Ordinal);

    public long Total => _requests.Values.Sum();

    public IReadOnlyDictionary<string, long> ByKind => _requests;

    public void Clear() => _requests.Clear();

    public override void OnSendingRequest(HttpMessage message)
    {
        var (method, path) = (message.Request.Method.Method, message.Request.Uri.ToUri().AbsolutePath);
        var what = path.EndsWith("/$batch", StringComparison.Ordinal) ? "transaction"
            : path.EndsWith("()", StringComparison.Ordinal) ? "query"
            : path.EndsWith(")", StringComparison.Ordinal) ? $"row_{method}"
            : path.Contains("/messages", StringComparison.Ordinal) ? $"message_{method}"
            : $"blob_{method}";
        _requests.AddOrUpdate(what.ToLowerInvariant(), 1, static (_, count) => count + 1);
    }
}

using System.Collections.Concurrent;
using System.Text;

namespace Backstake.Submissions.Tests.Accounts;

/// <summary>Everything that is sent to storage: addresses and bodies.</summary>
sealed class WatchedStorage() : DelegatingHandler(new SocketsHttpHandler())
{
    public ConcurrentQueue<string> Sent { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var text = Encoding.UTF8.GetString(body);
        Sent.Enqueue($"{request.RequestUri} {text}");
        if (request.Content is { } content)
        {
            var copy = new ByteArrayContent(body);
            foreach (var (name, values) in content.Headers)
                copy.Headers.TryAddWithoutValidation(name, values);
            request.Content = copy;
        }

        return await base.SendAsync(request, cancellationToken);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Backstake.Functions.Http;

/// <summary>If-None-Match (RFC 9110, 13.1.2): whether who asks has the answer already. Tags are compared weakly, as for reads they are.</summary>
static class ConditionalRead
{
    public static bool Knows(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList([.. request.Headers.IfNoneMatch.OfType<string>()], out var known)
        && EntityTagHeaderValue.TryParse(tag, out var current)
        && known.Any(it => it.Tag == "*" || it.Compare(current, useStrongComparison: false));
}

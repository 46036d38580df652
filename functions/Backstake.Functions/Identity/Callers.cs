using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Identity;

/// <summary>Who is calling.</summary>
/// <param name="Address">0x and 40 lower-case hex digits.</param>
/// <param name="Session">The session's token; null: a key is used.</param>
/// <param name="Scopes">Of the key; null: a session, which may look at everything of its own.</param>
public sealed record KnownCaller(string Address, string? Session, IReadOnlyList<ApiScope>? Scopes)
{
    /// <summary>Whether a key allows this; a session always does.</summary>
    public bool May(ApiScope scope) => Scopes is null || Scopes.Contains(scope);
}

/// <summary>
/// Who is calling, by <c>Authorization: Bearer</c> and nothing else: no cookie, so no other site can act in somebody's name; and no header that a proxy or the caller may set.
/// </summary>
public sealed class Callers(Sessions sessions, ApiKeys keys)
{
    const string Scheme = "Bearer ";

    /// <summary>Null: nobody that we know. Which of the reasons it is isn't told.</summary>
    public async Task<KnownCaller?> Of(HttpRequest request, CancellationToken stop)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var token = text[Scheme.Length..];
        if (token.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal))
            return await keys.Find(token, stop) is { } key ? new(key.Holder, null, key.Scopes) : null;
        return await sessions.Find(token, stop) is { } session ? new(session.Address, token, null) : null;
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>Who calls, as far as the request proves it: who signed in, else the credentials that came with it, else nobody.</summary>
public static class Caller
{
    const int NameBytes = 16;

    /// <summary>A name for it that tells nothing: the same caller has the same; null: nobody in particular.</summary>
    public static string? Of(HttpContext http)
    {
        if (http.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name })
            return Digest($"who\n{name}");
        var headers = http.Request.Headers;
        var credentials = string.Join('\n', headers.Authorization.Concat(headers["x-functions-key"]).Concat(headers.Cookie).Concat(http.Request.Query["code"]));
        return credentials.Length == 0 ? null : Digest($"with\n{credentials}");
    }

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, NameBytes));
}

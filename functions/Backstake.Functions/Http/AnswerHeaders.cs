using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>The headers that answers have, and those that a function may give its own.</summary>
public static class AnswerHeaders
{
    public const string RequestId = "X-Request-Id";
    const int TagBytes = 16; // of a SHA-256: nobody finds two answers with the same
    const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>Before the function runs. Reads may be asked for from any page, without credentials; nothing that is answered can be run or framed.</summary>
    internal static void Set(HttpContext http, Endpoint endpoint, string requestId)
    {
        var headers = http.Response.Headers;
        headers[RequestId] = requestId;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        if (!endpoint.IsPublic || !HttpMethods.IsGet(http.Request.Method))
            return;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = $"ETag, Link, Retry-After, RateLimit, RateLimit-Policy, {RequestId}";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // Kept, but asked for again each time: the answer is then 304.
        headers.CacheControl = http.Request.Headers.Authorization.Count > 0 ? "private, no-cache" : "no-cache";
    }

    /// <summary>The answer never changes: nobody needs to ask twice.</summary>
    public static void IsImmutable(this HttpRequest request) => request.HttpContext.Response.Headers.CacheControl = Immutable;

    /// <summary>A tag that is known before the answer is made; without it the answer's bytes give one.</summary>
    public static void HasTag(this HttpRequest request, string version) => request.HttpContext.Response.Headers.ETag = $"\"{version}\"";

    /// <summary>What a function set for an answer that it then didn't give.</summary>
    internal static void Forget(HttpResponse response)
    {
        foreach (var name in new[] { "ETag", "Link" })
            response.Headers.Remove(name);
        response.Headers.CacheControl = "no-store";
        response.StatusCode = StatusCodes.Status200OK;
    }

    internal static string Tag(HttpResponse response, byte[] body)
    {
        if (response.Headers.ETag.Count == 0)
            response.Headers.ETag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, TagBytes))}\"";
        return response.Headers.ETag.ToString();
    }
}

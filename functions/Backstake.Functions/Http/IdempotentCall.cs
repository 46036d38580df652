using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Http;

/// <summary>A call that is to have one effect however often it is sent.</summary>
/// <param name="Id">Whose key it is, for which function, 64 hex digits.</param>
/// <param name="Request">SHA-256 over method, address and body, 64 hex digits: another request must not use the same key.</param>
public sealed record IdempotentCall(string Id, string Request)
{
    public const string Header = "Idempotency-Key";
    public const string Replayed = "Idempotency-Replayed";
    const int KeyMost = 255;

    public static bool IsKey(string? key) => key is { Length: > 0 and <= KeyMost } && key.All(it => it is > ' ' and <= '~');

    public static IdempotentCall Of(HttpContext http, string function, string key)
    {
        var request = http.Request;
        var address = Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path.Value}{request.QueryString.Value}\n");
        return new(Hash(Encoding.UTF8.GetBytes($"{function}\n{Caller.Of(http)}\n{key}")), Hash([.. address, .. request.Bytes().Span]));
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>What a request may do. Values are those of AuthorizationLevel.</summary>
enum KeyLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}

/// <summary>
/// The host's keys, from the settings <c>Host:MasterKey</c>, <c>Host:SystemKey</c> and <c>Host:FunctionKey</c>. A key that is not set is no key:
/// nothing then has that level. Azure's own host checks keys in the same way; func start does not check them unless told to.
/// </summary>
sealed class HostKeys(IConfiguration configuration)
{
    const string Header = "x-functions-key";   // wins over ?code=, even when it is wrong

    readonly (KeyLevel Level, byte[]? Digest)[] keys =
    [
        (KeyLevel.Admin, Digest(configuration["Host:MasterKey"])),
        (KeyLevel.System, Digest(configuration["Host:SystemKey"])),
        (KeyLevel.Function, Digest(configuration["Host:FunctionKey"])),
    ];

    public KeyLevel LevelOf(HttpRequest request)
    {
        var given = request.Headers.TryGetValue(Header, out var header) ? header[0] : request.Query.TryGetValue("code", out var code) ? code[0] : null;
        if (Digest(given) is not { } digest)
            return KeyLevel.Anonymous;
        return keys.FirstOrDefault(key => key.Digest is not null && CryptographicOperations.FixedTimeEquals(key.Digest, digest)).Level;
    }

    /// <summary>A function is open to anyone, to the key of its own level, or to the master key (FunctionAuthorizationHandler of the host).</summary>
    public static bool Allows(KeyLevel required, KeyLevel level) =>
        required == KeyLevel.Anonymous || level == required || level == KeyLevel.Admin;

    static byte[]? Digest(string? key) => string.IsNullOrEmpty(key) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

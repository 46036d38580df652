using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Backstake.Functions.Identity;

/// <summary>Random secrets that are shown once and kept as their hash. They have 256 random bits, so a plain hash can't be guessed back.</summary>
static class Secret
{
    const int Bytes = 32;

    /// <summary>43 characters of base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static string RandomHex(int bytes) => RandomNumberGenerator.GetHexString(2 * bytes, lowercase: true);

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>In a time that doesn't tell how much of it is right.</summary>
    public static bool IsOf(byte[] hash, string secret) => CryptographicOperations.FixedTimeEquals(hash, HashOf(secret));
}

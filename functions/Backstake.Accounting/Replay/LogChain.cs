using System.Security.Cryptography;

namespace Backstake.Accounting;

/// <summary>
/// The chain of hashes over a vault's log: an entry's value is SHA-256 of the value before it and the entry's canonical bytes, which are a version byte and its JSON as it is stored and sent. Who has the log can compute
/// it; who changes an entry changes every value after it.
/// </summary>
public static class LogChain
{
    /// <summary>The first of the canonical bytes.</summary>
    public const byte Version = 1;

    /// <summary>Before the first entry: 32 zeros.</summary>
    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];

    public static byte[] After(byte[] previous, ReadOnlySpan<byte> canonicalBytes) => SHA256.HashData([.. previous, .. canonicalBytes]);
}

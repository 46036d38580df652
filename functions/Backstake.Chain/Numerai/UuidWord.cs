namespace Backstake.Chain.Numerai;

/// <summary>A UUID of Numerai's API as 32 bytes on chain: its 16 bytes as printed, after 16 zeros. Assumption: Numerai has not published how it writes ids on chain.</summary>
public static class UuidWord
{
    public static byte[] Of(Guid id)
    {
        var word = new byte[32];
        id.TryWriteBytes(word.AsSpan(16), bigEndian: true, out _);
        return word;
    }

    /// <summary>Whether it is 32 bytes that begin with 16 zeros.</summary>
    public static bool IsOne(byte[] word) => word.Length == 32 && word.AsSpan(0, 16).IndexOfAnyExcept((byte)0) < 0;

    /// <exception cref="FormatException">The word is not 32 bytes, or it doesn't begin with 16 zeros.</exception>
    public static Guid Read(byte[] word) =>
        IsOne(word)
            ? new Guid(word.AsSpan(16), bigEndian: true)
            : throw new FormatException("Not a UUID in 32 bytes: " + Convert.ToHexStringLower(word));
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backstake.Functions.Storage;

/// <summary>How a vault's rows are keyed: one partition per vault, its key beginning with a hash so that vaults spread (DESIGN.md, "One idea").</summary>
public static class VaultPartition
{
    const int IdMost = 128;

    /// <summary>The row of the vault's head: sequence, chain of hashes, state of the last settlement.</summary>
    public const string Head = "head";

    /// <summary>The row that remembers up to which block the chain was read; it can be lost, then the chain is read again.</summary>
    public const string Cursor = "cursor";

    /// <exception cref="ArgumentException">The id can't be part of a key: it is no address.</exception>
    public static string Of(string vault) => !IsId(vault)
        ? throw new ArgumentException("A vault's id is its address.", nameof(vault))
        : $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(vault)).AsSpan(0, 4))}-{vault}";

    /// <summary>Whether the text could be a vault's id, and so part of a key.</summary>
    public static bool IsId(string? vault) => vault is { Length: > 0 and <= IdMost } && vault.All(IsPlain);

    public static string EventRow(long sequence) => string.Create(CultureInfo.InvariantCulture, $"e|{sequence:D12}");

    /// <summary>The row of a natural key; what a row key can't hold (/ \ # ? and control characters) is percent-encoded.</summary>
    /// <exception cref="ArgumentException">It is too long for a row key, or no Unicode text: two of those would be encoded alike.</exception>
    public static string KeyRow(string naturalKey)
    {
        if (!IsUnicode(naturalKey))
            throw new ArgumentException("A natural key is Unicode text; half a surrogate pair isn't.", nameof(naturalKey));
        var row = "k|" + Uri.EscapeDataString(naturalKey).Replace("%7C", "|", StringComparison.Ordinal);
        return row.Length <= EntityLimits.KeyMost ? row : throw new ArgumentException($"A natural key has at most {EntityLimits.KeyMost} characters, encoded.", nameof(naturalKey));
    }

    static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';

    static bool IsUnicode(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) is not System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[consumed..];
        }

        return true;
    }
}

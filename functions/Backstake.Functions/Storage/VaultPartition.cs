using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backstake.Functions.Storage;

/// <summary>How a vault's rows are keyed: one partition per vault, its key beginning with a hash so that vaults spread (DESIGN.md, "One idea").</summary>
public static class VaultPartition
{
    /// <summary>The row of the vault's head: sequence, chain of hashes, state of the last settlement.</summary>
    public const string Head = "head";

    /// <summary>The row that remembers up to which block the chain was read; it can be lost, then the chain is read again.</summary>
    public const string Cursor = "cursor";

    public static string Of(string vault) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(vault)).AsSpan(0, 4))}-{vault}";

    public static string EventRow(long sequence) => string.Create(CultureInfo.InvariantCulture, $"e|{sequence:D12}");

    /// <summary>The row of a natural key; what a row key can't hold (/ \ # ? and control characters) is percent-encoded.</summary>
    public static string KeyRow(string naturalKey) => "k|" + Uri.EscapeDataString(naturalKey).Replace("%7C", "|", StringComparison.Ordinal);
}

using System.Text.Json;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Backers;

/// <param name="Vault">0x and 40 lower-case hex digits.</param>
/// <param name="Terms">64 lower-case hex digits.</param>
internal sealed record AllocationPart(string Vault, string Terms, int Bps);

/// <summary>What a backer wants done with each payment of a vault, as they write it down: bps of it for units of vaults, the rest for the wallet, 10,000 together.</summary>
/// <param name="FromWeek">The first settlement that it is for.</param>
internal sealed record AllocationFile(int FromWeek, int WalletBps, IReadOnlyList<AllocationPart> Parts)
{
    private static readonly int Whole = BasisPoints.Whole.Value;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="MalformedHistoryException">It isn't one; the line says where.</exception>
    public static async Task<AllocationFile> Read(FileInfo file, CancellationToken stop)
    {
        try
        {
            var read = JsonSerializer.Deserialize<AllocationFile>(await File.ReadAllBytesAsync(file.FullName, stop), Strict);
            return read?.Wrong() is { } wrong ? throw new MalformedHistoryException($"{file}: {wrong}") : read ?? throw new MalformedHistoryException($"{file}: null");
        }
        catch (JsonException e)
        {
            throw new MalformedHistoryException($"{file}: {(e.Path is { Length: > 2 } place ? place[2..] : "file")}: not as 'backstake allocation sign --help' has it");
        }
    }

    public PayoutAllocation Of(string backer, uint version) => new(backer, version, (uint)FromWeek, (ushort)WalletBps, [.. Parts.Select(part => new AllocatedPart(part.Vault, part.Terms, (ushort)part.Bps))]);

    private string? Wrong()
    {
        if (FromWeek < 1) return "fromWeek: a week is from 1 on";
        for (var i = 0; i < Parts.Count; i++)
        {
            if (Parts[i] is null) return $"parts[{i}]: not an object";
            if (!Accounting.Backer.IsAddress(Parts[i].Vault)) return $"parts[{i}].vault: not 0x and 40 lower-case hex digits";
            if (Parts[i].Terms.Length != 64 || !Parts[i].Terms.All(char.IsAsciiHexDigitLower)) return $"parts[{i}].terms: not 64 lower-case hex digits";
            if (Parts[i].Bps < 1 || Parts[i].Bps > Whole) return $"parts[{i}].bps: not from 1 to {Whole}";
        }

        return WalletBps < 0 || WalletBps + Parts.Sum(part => (long)part.Bps) != Whole ? $"walletBps: with the parts' bps it isn't {Whole}" : null;
    }
}

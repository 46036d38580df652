using System.Text;
using Azure.Data.Tables;
using System.Security.Cryptography;

namespace Backstake.Functions.Identity;

/// <summary>A key as its holder sees it again: without its secret.</summary>
/// <param name="Id">16 hex digits; also the part of the key between its two underscores.</param>
/// <param name="Ends">UTC; null: when it is revoked.</param>
public sealed record ApiKey(string Id, string Holder, string Name, IReadOnlyList<ApiScope> Scopes, DateTimeOffset Made, DateTimeOffset? Ends);

/// <summary>
/// Keys for programs: <c>bst_&lt;id&gt;_&lt;secret&gt;</c>, shown once and kept as a hash. A key is its holder's, and narrower: a scope never gives what the holder may not do, which is looked at when
/// it is used.
/// </summary>
public sealed class ApiKeys(IdentityTable table, TimeProvider clock)
{
    public const string Prefix = "bst_";
    public const int KeysMost = 20; // of one holder
    public const int NameMost = 64; // characters

    const int IdLength = 16;
    const int SecretLength = 43;

    /// <returns>The key, which is nowhere else, and what its holder sees of it; null: the holder has <see cref="KeysMost"/>.</returns>
    /// <exception cref="ArgumentException">No scope, or an end that is over.</exception>
    public async Task<(string Text, ApiKey Key)?> Make(string holder, string name, IReadOnlyList<ApiScope> scopes, DateTimeOffset? ends, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (scopes.Count == 0)
            throw new ArgumentException("A key has a scope.", nameof(scopes));
        if (ends <= now)
            throw new ArgumentException("A key's end is to come.", nameof(ends));
        if ((await Of(holder, stop)).Count >= KeysMost)
            return null;
        var (id, secret) = (Shard(holder) + Secret.RandomHex(6), Secret.New());
        var key = new ApiKey(id, holder, name, scopes, now, ends);
        var row = new TableEntity(Partition(id), id)
        {
            ["Holder"] = holder, ["Name"] = name, ["Scopes"] = string.Join(' ', scopes), ["Made"] = now, ["Hash"] = Secret.HashOf(secret),
        };
        if (ends is { } end)
            row["Ends"] = end;
        await table.Add(row, stop);
        return ($"{Prefix}{id}_{secret}", key);
    }

    /// <summary>Null: there is no such key (any more), or it is over.</summary>
    public async Task<ApiKey?> Find(string text, CancellationToken stop)
    {
        if (text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
            return null;
        var (id, secret) = (text.Substring(Prefix.Length, IdLength), text[^SecretLength..]);
        if (!IsId(id) || await table.Find(Partition(id), id, stop) is not { } row || !Secret.IsOf(row.GetBinary("Hash"), secret))
            return null;
        var key = Of(row);
        return key.Ends is { } ends && ends <= clock.GetUtcNow() ? null : key;
    }

    /// <summary>The holder's keys, oldest first, also those that are over.</summary>
    public async Task<IReadOnlyList<ApiKey>> Of(string holder, CancellationToken stop)
    {
        var keys = new List<ApiKey>();
        await foreach (var row in table.All(Partition(Shard(holder)), holder, stop))
            keys.Add(Of(row));
        return [.. keys.OrderBy(key => key.Made).ThenBy(key => key.Id, StringComparer.Ordinal)];
    }

    /// <summary>Revokes a key of the holder's: from now on it is unknown. False: he has no such key, whoever else has.</summary>
    public async Task<bool> Revoke(string holder, string id, CancellationToken stop) =>
        IsId(id) && await table.Find(Partition(id), id, stop) is { } row && row.GetString("Holder") == holder && await table.Take(row, stop);

    static bool IsId(string id) => id.Length == IdLength && id.All(char.IsAsciiHexDigitLower);

    /// <summary>All keys of a holder lie together, and every key tells where.</summary>
    static string Shard(string holder) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(holder)).AsSpan(0, 2));

    static string Partition(string id) => "key|" + id[..4];

    static ApiKey Of(TableEntity row) => new(
        row.RowKey, row.GetString("Holder"), row.GetString("Name"), [.. row.GetString("Scopes").Split(' ').Select(scope => ApiScope.Read(scope)!)],
        row.GetDateTimeOffset("Made")!.Value, row.GetDateTimeOffset("Ends"));
}

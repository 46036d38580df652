using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Identity;

/// <param name="Address">Who signed in, in lower case.</param>
/// <param name="Ends">UTC.</param>
public sealed record Session(string Address, DateTimeOffset Ends);

/// <summary>Sessions: a token that is shown once (<c>bss_…</c>), of which only the hash is kept; it ends at its time or when its holder signs out. It allows to look and to make keys; never to move money.</summary>
public sealed class Sessions(IdentityTable table, IOptions<IdentitySettings> settings, TimeProvider clock)
{
    public const string Prefix = "bss_";

    public static readonly TimeSpan OfKey = TimeSpan.FromHours(24);

    /// <summary>A contract's owners may be others by then (FAULTS.md G-4): it is asked again sooner.</summary>
    public static readonly TimeSpan OfContract = TimeSpan.FromHours(1);

    const int TokenLength = 4 + 8 + 43;

    /// <returns>The token, which is nowhere else, and the session.</returns>
    public async Task<(string Token, Session Session)> Begin(string address, TimeSpan length, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var ends = DateTimeOffset.FromUnixTimeSeconds((now + length).ToUnixTimeSeconds());
        var token = Prefix + IdentityTable.EndKey(ends) + Secret.New();
        var (partition, row) = Place(token);
        await table.AddUntilItsEnd(new TableEntity(partition, row) { ["Holder"] = address, ["Origin"] = settings.Value.Origin }, now, stop);
        return (token, new(address, ends));
    }

    /// <summary>Null: there is no such session (any more), or it was begun for another site.</summary>
    public async Task<Session?> Find(string token, CancellationToken stop)
    {
        if (!IsToken(token) || IdentityTable.EndOf(token[Prefix.Length..]) is not { } ends || ends <= clock.GetUtcNow())
            return null;
        var (partition, row) = Place(token);
        return await table.Find(partition, row, stop) is { } found && found.GetString("Origin") == settings.Value.Origin ? new(found.GetString("Holder"), ends) : null;
    }

    public async Task End(string token, CancellationToken stop)
    {
        if (!IsToken(token))
            return;
        var (partition, row) = Place(token);
        if (await table.Find(partition, row, stop) is { } found)
            await table.Take(found, stop);
    }

    static bool IsToken(string token) => token.Length == TokenLength && token.StartsWith(Prefix, StringComparison.Ordinal) && token.AsSpan(Prefix.Length, 8).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>The hash finds the row: how long a comparison takes tells nothing of the token.</summary>
    static (string Partition, string Row) Place(string token)
    {
        var hash = Convert.ToHexStringLower(Secret.HashOf(token));
        return ("session|" + hash[0], token.Substring(Prefix.Length, 8) + "|" + hash);
    }
}

using Azure.Data.Tables;

namespace Backstake.Functions.Identity;

/// <summary>Nonces of messages to sign in: each lives ten minutes and signs in once, however many machines are asked at the same time.</summary>
public sealed class Nonces(IdentityTable table, TimeProvider clock)
{
    const int RandomBytes = 16;

    /// <summary>Letters and digits: its end, and 128 random bits.</summary>
    public async Task<string> New(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var nonce = IdentityTable.EndKey(now + SiweRules.Limit) + Secret.RandomHex(RandomBytes);
        await table.AddUntilItsEnd(new TableEntity(Partition(nonce), nonce), now, stop);
        return nonce;
    }

    /// <summary>Uses it up. False: it isn't one of ours, is over, or somebody used it.</summary>
    public async Task<bool> Use(string nonce, CancellationToken stop) =>
        IsOurs(nonce) && IdentityTable.EndOf(nonce) > clock.GetUtcNow() && await table.Find(Partition(nonce), nonce, stop) is { } row && await table.Take(row, stop);

    static bool IsOurs(string nonce) => nonce.Length == 8 + 2 * RandomBytes && nonce.All(char.IsAsciiHexDigitLower);

    /// <summary>Sixteen, so that a rush doesn't meet at one.</summary>
    static string Partition(string nonce) => "nonce|" + nonce[^1];
}

namespace Backstake.Functions.Http;

/// <summary>What one instance holds of a caller's budget for a minute. Used by one call at a time.</summary>
sealed class Purse(long minute, int free)
{
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public long Minute { get; } = minute;

    /// <summary>What may be spent here; at first a small part that needs no asking.</summary>
    public int Granted { get; set; } = free;

    public int Spent { get; set; }

    /// <summary>Whether anything was taken from the shared budget; then what is spent here counts there, too.</summary>
    public bool IsShared { get; set; }

    /// <summary>What was left for all when it was last looked at.</summary>
    public int Left { get; set; }

    /// <summary>The shared budget is used up: nobody needs to ask again in this minute.</summary>
    public bool IsEmpty { get; set; }
}

using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>Stake that was released and still bears the rounds up to the last active one; null: no round had closed (continuous only).</summary>
public readonly record struct PendingRelease(Nmr Amount, Round? LastActive);

/// <summary>The pending releases, oldest first; those with the same last active round are one.</summary>
public sealed class PendingReleases
{
    public static readonly PendingReleases None = new([], Nmr.Zero);

    private PendingReleases(ImmutableArray<PendingRelease> releases, Nmr total)
    {
        Releases = releases;
        Total = total;
    }

    public ImmutableArray<PendingRelease> Releases { get; }

    public Nmr Total { get; }

    internal PendingReleases Add(Nmr amount, Round? lastActive)
    {
        if (!amount.IsPositive) return this;
        if (Releases.Length == 0 || Releases[^1].LastActive != lastActive) return new(Releases.Add(new PendingRelease(amount, lastActive)), Total + amount);
        return new(Releases.SetItem(Releases.Length - 1, new PendingRelease(Releases[^1].Amount + amount, lastActive)), Total + amount);
    }

    /// <summary>Takes away up to <paramref name="amount"/>, newest first.</summary>
    internal PendingReleases CutNewest(Nmr amount)
    {
        var (releases, total) = (Releases, Total);
        while (amount.IsPositive && releases.Length > 0)
        {
            var newest = releases[^1];
            var cut = Nmr.Min(amount, newest.Amount);
            amount -= cut;
            total -= cut;
            releases = cut == newest.Amount ? releases.RemoveAt(releases.Length - 1) : releases.SetItem(releases.Length - 1, newest with { Amount = newest.Amount - cut });
        }

        return new(releases, total);
    }

    /// <summary>Takes out what is due: nothing up to its last active round is open any more.</summary>
    internal (PendingReleases Left, Nmr Due) TakeDue(Round? oldestOpen)
    {
        var left = Releases.RemoveAll(release => oldestOpen is not { } oldest || release.LastActive is not { } last || last < oldest);
        var total = Nmr.Zero;
        foreach (var release in left) total += release.Amount;
        return (new(left, total), Total - total);
    }
}

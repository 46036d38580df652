namespace Backstake.Accounting.Reference;

/// <summary>The two staking regimes of ACCOUNTING.md 2.</summary>
public enum Staking
{
    PerRound,
    Continuous,
}

/// <summary>What a vault is from its first day to its last. Anything out of its bounds throws.</summary>
public sealed record VaultSettings
{
    public const int DefaultConcurrentRounds = 64;
    public const int MostConcurrentRounds = 1000;

    public VaultSettings(string id, Staking staking, int concurrentRounds = DefaultConcurrentRounds, BasisPoints? maxBurnBps = null)
    {
        if (!IsWellFormedId(id)) throw new ArgumentException("A vault's id has 1 to 64 letters, digits, dots, underscores and hyphens.", nameof(id));
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrentRounds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(concurrentRounds, MostConcurrentRounds);
        Id = id;
        Staking = staking;
        ConcurrentRounds = concurrentRounds;
        MaxBurnBps = maxBurnBps ?? DefaultMaxBurnBps(staking);
    }

    /// <summary>The vault contract's address in the app; in a replay file any <c>[0-9A-Za-z._-]{1,64}</c>.</summary>
    public string Id { get; }

    public Staking Staking { get; }

    /// <summary>N: into how many parts a unit's value is cut, one a round. 1 … 1000.</summary>
    public int ConcurrentRounds { get; }

    /// <summary>The greatest part of a round's stake that the round may burn.</summary>
    public BasisPoints MaxBurnBps { get; }

    public static bool IsWellFormedId(string id) => Identifier.IsWellFormed(id);

    public static BasisPoints DefaultMaxBurnBps(Staking staking) => staking == Staking.PerRound ? BasisPoints.Whole : new BasisPoints(500);
}

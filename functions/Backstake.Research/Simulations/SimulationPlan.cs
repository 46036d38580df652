using Backstake.Accounting;

namespace Backstake.Research;

/// <summary>What is played on every path: one backer who buys at the first settlement and asks everything out after the last round.</summary>
/// <param name="House">The owner's own capital, staked beside the backer's.</param>
/// <param name="Rounds">How many rounds close, five a week.</param>
public sealed record SimulationPlan(VaultSettings Vault, Terms Terms, Units Units, Payout Payout, Nmr House, Nmr Reserve, int Rounds)
{
    /// <summary>What the backer pays.</summary>
    public Nmr Invested => Units * Terms.UnitSize;

    /// <summary>What the owner puts in.</summary>
    public Nmr OfOwner => House + Reserve;

    /// <summary>The owner puts in what the terms ask for, and no more.</summary>
    public static SimulationPlan Least(VaultSettings vault, Terms terms, Units units, Payout payout, int rounds) =>
        new(vault, terms, units, payout, units * terms.SpareOfUnit(), units * terms.ReserveOfUnit(), rounds);
}

/// <summary>What a path gave: what came back less what was put in. The owner's holds the result of the house's own stake too.</summary>
public sealed record Outcome(Nmr BackerGain, Nmr OwnerGain);

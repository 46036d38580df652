using Backstake.Accounting;

namespace Backstake.Cli.Simulate;

/// <summary>What is played on every path: one backer who buys at the first settlement and asks everything out after the last round.</summary>
/// <param name="House">The owner's own capital, staked beside the backer's.</param>
/// <param name="Rounds">How many rounds close, five a week.</param>
internal sealed record SimulationPlan(VaultSettings Vault, Terms Terms, Units Units, Nmr House, Nmr Reserve, int Rounds)
{
    /// <summary>What the backer pays.</summary>
    public Nmr Invested => Units * Terms.UnitSize;

    /// <summary>What the owner puts in.</summary>
    public Nmr OfOwner => House + Reserve;
}

/// <summary>What a path gave: what came back less what was put in. The owner's holds the result of the house's own stake too.</summary>
internal sealed record Outcome(Nmr BackerGain, Nmr OwnerGain);

using Backstake.Functions.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Vaults;

/// <summary>What can't be said of a vault, and why.</summary>
public static class Problems
{
    public static readonly ProblemKind UnknownVaultKind = new("unknownVault", 404, "There is no such vault.");
    public static readonly ProblemKind UnknownWeekKind = new("unknownWeek", 404, "This week isn't settled.");
    public static readonly ProblemKind DamagedKind = new("vaultHalted", 503, "The vault has halted.");

    public static ObjectResult UnknownVault(string vault) => UnknownVaultKind.Of($"GET /api/vaults lists the vaults; {vault} isn't among them.");

    public static ObjectResult UnknownWeek(int week, int lastWeek) => UnknownWeekKind.Of($"The last settled week is {lastWeek}; {week} was asked for.");

    /// <summary>The vault's stored log isn't what was written: nothing is said of it but what is wrong.</summary>
    public static ObjectResult VaultDamaged(string damage) => DamagedKind.Of($"Its stored log is damaged, and an operator is asked for: {damage}");
}

using System.Text.Json;

namespace Backstake.Season;

/// <summary>One vault of the season's end. Amounts in NMR, decimal strings.</summary>
/// <param name="Told">Its reliability, as the app publishes it.</param>
/// <param name="Injected">As it was arranged; null: nothing was.</param>
public sealed record VaultResult(
    string Id, string Model, int Submitted, int Missed, string Staked, string Result, string OwnerShare, string Paid, string? BooksDigest, RoundCounts Told, RoundCounts? Injected);

/// <summary>What <c>--json</c> prints as the last line.</summary>
/// <param name="Seconds">Of the season, without set-up.</param>
/// <param name="LeaversPaid">Every backer who asked units out has been paid at least once.</param>
public sealed record Summary(
    int Weeks, int Rounds, double Seconds, double SetUpSeconds, double AppStartSeconds, string Scores, IReadOnlyList<VaultResult> Vaults, int Claims, int Refused,
    int Killed, bool LeaversPaid, bool Verified)
{
    /// <summary>What is told of the vaults' reliability is what was arranged.</summary>
    public bool ReliabilityIsTold => Vaults.All(vault => vault.Injected is null || vault.Injected == vault.Told);

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

namespace Backstake.Functions.Numerai;

/// <summary>Section <c>Numerai</c>. The keys are account-wide and stay in the backend (NUMERAI.md, "API").</summary>
public sealed class NumeraiSettings
{
    /// <summary>The GraphQL endpoint.</summary>
    public Uri Endpoint { get; set; } = new("https://api-tournament.numer.ai");
    public string PublicId { get; set; } = "";
    public string SecretKey { get; set; } = "";

    /// <summary>The key vault in which owners' keys are kept, and nothing else; empty: none are taken, all models lie in the operator's account.</summary>
    public string OwnersVault { get; set; } = "";

    /// <summary>The tournaments that are polled: 8 Classic, 11 Signals, 12 Crypto; comma-separated.</summary>
    public string Tournaments { get; set; } = "8";

    public IEnumerable<int> TournamentNumbers => Tournaments.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse);
}

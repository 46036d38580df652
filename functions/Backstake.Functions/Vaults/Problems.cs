using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Vaults;

/// <summary>Errors over HTTP: RFC 9457 problem details with a stable code and what to do next.</summary>
public static class Problems
{
    public static ObjectResult UnknownVault(string vault) =>
        Of(404, "unknownVault", "There is no such vault.", $"GET /api/vaults lists the vaults; {vault} isn't among them.");

    public static ObjectResult UnknownWeek(int week, int lastWeek) =>
        Of(404, "unknownWeek", "This week isn't settled.", $"The last settled week is {lastWeek}; {week} was asked for.");

    /// <summary>The vault's stored log isn't what was written: nothing is said of it but what is wrong.</summary>
    public static ObjectResult VaultDamaged(string damage) =>
        Of(503, "vaultHalted", "The vault has halted.", $"Its stored log is damaged, and an operator is asked for: {damage}");

    public static ObjectResult StillDamaged(string damage) =>
        Of(409, "logDamaged", "The vault's log is still damaged.", $"Restore what is named, then resume again: {damage}");

    public static ObjectResult UnknownMessage(string id) =>
        Of(404, "unknownMessage", "There is no such message in quarantine.", $"GET /api/ops/quarantine lists them; {id} isn't among them.");

    public static ObjectResult UnknownSigner(string role) =>
        Of(404, "unknownSigner", "There is no such signer.", $"The signers are committer, staker and settler; {role} was asked for.");

    public static ObjectResult ReasonMissing() =>
        Of(400, "reasonMissing", "Say who does this and why.", "Send {\"by\": \"…\", \"reason\": \"…\"}, both texts of 1 to 200 characters, and nothing else.");

    /// <param name="code">Stable: what programs go by.</param>
    /// <param name="title">The same for every problem of the code.</param>
    /// <param name="detail">What is wrong here, and what to do.</param>
    internal static ObjectResult Of(int status, string code, string title, string detail) => new(new ProblemDetails
    {
        Status = status,
        Type = $"urn:backstake:problem:{code}",
        Title = title,
        Detail = detail,
        Extensions = { ["code"] = code },
    })
    { StatusCode = status, ContentTypes = { "application/problem+json" } };
}

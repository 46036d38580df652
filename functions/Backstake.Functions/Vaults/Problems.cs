using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Vaults;

/// <summary>Errors over HTTP: RFC 9457 problem details with a stable code and what to do next.</summary>
public static class Problems
{
    public static ObjectResult UnknownVault(string vault) =>
        Of(404, "unknownVault", "There is no such vault.", $"GET /api/vaults lists the vaults; {vault} isn't among them.");

    public static ObjectResult UnknownWeek(int week, int lastWeek) =>
        Of(404, "unknownWeek", "This week isn't settled.", $"The last settled week is {lastWeek}; {week} was asked for.");

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

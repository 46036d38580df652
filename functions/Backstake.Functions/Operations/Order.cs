using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Backstake.Functions.Operations;

/// <summary>Who orders something, and why: every operator's order says it.</summary>
public sealed record Order(string By, string Reason)
{
    const int TextMost = 200;

    /// <summary>Both, and not too long.</summary>
    public static bool IsSaid(string? by, string? reason) => by is { Length: > 0 and <= TextMost } && reason is { Length: > 0 and <= TextMost };

    public static Asked<Order> In(HttpRequest request)
    {
        var asked = request.Json<Order>();
        return asked.IsRefused(out _) || IsSaid(asked.Value.By, asked.Value.Reason) ? asked : new(null, OperatorProblems.ReasonMissing());
    }
}

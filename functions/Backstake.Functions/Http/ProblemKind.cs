using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Http;

/// <summary>
/// A kind of problem over HTTP (RFC 9457). Every static field of this type is documented in docs/problems.md under its code, as is every code of the books' refusals; a test holds the two together.
/// </summary>
/// <param name="Code">Stable: what programs go by. Never used again for something else.</param>
/// <param name="Title">The same for every problem of the code.</param>
public sealed record ProblemKind(string Code, int Status, string Title)
{
    /// <summary>Where a person reads what the code means and what to do.</summary>
    public string Doc => $"docs/problems.md#{Code.ToLowerInvariant()}";

    /// <param name="detail">What is wrong here, and what to do.</param>
    /// <param name="param">The place in the request that is wrong: a field of the body (<c>exit.backer</c>) or a parameter's name.</param>
    /// <param name="more">What else programs may need, by name.</param>
    public ObjectResult Of(string detail, string? param = null, params ReadOnlySpan<(string Name, object Value)> more)
    {
        var problem = new ProblemDetails
        {
            Status = Status,
            Type = $"urn:backstake:problem:{Code}",
            Title = Title,
            Detail = detail,
            Extensions = { ["code"] = Code, ["doc"] = Doc },
        };
        if (param is not null)
            problem.Extensions["param"] = param;
        foreach (var (name, value) in more)
            problem.Extensions[name] = value;
        return new(problem) { StatusCode = Status, ContentTypes = { "application/problem+json" } };
    }
}

using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Api;

/// <summary>Who may ask what. Assumption: the words; only the shape (HTTP 200, `errors[].message`) is documented.</summary>
internal static class Access
{
    public const string NotAuthenticatedCode = "not_authenticated";
    public const string WrongKey = "Your session is invalid or has expired.";
    private const string NoKey = "You must be authenticated to perform this action.";

    public static SandboxAccount Account(Tournament tournament, FieldCall call, string? scope = null)
    {
        var key = call.Context.Key ?? throw new GraphQlException(NoKey, NotAuthenticatedCode);
        if (scope is not null && !key.Scopes.Contains(scope))
        {
            throw new GraphQlException($"Your API key lacks the scope {scope}", "not_authorized");
        }
        return tournament.Accounts.First(a => a.Key == key);
    }

    /// <summary>The account's own model; absent: its only one.</summary>
    public static SandboxModel OwnModel(Tournament tournament, SandboxAccount account, string? modelId)
    {
        var own = tournament.Models.Where(m => m.Account == account).ToList();
        if (modelId is null)
        {
            return own.Count == 1 ? own[0] : throw new GraphQlException("modelId is required for accounts with several models");
        }
        return own.FirstOrDefault(m => m.Id.ToString("D") == modelId.ToLowerInvariant()) ?? throw new GraphQlException("Model not found");
    }

    public static Submission OwnSubmission(Tournament tournament, SandboxAccount account, Guid id) =>
        tournament.Submissions.Find(id) is { } submission && submission.Model.Account == account ? submission : throw new GraphQlException("Submission not found");
}

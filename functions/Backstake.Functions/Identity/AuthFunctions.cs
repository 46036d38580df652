using Backstake.Accounting;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Identity;

/// <summary>Signing in and out, and keys for programs. Nothing here moves money, and no session or key ever does.</summary>
public sealed class AuthFunctions(SignIn signIn, Sessions sessions, ApiKeys keys, TimeProvider clock)
{
    sealed record WhoAsks(string Address);

    sealed record SignedMessage(string Message, string Signature);

    sealed record NewKey(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null);

    /// <summary>A message for the address to sign; it can be used once, within ten minutes.</summary>
    [Function("AskToSignIn"), Endpoint(Cost = 5, AnswerIsSecret = true)]
    public async Task<IActionResult> Ask([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/nonce")] HttpRequest request, CancellationToken stop)
    {
        var asked = request.Json<WhoAsks>();
        if (asked.IsRefused(out var refusal))
            return refusal;
        if (!Backer.IsAddress(asked.Value.Address.ToLowerInvariant()))
            return HttpProblems.MalformedAt("address", "it isn't 0x and 40 hex digits");
        return await signIn.Message(asked.Value.Address.ToLowerInvariant(), stop) is { } message
            ? new OkObjectResult(new { message = message.ToString(), nonce = message.Nonce, expiresAt = message.ExpirationTime })
            : IdentityProblems.SignInOff();
    }

    /// <summary>Begins a session of who signed the message. The token is in this answer and nowhere else.</summary>
    [Function("BeginSession"), Endpoint(Cost = 10, AnswerIsSecret = true)]
    public async Task<IActionResult> Begin([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/sessions")] HttpRequest request, CancellationToken stop)
    {
        var asked = request.Json<SignedMessage>();
        if (asked.IsRefused(out var refusal))
            return refusal;
        var answer = await signIn.Begin(asked.Value.Message, asked.Value.Signature, stop);
        return answer.Session is { } session
            ? new ObjectResult(new { token = answer.Token, address = session.Address, expiresAt = Written(session.Ends) }) { StatusCode = StatusCodes.Status201Created }
            : IdentityProblems.Refused(answer.Refusal!);
    }

    /// <summary>As whom the caller is known, and what a key may.</summary>
    [Function("GetSession")]
    public IActionResult Who([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "auth/session")] HttpRequest request)
    {
        var caller = request.Caller();
        return caller.IsRefused(out var refusal) ? refusal : new OkObjectResult(new { address = caller.Value.Address, scopes = caller.Value.Scopes?.Select(scope => scope.ToString()) });
    }

    [Function("EndSession")]
    public async Task<IActionResult> End([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/session")] HttpRequest request, CancellationToken stop)
    {
        var caller = request.Session();
        if (caller.IsRefused(out var refusal))
            return refusal;
        await sessions.End(caller.Value.Session!, stop);
        return new NoContentResult();
    }

    /// <summary>Makes a key for a program. It is in this answer and nowhere else.</summary>
    [Function("MakeKey"), Endpoint(Cost = 10, AnswerIsSecret = true)]
    public async Task<IActionResult> Make([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "auth/keys")] HttpRequest request, CancellationToken stop)
    {
        var (caller, asked) = (request.Session(), request.Json<NewKey>());
        if (caller.IsRefused(out var refusal) || asked.IsRefused(out refusal))
            return refusal;
        if (asked.Value.Name.Length is 0 or > ApiKeys.NameMost || asked.Value.Name.Any(char.IsControl))
            return HttpProblems.MalformedAt("name", $"it isn't a line of 1 to {ApiKeys.NameMost} characters");
        var scopes = asked.Value.Scopes.Select(ApiScope.Read).ToList();
        if (scopes.Count is 0 or > ApiKeys.KeysMost || scopes.Contains(null) || scopes.Distinct().Count() != scopes.Count)
            return HttpProblems.MalformedAt("scopes", "each is read, notify, or submit: and a vault's address in small letters, and once");
        if (asked.Value.ExpiresAt <= clock.GetUtcNow())
            return HttpProblems.MalformedAt("expiresAt", "it is over");
        return await keys.Make(caller.Value.Address, asked.Value.Name, scopes!, asked.Value.ExpiresAt?.ToUniversalTime(), stop) is { } made
            ? new ObjectResult(new { key = made.Text, made.Key.Id, made.Key.Name, scopes = made.Key.Scopes.Select(scope => scope.ToString()), expiresAt = Written(made.Key.Ends) }) { StatusCode = StatusCodes.Status201Created }
            : IdentityProblems.TooManyKeys();
    }

    [Function("ListKeys")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "auth/keys")] HttpRequest request, CancellationToken stop)
    {
        var caller = request.Session();
        if (caller.IsRefused(out var refusal))
            return refusal;
        var own = await keys.Of(caller.Value.Address, stop);
        return new OkObjectResult(new
        {
            keys = own.Select(key => new { key.Id, key.Name, scopes = key.Scopes.Select(scope => scope.ToString()), madeAt = Written(key.Made), expiresAt = Written(key.Ends) }),
        });
    }

    [Function("RevokeKey")]
    public async Task<IActionResult> Revoke([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "auth/keys/{id}")] HttpRequest request, string id, CancellationToken stop)
    {
        var caller = request.Session();
        return caller.IsRefused(out var refusal) ? refusal : await keys.Revoke(caller.Value.Address, id, stop) ? new NoContentResult() : IdentityProblems.UnknownKey();
    }

    static string? Written(DateTimeOffset? time) => time is { } at ? UtcText.Of(at) : null;
}

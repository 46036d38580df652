using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Identity;

/// <summary>Why somebody isn't let in, or may not do this.</summary>
static class IdentityProblems
{
    public static readonly ProblemKind NotSignedInKind = new("notSignedIn", 401, "This needs to know who is calling.");
    public static readonly ProblemKind SignInRefusedKind = new("signInRefused", 401, "Nobody is signed in by this.");
    public static readonly ProblemKind SignInOffKind = new("signInOff", 409, "Nobody can sign in here.");
    public static readonly ProblemKind ScopeMissingKind = new("scopeMissing", 403, "The key isn't for this.");
    public static readonly ProblemKind TooManyKeysKind = new("tooManyKeys", 409, "There are enough keys.");
    public static readonly ProblemKind UnknownKeyKind = new("unknownKey", 404, "There is no such key.");

    public static ObjectResult NotSignedIn(HttpRequest request)
    {
        request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
        return NotSignedInKind.Of("Send Authorization: Bearer with a session (POST /api/auth/nonce, then POST /api/auth/sessions) or a key of yours that is still valid.");
    }

    public static ObjectResult Refused(SignInRefusal refusal) => SignInRefusedKind.Of(refusal.Sentence, null, ("reason", refusal.Code));

    public static ObjectResult SignInOff() => SignInOffKind.Of("The operator hasn't set Identity__Origin, by which people know the app. Everything public can be read without signing in.");

    public static ObjectResult ScopeMissing(ApiScope needed) => ScopeMissingKind.Of($"This key lacks the scope {needed}: make one that has it, or sign in.");

    public static ObjectResult SessionNeeded() => ScopeMissingKind.Of("Keys are made and revoked by their holder, signed in; not by a key.");

    public static ObjectResult TooManyKeys() => TooManyKeysKind.Of($"You have {ApiKeys.KeysMost}: revoke one that isn't used.");

    public static ObjectResult UnknownKey() => UnknownKeyKind.Of("GET /api/auth/keys lists yours.");
}

using Backstake.Functions.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Owners;

/// <summary>Why what an owner signed isn't taken.</summary>
static class OwnerProblems
{
    public static readonly ProblemKind OtherVaultKind = new("signedForOther", 409, "This was signed for another vault or chain.");
    public static readonly ProblemKind SignatureWrongKind = new("signatureWrong", 422, "The signature isn't that of who may sign this.");
    public static readonly ProblemKind AlreadyWithdrawnKind = new("offerWithdrawn", 409, "This offer was withdrawn.");
    public static readonly ProblemKind VersionKind = new("versionTaken", 409, "This version isn't the next one.");
    public static readonly ProblemKind UnknownDocumentKind = new("unknownDocument", 404, "There is no such document.");

    public static ObjectResult SignedForOther(string param, string detail) => OtherVaultKind.Of(detail, param);

    public static ObjectResult SignatureWrong(string signer) => SignatureWrongKind.Of($"It must be {signer}'s (EIP-712, of exactly this content, in the domain of this vault and chain).", "signature");

    public static ObjectResult Withdrawn() => AlreadyWithdrawnKind.Of("Terms that were withdrawn can't be offered again: change a field.", "terms");

    public static ObjectResult Version(uint next) => VersionKind.Of($"The next version is {next}: sign that, so that no older text can be brought back.", "version", ("next", next));

    public static ObjectResult UnknownDocument() => UnknownDocumentKind.Of("The list beside it names those that there are.");
}

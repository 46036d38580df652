using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Http;

/// <summary>The problems that any route may answer with.</summary>
public static class HttpProblems
{
    public static readonly ProblemKind Malformed = new("malformed", 400, "The request can't be read.");
    public static readonly ProblemKind BodyTooLarge = new("bodyTooLarge", 413, "The request is too large.");
    public static readonly ProblemKind CursorInvalid = new("cursorInvalid", 400, "The cursor isn't one of ours.");
    public static readonly ProblemKind NotFound = new("notFound", 404, "There is nothing here.");
    public static readonly ProblemKind Internal = new("internal", 500, "Something went wrong on our side.");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "Something that the app needs can't be reached.");
    public static readonly ProblemKind IdempotencyKeyInvalid = new("idempotencyKeyInvalid", 400, "The Idempotency-Key can't be used.");
    public static readonly ProblemKind IdempotencyKeyReused = new("idempotencyKeyReused", 422, "The Idempotency-Key was used for another request.");
    public static readonly ProblemKind IdempotencyKeyInProgress = new("idempotencyKeyInProgress", 409, "The request with this Idempotency-Key is still under way.");
    public static readonly ProblemKind AnswerNotKept = new("answerNotKept", 409, "The request was carried out; its answer isn't kept.");

    public static ObjectResult MalformedAt(string place, string what) => Malformed.Of($"{place}: {what}.", place);

    public static ObjectResult TooLarge(int most) => BodyTooLarge.Of($"A body has at most {most} bytes here.");

    /// <summary>Nothing of what happened inside is said: the log has it, under the request's id.</summary>
    public static ObjectResult Failed() => Internal.Of("Nothing was lost: try again, and if it stays so, tell the operator the requestId.");

    public static ObjectResult OutsideFailed() => Unavailable.Of("Nothing was lost: try again in a few seconds.");

    /// <summary>What a status without a body means, as a problem; null: it is no error.</summary>
    public static ObjectResult? OfBareStatus(int status) => status switch
    {
        < 400 => null,
        StatusCodes.Status404NotFound => NotFound.Of("GET /api/openapi.json lists what there is."),
        >= 500 => Failed(),
        _ => Malformed.Of("GET /api/openapi.json says what this route takes."),
    };
}

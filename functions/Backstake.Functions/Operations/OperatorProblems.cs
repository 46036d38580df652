using Backstake.Functions.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Operations;

/// <summary>Why the operator's order isn't carried out.</summary>
static class OperatorProblems
{
    public static readonly ProblemKind LogDamaged = new("logDamaged", 409, "The vault's log is still damaged.");
    public static readonly ProblemKind UnknownMessageKind = new("unknownMessage", 404, "There is no such message in quarantine.");
    public static readonly ProblemKind UnknownSignerKind = new("unknownSigner", 404, "There is no such signer.");
    public static readonly ProblemKind ReasonMissingKind = new("reasonMissing", 400, "Say who does this and why.");

    public static readonly ProblemKind HistoryThereKind = new("historyThere", 409, "The vault has a history.");
    public static readonly ProblemKind HistoryRefusedKind = new("historyRefused", 409, "The history isn't what the chain says.");
    public static readonly ProblemKind HistoryMalformedKind = new("historyMalformed", 400, "The history can't be read.");

    public static ObjectResult HistoryThere(string vault) =>
        HistoryThereKind.Of($"Nothing is imported over the log of {vault}: only a vault that halted with historyMissing takes one.");

    public static ObjectResult HistoryRefused(string why) => HistoryRefusedKind.Of($"Nothing was appended. {why}");

    public static ObjectResult HistoryMalformed(string why) =>
        HistoryMalformedKind.Of($"Send a replay file, as GET /api/vaults/{{id}}/log and backstake rebuild write it: {why}", "body");

    public static ObjectResult StillDamaged(string damage) => LogDamaged.Of($"Restore what is named, then resume again: {damage}");

    public static ObjectResult UnknownMessage(string id) => UnknownMessageKind.Of($"GET /api/ops/quarantine lists them; {id} isn't among them.");

    public static ObjectResult UnknownSigner(string role) => UnknownSignerKind.Of($"The signers are committer, staker and settler; {role} was asked for.");

    public static ObjectResult ReasonMissing() => ReasonMissingKind.Of("Send {\"by\": \"…\", \"reason\": \"…\"}, both texts of 1 to 200 characters, and nothing else.");
}

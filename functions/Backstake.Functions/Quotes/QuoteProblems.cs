using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Quotes;

/// <summary>Why there is no quote. A refusal of the books has their code, and the numbers that explain it.</summary>
static class QuoteProblems
{
    public static readonly ProblemKind BooksClosed = new("booksClosed", 409, "The vault's books are closed.");
    public static readonly ProblemKind VaultHalted = new("vaultHalted", 409, "The vault has halted.");

    public static ObjectResult Malformed(Malformed malformed) => HttpProblems.MalformedAt(malformed.Place, malformed.Problem);

    public static ObjectResult VaultIsOver(VaultState state) => state.Record.Halted is null
        ? BooksClosed.Of("Nothing is settled any more: holders take their part on chain ('backstake escape').")
        : VaultHalted.Of("Nothing is done for it until its operator has looked.");

    public static ObjectResult Refused(RefusedQuote refused) => new ProblemKind(refused.Refusal.Code, 409, refused.Refusal.Sentence).Of(refused.Explanation, null,
        ("numbers", refused.Numbers.ToDictionary(number => number.Name, object (number) => number.Amount?.ToString() ?? (object)number.Count!.Value, StringComparer.Ordinal)));
}

using Backstake.Accounting;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Quotes;

/// <summary>Why there is no quote. A refusal of the books has their code, and the numbers that explain it.</summary>
static class QuoteProblems
{
    public static ObjectResult Malformed(Malformed malformed) => With(
        Problems.Of(400, "malformed", "The request can't be read.", $"{malformed}."), "param", malformed.Place);

    public static ObjectResult BodyTooLarge(int most) =>
        Problems.Of(413, "bodyTooLarge", "The request is too large.", $"A body has at most {most} bytes.");

    public static ObjectResult VaultIsOver(VaultState state) => state.Record.Halted is null
        ? Problems.Of(409, "booksClosed", "The vault's books are closed.", "Nothing is settled any more: holders take their part on chain ('backstake escape').")
        : Problems.Of(409, "vaultHalted", "The vault has halted.", "Nothing is done for it until its operator has looked.");

    public static ObjectResult Refused(RefusedQuote refused) => With(
        Problems.Of(409, refused.Refusal.Code, refused.Refusal.Sentence, refused.Explanation), "numbers",
        refused.Numbers.ToDictionary(number => number.Name, object (number) => number.Amount?.ToString() ?? (object)number.Count!.Value, StringComparer.Ordinal));

    static ObjectResult With(ObjectResult problem, string name, object value)
    {
        ((ProblemDetails)problem.Value!).Extensions[name] = value;
        return problem;
    }
}

using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers.Allocation;

/// <param name="Vault">0x and 40 lower-case hex digits.</param>
/// <param name="Terms">64 lower-case hex digits.</param>
public sealed record RequestedPart(string Vault, string Terms, int Bps);

/// <summary>A payout allocation as it is sent. Percentages are bps of each payment; with <paramref name="WalletBps"/> they are 10,000 together.</summary>
public sealed record AllocationRequest(string Backer, uint Version, uint FromWeek, int WalletBps, IReadOnlyList<RequestedPart> Parts, string Signature)
{
    public const int PartsMost = 10;
    static readonly int Whole = BasisPoints.Whole.Value;

    /// <summary>Null: nothing is wrong with its form.</summary>
    public ObjectResult? Malformed()
    {
        if (!Accounting.Backer.IsAddress(Backer))
            return HttpProblems.MalformedAt("backer", "it isn't 0x and 40 lower-case hex digits");
        if (FromWeek is 0 or > int.MaxValue)
            return HttpProblems.MalformedAt("fromWeek", "it isn't a week, from 1 on");
        if (WalletBps < 0 || WalletBps > Whole)
            return HttpProblems.MalformedAt("walletBps", $"it isn't from 0 to {Whole}");
        if (Parts.Count > PartsMost || Parts.Select(part => (part.Vault, part.Terms)).Distinct().Count() != Parts.Count)
            return HttpProblems.MalformedAt("parts", $"there are more than {PartsMost}, or one names what another does");
        foreach (var (part, place) in Parts.Select((part, i) => (part, $"parts[{i}]")))
        {
            if (!Accounting.Backer.IsAddress(part.Vault))
                return HttpProblems.MalformedAt($"{place}.vault", "it isn't 0x and 40 lower-case hex digits");
            if (part.Terms.Length != 64 || !part.Terms.All(char.IsAsciiHexDigitLower))
                return HttpProblems.MalformedAt($"{place}.terms", "it isn't 64 lower-case hex digits");
            if (part.Bps < 1 || part.Bps > Whole)
                return HttpProblems.MalformedAt($"{place}.bps", $"it isn't from 1 to {Whole}");
        }

        return WalletBps + Parts.Sum(part => part.Bps) == Whole ? null : HttpProblems.MalformedAt("walletBps", $"with the parts' bps it isn't {Whole}");
    }

    public PayoutAllocation Signed => new(Backer, Version, FromWeek, (ushort)WalletBps, [.. Parts.Select(part => new AllocatedPart(part.Vault, part.Terms, (ushort)part.Bps))]);
}

using System.Collections.Immutable;
using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Cli.Verify;

/// <summary>A unit of every tranche has been promised on chain, over its life, what the books say: d + p of the last accepted settlement (CONTRACT.md "Decided" 12).</summary>
internal static class ClassesArePaidAsTheBooksSay
{
    private const string Name = "Every class of leaving units is promised what the books say";

    public static Check Of(FoldedHistory history, ChainEvidence chain)
    {
        var latest = history.Accepted(chain)
            .SelectMany(settled => settled.Settlement.Lines)
            .Where(line => line.ExitWeek is not null)
            .GroupBy(line => new TrancheId(line.Series, line.ExitWeek!.Value))
            .Select(lines => lines.Last())
            .ToImmutableArray();
        var total = latest.Aggregate(Nmr.Zero, (sum, line) => sum + (line.Units * line.Paid));
        return Check.Of(Name, $"{latest.Length} classes, {total} NMR together", latest.Select(line => Wrong(line, chain)).OfType<string>());
    }

    private static string? Wrong(ClassLine line, ChainEvidence chain)
    {
        if (!ChainTerms.IsAnId(line.Series.Terms)) return $"terms {line.Series.Terms} can't be the contract's";
        var onChain = chain.Paid[ChainClass.Of(line.Series, line.ExitWeek)];
        return onChain == line.Paid.Wei ? null : $"{line.Series}, leaving in week {line.ExitWeek}: {new Nmr(onChain)} NMR a unit on chain, {line.Paid} in the books";
    }
}

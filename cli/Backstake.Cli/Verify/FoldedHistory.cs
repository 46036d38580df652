using System.Collections.Immutable;
using Backstake.Accounting;

namespace Backstake.Cli.Verify;

/// <summary>A settlement as the fold made it.</summary>
/// <param name="Digest">SHA-256 of the stored books after it, lower-case hex.</param>
/// <param name="GivenBack">Units that waited when the vault wound down: who has them, in the series that they would have become.</param>
internal sealed record FoldedSettlement(Settlement Settlement, string Digest, ImmutableArray<(SeriesId Series, Backer Backer)> GivenBack)
{
    public int Week => Settlement.Week.Number;
}

/// <summary>A history folded from its beginning, and what the chain must agree with.</summary>
/// <param name="Stakes">A_r of each closed round, wei exact.</param>
/// <param name="Backers">Everybody who ever held units.</param>
/// <param name="Refunds">What cancelled deposits gave back at once, by backer.</param>
internal sealed record FoldedHistory(
    ReplayFile File, Books Books, BooksDocument Document, ImmutableArray<FoldedSettlement> Settlements, ImmutableDictionary<Round, Nmr> Stakes,
    ImmutableSortedSet<Backer> Backers, ImmutableDictionary<Backer, Nmr> Refunds)
{
    /// <exception cref="InvariantViolatedException">ACCOUNTING.md 5 doesn't hold after an event: these can't be the books of a vault.</exception>
    public static FoldedHistory Of(ReplayFile file)
    {
        var books = file.Begin();
        var settlements = ImmutableArray.CreateBuilder<FoldedSettlement>();
        var errors = ImmutableArray.CreateBuilder<RefusedEvent>();
        var stakes = ImmutableDictionary.CreateBuilder<Round, Nmr>();
        var backers = ImmutableSortedSet.CreateBuilder<Backer>();
        var refunds = ImmutableDictionary.CreateBuilder<Backer, Nmr>();
        for (var i = 0; i < file.Events.Length; i++)
        {
            var (before, vaultEvent) = (books, file.Events[i]);
            var applied = books.Apply(vaultEvent);
            books = applied.Books;
            if (applied.Refusal is { } refusal)
            {
                errors.Add(new RefusedEvent(i, refusal));
                continue;
            }

            switch (vaultEvent)
            {
                case Close close:
                    stakes.Add(close.Round, books.OpenRounds[close.Round].Stake);
                    break;
                case Deposit deposit:
                    backers.Add(deposit.Backer);
                    break;
                case Transfer transfer:
                    backers.Add(transfer.To);
                    break;
                case CancelDeposit cancel:
                    refunds[cancel.Backer] = refunds.GetValueOrDefault(cancel.Backer) + (cancel.Units * file.Terms[cancel.Terms].UnitSize);
                    break;
                case Settle:
                    settlements.Add(new FoldedSettlement(applied.Settlement!, Convert.ToHexStringLower(books.Digest()), GivenBack(before, applied.Settlement!.Week)));
                    break;
            }
        }

        var document = new BooksDocument([.. settlements.Select(settled => settled.Settlement.Entry)], errors.ToImmutable());
        return new(file, books, document, settlements.ToImmutable(), stakes.ToImmutable(), backers.ToImmutable(), refunds.ToImmutable());
    }

    /// <summary>The settlements that the chain has accepted, in their order.</summary>
    public IEnumerable<FoldedSettlement> Accepted(ChainEvidence chain) => Settlements.Where(settled => settled.Week <= chain.Weeks.LastAccepted);

    /// <summary>The settlements whose books have moved while their money hasn't (CONTRACT.md "Decided" 1).</summary>
    public IEnumerable<FoldedSettlement> NotAccepted(ChainEvidence chain) => Settlements.Where(settled => settled.Week > chain.Weeks.LastAccepted);

    private static ImmutableArray<(SeriesId Series, Backer Backer)> GivenBack(Books before, Week week) => before.IsWindingDown
        ? [.. before.WaitingUnits.Keys.Select(waiting => (new SeriesId(waiting.Terms, week, waiting.Payout), waiting.Backer))]
        : [];
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using SeriesId = Backstake.Accounting.SeriesId;

namespace Backstake.Cli.Verify;

/// <summary>A settlement as the fold made it.</summary>
/// <param name="Root">What the chain must have been told of them (<see cref="BooksRoot"/>); null: no contract can have such books.</param>
/// <param name="GivenBack">Units that waited when the vault wound down: who has them, in the series that they would have become.</param>
internal sealed record FoldedSettlement(Settlement Settlement, byte[]? Root, ImmutableArray<(SeriesId Series, Backer Backer)> GivenBack)
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
    private static readonly BigInteger MostOfALeaf = BigInteger.Pow(2, 88);

    /// <param name="file">The history.</param>
    /// <param name="folded">Hears how many events are folded.</param>
    /// <exception cref="InvariantViolatedException">ACCOUNTING.md 5 doesn't hold after an event: these can't be the books of a vault.</exception>
    public static FoldedHistory Of(ReplayFile file, Action<int>? folded = null)
    {
        var fold = new Fold(file.Begin());
        var windingDown = false;
        var settlements = ImmutableArray.CreateBuilder<FoldedSettlement>();
        var errors = ImmutableArray.CreateBuilder<RefusedEvent>();
        var stakes = ImmutableDictionary.CreateBuilder<Round, Nmr>();
        var backers = ImmutableSortedSet.CreateBuilder<Backer>();
        var refunds = ImmutableDictionary.CreateBuilder<Backer, Nmr>();
        for (var i = 0; i < file.Events.Length; i++)
        {
            var vaultEvent = file.Events[i];
            folded?.Invoke(i);
            // What a vault that winds down gives back is what waits until then.
            var before = windingDown && vaultEvent is Settle ? fold.Books : null;
            if (fold.Apply(vaultEvent, out var settlement) is { } refusal)
            {
                errors.Add(new RefusedEvent(i, refusal));
                continue;
            }

            switch (vaultEvent)
            {
                case Close close:
                    stakes.Add(close.Round, fold.StakeIn(close.Round)!.Value);
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
                case WindDown:
                    windingDown = true;
                    break;
                case Settle:
                    settlements.Add(new FoldedSettlement(settlement!, RootOf(fold.Books), before is null ? [] : GivenBack(before, settlement!.Week)));
                    break;
            }
        }

        var document = new BooksDocument([.. settlements.Select(settled => settled.Settlement.Entry)], errors.ToImmutable());
        return new(file, fold.Books, document, settlements.ToImmutable(), stakes.ToImmutable(), backers.ToImmutable(), refunds.ToImmutable());
    }

    /// <summary>The settlements that the chain has accepted, in their order.</summary>
    public IEnumerable<FoldedSettlement> Accepted(ChainEvidence chain) => Settlements.Where(settled => settled.Week <= chain.State.LastAccepted);

    /// <summary>The settlements whose books have moved while their money hasn't (CONTRACT.md "Decided" 1).</summary>
    public IEnumerable<FoldedSettlement> NotAccepted(ChainEvidence chain) => Settlements.Where(settled => settled.Week > chain.State.LastAccepted);

    /// <summary>The books after one of the settlements. Folded again: hardly anybody asks, and kept they would be copies of the whole vault, week by week.</summary>
    public Books BooksAfter(FoldedSettlement settled)
    {
        var fold = new Fold(File.Begin());
        foreach (var vaultEvent in File.Events)
        {
            _ = fold.Apply(vaultEvent, out var settlement); // a refusal is known, and changes nothing
            if (settlement?.Week == settled.Settlement.Week) return fold.Books;
        }

        throw new UnreachableException($"Week {settled.Week} is not of this history.");
    }

    /// <summary>A leaf's value is an uint88; the terms of a contract's units are named by a hash.</summary>
    private static byte[]? RootOf(Books books)
    {
        var values = EscapeValues.Of(books);
        var fits = values.Classes.All(one => ChainTerms.IsAnId(one.Series.Terms) && Fits(one.Value)) && Fits(values.House);
        return fits ? new BooksRoot(values, books.Digest()).Hash : null;

        static bool Fits(Nmr value) => !value.IsNegative && value.Wei < MostOfALeaf;
    }

    private static ImmutableArray<(SeriesId Series, Backer Backer)> GivenBack(Books before, Week week) =>
        [.. before.WaitingUnits.Keys.Select(waiting => (new SeriesId(waiting.Terms, week, waiting.Payout), waiting.Backer))];
}

using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>
/// Units bought now. Assumed: what is open in the vault now brings nothing; in the units' first week as many rounds close as the vault's value is cut into, so that all of it is staked once; all of
/// them return the same part of their stake (in <c>continuous</c> together, within what a round may burn); the units leave as early as the terms allow, and nothing else happens.
/// </summary>
public sealed record DepositQuote : Quote
{
    /// <summary>+40 % and −20 %: the two results with which ACCOUNTING.md explains the terms.</summary>
    private static readonly int[] HeadlineBps = [4_000, -2_000];

    private const int TableStepBps = 1_000;
    private const int TableSteps = 10;
    private const int WholeBps = BasisPoints.WholeValue;

    /// <summary>In <c>continuous</c> a vault with a tiny cap would need as many rounds as there are bps.</summary>
    private const int MostRounds = 1_000;

    /// <summary>Nobody's: what one backer gets doesn't depend on who it is.</summary>
    private static readonly Backer Somebody = new("0x" + new string('f', 40));

    public required DepositAsk Ask { get; init; }

    public required Terms Terms { get; init; }

    public required VaultSettings Vault { get; init; }

    /// <summary>What the deposit costs.</summary>
    public required Nmr Price { get; init; }

    /// <summary>What is locked of the owner's reserve for these units: the most that it gives back of their loss.</summary>
    public required Nmr ReserveLocked { get; init; }

    /// <summary>How many units of these terms would still be accepted after them; null: neither house nor reserve limits them.</summary>
    public required long? UnitsLeft { get; init; }

    /// <summary>The settlement that accepts the units.</summary>
    public required Week Entry { get; init; }

    /// <summary>The first settlement at which they can leave.</summary>
    public required Week EarliestExit { get; init; }

    /// <summary>The settlement at which their term ends: then they leave by themselves.</summary>
    public required Week TermEnds { get; init; }

    /// <summary>Results of +40 % and −20 %.</summary>
    public required ImmutableArray<QuotedOutcome> Headline { get; init; }

    /// <summary>From −100 % to +100 % in steps of 10 %.</summary>
    public required ImmutableArray<QuotedOutcome> Table { get; init; }

    /// <summary>All that rounds can burn of the units.</summary>
    public QuotedOutcome Worst => Table[0];

    /// <summary>The last money of units that leave then: their last rounds have resolved.</summary>
    public Week LastMoneyAfter(Week exit) => exit + WeeksOfARound(Vault);

    /// <summary>A DepositQuote or a RefusedQuote.</summary>
    internal static Quote Of(Books books, DepositAsk ask)
    {
        var future = new AssumedFuture(books);
        var deposit = new Deposit(Somebody, ask.Of, ask.Units, ask.Choice);
        if (future.Try(deposit) is { } refusal) return RefusedQuote.Of(books, ask, refusal);

        var terms = books.Terms[ask.Of];
        var entry = future.NextWeek;
        var term = entry + terms.CompoundingWeeks;
        var leaving = new TrancheId(new SeriesId(ask.Of, entry, ask.Choice), entry + Math.Min(Math.Max(1, terms.LockupWeeks), terms.CompoundingWeeks));
        future.ResolveAllWithNothing();
        future.Settle();
        var rounds = future.Close(RoundsOf(books.Vault));
        while (future.NextWeek < leaving.ExitWeek) future.Settle();
        // At the end of their term the units leave without being asked.
        if (leaving.ExitWeek < term && future.Try(new Exit(Somebody, leaving.Series, ask.Units)) is { } impossible)
            throw new InvalidOperationException($"The exit in week {leaving.ExitWeek} was refused: {impossible}.");

        QuotedOutcome Outcome(int returnBps) => Play(future.Fork(), rounds, returnBps, leaving, ask.Units, terms);
        return new DepositQuote
        {
            Ask = ask,
            Terms = terms,
            Vault = books.Vault,
            Price = ask.Units * terms.UnitSize,
            ReserveLocked = ask.Units * terms.ReserveOfUnit(),
            UnitsLeft = RefusedQuote.UnitsThatFit(books.HouseSpare, books.ReserveUnlocked, terms) - ask.Units.Count,
            Entry = entry,
            EarliestExit = leaving.ExitWeek,
            TermEnds = term,
            Headline = [.. HeadlineBps.Select(Outcome)],
            Table = [.. Enumerable.Range(-TableSteps, (2 * TableSteps) + 1).Select(i => Outcome(i * TableStepBps))],
        };
    }

    /// <summary>As many rounds as stake all of a unit once: N parts; in <c>continuous</c> as often as what a round may burn goes into the whole.</summary>
    private static int RoundsOf(VaultSettings vault)
    {
        if (vault.Staking == Staking.PerRound) return vault.ConcurrentRounds;
        var mostBps = Math.Max(1, vault.MaxBurnBps.Value);
        return Math.Min(MostRounds, Math.DivRem(WholeBps + mostBps - 1, mostBps).Quotient);
    }

    private static QuotedOutcome Play(AssumedFuture future, ImmutableArray<Round> rounds, int returnBps, TrancheId leaving, Units units, Terms terms)
    {
        var whole = new Nmr(future.Vault.Staking == Staking.PerRound ? WholeBps : (long)WholeBps * rounds.Length);
        foreach (var round in rounds) future.Resolve(round, new Nmr(returnBps), whole);
        while (true)
        {
            var settlement = future.Settle();
            if (!settlement.LineOf(leaving).PaidInFull) continue;
            return QuotedOutcome.Of(returnBps, units, terms, settlement, leaving, future.Events);
        }
    }
}

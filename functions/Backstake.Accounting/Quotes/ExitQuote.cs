using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>What a settlement pays of units that leave, and what open rounds could still burn of them afterwards. Of all units of the ask together.</summary>
public sealed record ExitWeek(Week Week, Nmr Paid, Nmr AtRisk);

/// <summary>The way out, should each round that is still open return the same on its stake. Amounts are of all units of the ask together, from now on.</summary>
public sealed record ExitPath
{
    /// <summary>What the rounds return, in bps: −10,000 … 10,000.</summary>
    public required int ReturnBps { get; init; }

    /// <summary>From the settlement at which the units leave to the one that pays their last.</summary>
    public required ImmutableArray<ExitWeek> Weeks { get; init; }

    /// <summary>What the rounds bring the units or burn of them.</summary>
    public required Nmr Result { get; init; }

    /// <summary>What the backer gets, all weeks together.</summary>
    public required Nmr Paid { get; init; }

    /// <summary>What the reserve gives of it.</summary>
    public required Nmr Cover { get; init; }

    /// <summary>What the owner gets of the units, less what the reserve gives.</summary>
    public required Nmr OwnerGain { get; init; }

    /// <summary>The assumed future, from the books that were quoted: whoever folds it books the numbers above.</summary>
    public required ImmutableArray<VaultEvent> Events { get; init; }
}

/// <summary>
/// Units asked out now. They leave at the next settlement and are paid as the rounds that they are in resolve. Assumed: no further round closes before that settlement, every open round returns
/// the same part of its stake, and nothing else happens.
/// </summary>
public sealed record ExitQuote : Quote
{
    /// <summary>Nothing, the two results of the terms' examples, and all that can burn.</summary>
    private static readonly int[] ReturnsBps = [0, 4_000, -2_000, -BasisPoints.WholeValue];

    private static readonly Nmr Whole = new(BasisPoints.WholeValue);

    public required ExitAsk Ask { get; init; }

    public required Terms Terms { get; init; }

    public required VaultSettings Vault { get; init; }

    /// <summary>The settlement at which the units leave.</summary>
    public required Week Exit { get; init; }

    /// <summary>What the units are worth in the books now, before what they owe.</summary>
    public required Nmr Worth { get; init; }

    /// <summary>What of that open rounds could burn.</summary>
    public required Nmr AtRisk { get; init; }

    /// <summary>Should open rounds return 0, +40 %, −20 % and −100 %.</summary>
    public required ImmutableArray<ExitPath> Paths { get; init; }

    public ExitPath Worst => Paths[^1];

    /// <summary>An ExitQuote or a RefusedQuote.</summary>
    internal static Quote Of(Books books, ExitAsk ask, Func<Round, Week> resolving)
    {
        ArgumentNullException.ThrowIfNull(resolving);
        var future = new AssumedFuture(books);
        var leaving = new TrancheId(ask.Series, future.NextWeek);
        if (future.Try(new Exit(ask.Backer, ask.Series, ask.Units)) is { } refusal) return RefusedQuote.Of(books, ask, refusal);

        var series = books.Series[ask.Series];
        var rounds = books.OpenRounds.Keys.GroupBy(resolving).OrderBy(week => week.Key).ToArray();
        return new ExitQuote
        {
            Ask = ask,
            Terms = series.Terms,
            Vault = books.Vault,
            Exit = leaving.ExitWeek,
            Worth = ask.Units * series.Unit.Worth,
            AtRisk = ask.Units * series.Unit.Locked,
            Paths = [.. ReturnsBps.Select(returnBps => Play(future.Fork(), rounds, returnBps, leaving, ask.Units, series.Unit))],
        };
    }

    private static ExitPath Play(AssumedFuture future, IEnumerable<IGrouping<Week, Round>> rounds, int returnBps, TrancheId leaving, Units units, Unit now)
    {
        var weeks = ImmutableArray.CreateBuilder<ExitWeek>();
        var due = new Queue<IGrouping<Week, Round>>(rounds);
        var paid = Nmr.Zero;
        while (true)
        {
            while (due.TryPeek(out var next) && next.Key <= future.NextWeek)
            {
                foreach (var round in due.Dequeue()) future.Resolve(round, new Nmr(returnBps), Whole);
            }

            var settlement = future.Settle();
            var (line, entry) = (settlement.LineOf(leaving), settlement.EntryOf(leaving));
            weeks.Add(new(settlement.Week, units * line.PaidNow, units * entry.Locked));
            paid += line.PaidNow;
            if (!line.PaidInFull) continue;
            var result = entry.Cumulative - now.Cumulative;
            return new()
            {
                ReturnBps = returnBps,
                Weeks = weeks.ToImmutable(),
                Result = units * result,
                Paid = units * paid,
                Cover = units * entry.Cover,
                OwnerGain = units * (now.Worth + result - paid),
                Events = future.Events,
            };
        }
    }
}

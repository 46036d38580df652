using System.Collections.Immutable;
using Backstake.Accounting;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Cli.Verify;

namespace Backstake.Cli.Rebuild;

/// <summary>A settled week of a history made anew.</summary>
/// <param name="Root">Of the books that the history gives, 64 lower-case hex digits.</param>
/// <param name="OnChain">What the chain was told; null: nothing was proposed for the week.</param>
/// <param name="Accepted">The chain's root is of accepted books.</param>
internal sealed record RebuiltWeek(int Week, string Root, string? OnChain, bool Accepted);

/// <param name="Missed">Rounds in which nothing was staked: the chain is silent about them, the roots say that they were.</param>
internal sealed record Rebuilt(ReplayFile History, ImmutableArray<RebuiltWeek> Weeks, ImmutableArray<int> Missed);

/// <summary>
/// Makes a vault's history from its contract's logs alone (CONTRACT.md "Decided" 1). Two things are not in them: the settlements, which belong at the cuts, and rounds that were missed. Of those the
/// books remember the last before each settlement, and the root on chain proves which that was: numbers are tried until it fits. A published history, even of fewer weeks, says which to try first.
/// </summary>
internal sealed class Rebuilding
{
    private const int MissedMost = 40; // in a row; eight weeks of five rounds

    private readonly ImmutableArray<VaultEvent>.Builder events = ImmutableArray.CreateBuilder<VaultEvent>();
    private readonly ImmutableArray<RebuiltWeek>.Builder weeks = ImmutableArray.CreateBuilder<RebuiltWeek>();
    private readonly ImmutableArray<int>.Builder missed = ImmutableArray.CreateBuilder<int>();
    private readonly IReadOnlyDictionary<int, int> published;
    private readonly IReadOnlyDictionary<int, (string Root, bool Accepted)> roots;
    private readonly IReadOnlyList<int> staked;
    private Books books;

    private Rebuilding(Books beginning, IReadOnlyList<VaultLogEntry> log, IReadOnlyDictionary<int, int> published)
    {
        (books, this.published) = (beginning, published);
        roots = RootsOf(log);
        staked = [.. log.Select(entry => entry.Event).OfType<StakedEvent>().Select(it => (int)it.Round)];
    }

    /// <param name="concurrentRounds">N of ACCOUNTING.md 4.6, which no log says; null: the export's, else the tournament's.</param>
    /// <param name="log">The vault's and its notices' events from its creation to the block <paramref name="final"/>, in order.</param>
    /// <param name="export">What the app published of this vault; null: nothing is left of it.</param>
    /// <exception cref="RebuildException">The books refuse what the chain let happen.</exception>
    public static Rebuilt Of(string vault, CreateVault created, IReadOnlyList<VaultLogEntry> log, DateTimeOffset final, ReplayFile? export, int? concurrentRounds = null)
    {
        var settings = new VaultSettings(vault, Staking.PerRound, concurrentRounds ?? export?.Vault.ConcurrentRounds ?? OverlappingRounds.Of((int)created.Tournament));
        var terms = log.Select(entry => entry.Event).OfType<OfferedEvent>()
            .ToImmutableSortedDictionary(it => new TermsId(Convert.ToHexStringLower(it.Terms)), it => ChainTerms.Of(it.Content));
        var empty = new ReplayFile(settings, terms, []);
        var rebuilding = new Rebuilding(empty.Begin(), log, export is null ? new Dictionary<int, int>() : LastClosed(export));
        var calendar = Calendar.Of(created, log);
        var open = true;
        foreach (var entry in log)
        {
            rebuilding.SettleUntil(calendar, entry.Block.Time);
            open = entry.Event is not BooksClosedEvent;
            if (!open) break;
            if (ChainMoney.Meaning(entry.Event, [.. terms.Keys]) is { } happened) rebuilding.Take(happened);
        }

        if (open) rebuilding.SettleUntil(calendar, final);
        return new(empty with { Events = rebuilding.events.ToImmutable() }, rebuilding.weeks.ToImmutable(), rebuilding.missed.ToImmutable());
    }

    private void Take(VaultEvent happened)
    {
        // Rounds are numbered without a gap: those before this one that weren't staked were missed.
        if (happened is Close { Round.Number: var number } && books.LastClosed is { } last) Miss(last.Number + 1, number - 1);
        Append(happened);
    }

    private void SettleUntil(Calendar calendar, DateTimeOffset time)
    {
        while (calendar.Cut(books.LastWeek.Number + 1) <= time) Settle(books.LastWeek.Number + 1);
    }

    private void Settle(int week)
    {
        (string Root, bool Accepted)? onChain = roots.TryGetValue(week, out var found) ? found : null;
        var last = Candidates(week).Cast<int?>().FirstOrDefault(closed => onChain is null || RootAfter(closed!.Value, week) == onChain.Value.Root);
        if (last is { } number) Miss((books.LastClosed?.Number ?? number - 1) + 1, number);
        Append(new Settle(new Week(week)));
        weeks.Add(new(week, RootOf(books), onChain?.Root, onChain?.Accepted ?? false));
    }

    /// <summary>The rounds that may have been the last closed one before the settlement, the likeliest first. 0: none was.</summary>
    private IEnumerable<int> Candidates(int week)
    {
        var last = books.LastClosed?.Number ?? 0;
        if (published.TryGetValue(week, out var said) && said >= last) yield return said;
        yield return last;
        var next = staked.FirstOrDefault(round => round > last);
        if (last > 0)
        {
            for (var round = last + 1; round <= last + MissedMost && (next == 0 || round < next); round++) yield return round;
        }
        else
        {
            for (var round = next - 1; round > 0 && round >= next - MissedMost; round--) yield return round;
        }
    }

    private string RootAfter(int closed, int week)
    {
        var trial = books;
        if (closed > (books.LastClosed?.Number ?? 0)) trial = MissedRound(closed).Aggregate(trial, Apply);
        return RootOf(Apply(trial, new Settle(new Week(week))));
    }

    private void Miss(int first, int last)
    {
        for (var round = first; round <= last && last > 0; round++)
        {
            missed.Add(round);
            foreach (var happened in MissedRound(round)) Append(happened);
        }
    }

    private static VaultEvent[] MissedRound(int number) => [new Close(new Round(number), BasisPoints.Zero), new Resolve(new Round(number), Nmr.Zero)];

    private void Append(VaultEvent happened)
    {
        books = Apply(books, happened);
        events.Add(happened);
    }

    private static Books Apply(Books before, VaultEvent happened)
    {
        var applied = before.Apply(happened);
        return applied.Refusal is { } refusal
            ? throw new RebuildException($"The chain let {LoggedEvent.Text(happened)} happen, the books refuse it: {refusal.Code}. Is this a vault of Backstake's, and are all its logs there?")
            : applied.Books;
    }

    private static string RootOf(Books books) => Convert.ToHexStringLower(BooksRoot.Of(books).Hash);

    /// <summary>What the chain was told of each week's books: the accepted root, else the last one proposed.</summary>
    private static Dictionary<int, (string, bool)> RootsOf(IReadOnlyList<VaultLogEntry> log)
    {
        var told = new Dictionary<int, (string, bool)>();
        foreach (var seen in log.Select(entry => entry.Event))
        {
            if (seen is ProposedEvent proposed) told[(int)proposed.Week] = (Convert.ToHexStringLower(proposed.Books), false);
            if (seen is VetoedEvent vetoed) told.Remove((int)vetoed.Week);
            if (seen is SettledEvent settled) told[(int)settled.Week] = (Convert.ToHexStringLower(settled.Books), true);
        }

        return told;
    }

    /// <summary>The last round that a published history closed before each of its settlements.</summary>
    private static Dictionary<int, int> LastClosed(ReplayFile export)
    {
        var (closed, last) = (new Dictionary<int, int>(), 0);
        foreach (var happened in export.Events)
        {
            if (happened is Close close) last = close.Round.Number;
            if (happened is Settle settle) closed[settle.Week.Number] = last;
        }

        return closed;
    }
}

/// <summary>A history can't be made from what the chain says; the message is one line.</summary>
internal sealed class RebuildException(string message) : Exception(message);

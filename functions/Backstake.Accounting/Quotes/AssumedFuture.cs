using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>
/// What a quote assumes to happen: events, one after another, told to the books themselves. So a quoted number is the number booked when they happen. No other code computes money.
/// </summary>
internal sealed class AssumedFuture
{
    private readonly BooksState _books;
    private readonly ImmutableArray<VaultEvent>.Builder _events = ImmutableArray.CreateBuilder<VaultEvent>();

    public AssumedFuture(Books from)
        : this(from.State, [])
    {
    }

    private AssumedFuture(BooksState from, IEnumerable<VaultEvent> events)
    {
        _books = from.Fork();
        _events.AddRange(events);
    }

    public ImmutableArray<VaultEvent> Events => _events.ToImmutable();

    public VaultSettings Vault => _books.Vault;

    public Week NextWeek => _books.LastWeek + 1;

    /// <summary>The same future up to here; what follows may differ.</summary>
    public AssumedFuture Fork() => new(_books, _events);

    /// <summary>Why the books refuse the event, or null.</summary>
    public Refusal? Try(VaultEvent assumed)
    {
        var refusal = _books.Apply(assumed, out _);
        if (refusal is null) _events.Add(assumed);
        return refusal;
    }

    public Settlement Settle()
    {
        var settle = new Settle(NextWeek);
        if (_books.Apply(settle, out var settlement) is { } refusal) throw new InvalidOperationException($"{settle} was refused: {refusal}.");
        _events.Add(settle);
        return settlement!;
    }

    /// <summary>The next rounds close with all that the books say. Returns them.</summary>
    public ImmutableArray<Round> Close(int rounds)
    {
        var closed = ImmutableArray.CreateBuilder<Round>(rounds);
        for (var i = 0; i < rounds; i++)
        {
            closed.Add(new Round(checked((_books.LastClosed?.Number ?? 0) + 1)));
            Do(new Close(closed[i]));
        }

        return closed.MoveToImmutable();
    }

    public void ResolveAllWithNothing()
    {
        while (_books.OpenRounds.Count > 0) Do(new Resolve(_books.OpenRounds[0].Round, Nmr.Zero));
    }

    /// <summary>The round brings this part of its stake, or burns it, as far as a round can burn. Rounded up, so that a unit's part is the floor of what was meant.</summary>
    public void Resolve(Round round, Nmr part, Nmr whole)
    {
        var stake = _books.OpenRounds[_books.IndexOf(round)].Stake;
        var mostBurned = Nmr.Min(Nmr.MulDivFloor(stake, _books.Vault.MaxBurnBps), _books.Stake);
        Do(new Resolve(round, Nmr.Max(Nmr.MulDivCeiling(stake, part, whole), -mostBurned)));
    }

    private void Do(VaultEvent assumed)
    {
        if (Try(assumed) is { } refusal) throw new InvalidOperationException($"{assumed} was refused: {refusal}.");
    }
}

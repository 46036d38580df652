namespace Backstake.Accounting;

/// <summary>
/// The same fold as <see cref="Books.Apply"/> over many events, in place: for whoever wants the end and the settlements, not the books after every event. Not for several threads.
/// </summary>
public sealed class Fold(Books from)
{
    private readonly BooksState _state = from.State.Fork();
    private bool _broken;

    /// <summary>The books as they are now; what is applied later doesn't change them.</summary>
    public Books Books => _broken ? throw new InvalidOperationException("The fold broke off: there are no books.") : new(_state.Fork());

    /// <summary>A_r of an open round; null where it isn't open.</summary>
    public Nmr? StakeIn(Round round) => _state.IndexOf(round) is >= 0 and var index ? _state.OpenRounds[index].Stake : null;

    /// <summary>Why the event was refused, or null. Throws as <see cref="Books.Apply"/> does; then the fold can't go on.</summary>
    /// <param name="vaultEvent">The next event.</param>
    /// <param name="settlement">Of a settle that wasn't refused.</param>
    public Refusal? Apply(VaultEvent vaultEvent, out Settlement? settlement)
    {
        ArgumentNullException.ThrowIfNull(vaultEvent);
        ObjectDisposedException.ThrowIf(_broken, this);
        _broken = true;
        var refusal = _state.Apply(vaultEvent, out settlement);
        _broken = false;
        return refusal;
    }
}

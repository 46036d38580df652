namespace Backstake.Accounting.Reference;

/// <summary>A backer's address: 0x and 40 lower-case hex digits. Sorts by byte. Anything else throws.</summary>
public readonly record struct Backer : IComparable<Backer>
{
    private readonly string? _address;

    public Backer(string address)
    {
        if (!IsAddress(address)) throw new ArgumentException("A backer is 0x and 40 lower-case hex digits.", nameof(address));
        _address = address;
    }

    public string Address => _address ?? throw new InvalidOperationException("No backer was named.");

    public static bool IsAddress(string text) =>
        text.Length == 42 && text.StartsWith("0x", StringComparison.Ordinal) && !text.AsSpan(2).ContainsAnyExcept("0123456789abcdef");

    public int CompareTo(Backer other) => string.CompareOrdinal(Address, other.Address);

    public override string ToString() => Address;
}

/// <summary>
/// What names terms. Offered terms match <c>[0-9A-Za-z._-]{1,64}</c> (in the app: their digest, 64 hex digits); an event may name any string, which is then unknown.
/// Sorts by byte.
/// </summary>
public readonly record struct TermsId(string Text) : IComparable<TermsId>
{
    public static bool IsWellFormed(string text) => Identifier.IsWellFormed(text);

    public int CompareTo(TermsId other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;
}

/// <summary>What a deposit's profit above the unit size does: stay and be staked on, or be paid out each week.</summary>
public enum Payout
{
    Compound,
    Pay,
}

/// <summary>A series: all units bought under the same terms, accepted at the same settlement, with the same payout choice.</summary>
public readonly record struct SeriesId(TermsId Terms, Week EntryWeek, Payout Payout) : IComparable<SeriesId>
{
    public int CompareTo(SeriesId other)
    {
        var byTerms = Terms.CompareTo(other.Terms);
        if (byTerms != 0) return byTerms;
        var byWeek = EntryWeek.CompareTo(other.EntryWeek);
        return byWeek != 0 ? byWeek : Payout.CompareTo(other.Payout);
    }

    public override string ToString() => $"{Terms} of week {EntryWeek}, {Payout}";
}

/// <summary>A tranche: the units of a series that left at the same settlement.</summary>
public readonly record struct TrancheId(SeriesId Series, Week ExitWeek) : IComparable<TrancheId>
{
    public int CompareTo(TrancheId other)
    {
        var bySeries = Series.CompareTo(other.Series);
        return bySeries != 0 ? bySeries : ExitWeek.CompareTo(other.ExitWeek);
    }

    public override string ToString() => $"{Series}, leaving in week {ExitWeek}";
}

/// <summary>What of one backer waits for the next settlement to become units: deposits under the same terms with the same payout choice, together.</summary>
public readonly record struct WaitingId(TermsId Terms, Payout Payout, Backer Backer) : IComparable<WaitingId>
{
    public int CompareTo(WaitingId other)
    {
        var byTerms = Terms.CompareTo(other.Terms);
        if (byTerms != 0) return byTerms;
        var byPayout = Payout.CompareTo(other.Payout);
        return byPayout != 0 ? byPayout : Backer.CompareTo(other.Backer);
    }
}

internal static class Identifier
{
    private const int LongestLength = 64;

    public static bool IsWellFormed(string text) => text.Length is > 0 and <= LongestLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}

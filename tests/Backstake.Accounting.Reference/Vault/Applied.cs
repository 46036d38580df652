namespace Backstake.Accounting.Reference;

/// <summary>
/// What became of an event: the books after it; why it was refused, or null (refused: the books are the ones before); for a settle that wasn't refused, its settlement.
/// </summary>
public readonly record struct Applied(Books Books, Refusal? Refusal, Settlement? Settlement)
{
    internal static Applied Accepted(Books books, Settlement? settlement = null) => new(books, null, settlement);

    internal static Applied Refused(Books books, Refusal refusal) => new(books, refusal, null);
}

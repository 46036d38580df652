using Backstake.Accounting;

namespace Backstake.Functions.Backers.Tax;

/// <summary>
/// A backer's account in one vault as rows of an export. On cash basis what is claimed counts first as the price coming back, series by series, then as reward; units bought from another
/// backer cost what they were worth. That is a convention, not advice.
/// </summary>
/// <param name="vault">The vault's address.</param>
/// <param name="model">The model's name at Numerai.</param>
/// <param name="cut">When a week ended (UTC).</param>
public sealed class TaxLedger(string vault, string model, Func<Week, DateTimeOffset> cut, TaxBasis basis)
{
    /// <summary>What units of a series cost and has not come back.</summary>
    readonly Dictionary<SeriesId, Nmr> principal = [];

    /// <summary>The rows that follow from the next entry of the account.</summary>
    public IEnumerable<TaxRow> Add(AccountEntry entry)
    {
        if (entry.Statement is { } statement)
            return basis == TaxBasis.Cash ? Moved(statement).ToList() : Brought(statement);
        return entry.Receipt is { } receipt && basis == TaxBasis.Cash ? Claimed(receipt) : [];
    }

    IEnumerable<TaxRow> Moved(WeekStatement statement)
    {
        foreach (var line in statement.Lines)
            principal[line.Series] = principal.GetValueOrDefault(line.Series) + line.Bought - line.TakenBack + line.Received - line.HandedOn;
        foreach (var movement in statement.Movements)
        {
            TaxKind? kind = movement.Kind switch
            {
                MovementKind.Deposit => TaxKind.Deposit,
                MovementKind.CancelDeposit => TaxKind.Returned,
                MovementKind.TransferOut => TaxKind.UnitsOut,
                MovementKind.TransferIn => TaxKind.UnitsIn,
                _ => null, // asking out moves nothing
            };
            if (kind is { } moved)
                yield return new(movement.Origin!.At, moved, movement.Amount, vault, model, movement.Series, statement.Week, movement.Origin.Transaction);
        }
    }

    IEnumerable<TaxRow> Brought(WeekStatement statement) =>
        from line in statement.Lines
        where !line.Income.IsZero
        select new TaxRow(cut(statement.Week), line.Income.IsNegative ? TaxKind.Loss : TaxKind.Income, line.Income.IsNegative ? -line.Income : line.Income, vault, model, line.Series, statement.Week, null);

    IEnumerable<TaxRow> Claimed(Receipt receipt)
    {
        // Live units keep what they cost: what they distribute is profit.
        var left = receipt.ExitWeek is null ? Nmr.Zero : Nmr.OrZero(principal.GetValueOrDefault(receipt.Series));
        var returned = Nmr.Min(left, receipt.Amount);
        principal[receipt.Series] = principal.GetValueOrDefault(receipt.Series) - returned;
        foreach (var (kind, amount) in new[] { (TaxKind.Returned, returned), (TaxKind.Reward, receipt.Amount - returned) })
        {
            if (!amount.IsZero)
                yield return new(receipt.At, kind, amount, vault, model, receipt.Series, null, receipt.Transaction);
        }
    }
}

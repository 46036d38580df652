namespace Backstake.Accounting;

/// <summary>
/// What somebody is told before they sign: computed by the fold from a vault's books and an assumed future, so that the number quoted is the number booked when that future happens.
/// </summary>
public abstract record Quote
{
    private protected Quote()
    {
    }

    /// <summary>A <see cref="DepositQuote"/>, an <see cref="ExitQuote"/>, or a <see cref="RefusedQuote"/> where the books would refuse the ask now.</summary>
    /// <param name="books">As they are now; what waits in them joins at the next settlement too.</param>
    /// <param name="ask">A deposit's amount must be one that an event may name (<see cref="DepositAsk.IsBeyondSupply"/>).</param>
    /// <param name="resolving">In which week an open round resolves, as far as that is known; needed for an exit.</param>
    public static Quote Of(Books books, QuoteAsk ask, Func<Round, Week> resolving)
    {
        ArgumentNullException.ThrowIfNull(books);
        return ask switch
        {
            DepositAsk deposit => DepositQuote.Of(books, deposit),
            ExitAsk exit => ExitQuote.Of(books, exit, resolving),
            _ => throw new ArgumentException($"{ask?.GetType().Name} can't be quoted.", nameof(ask)),
        };
    }

    /// <summary>So many weeks after its close a round's money is back: five rounds open a week, and one resolves when the vault would stake its next part of N.</summary>
    public static int WeeksOfARound(VaultSettings vault) => Math.DivRem(vault.ConcurrentRounds - 1 + RoundsAWeek - 1, RoundsAWeek).Quotient;

    /// <summary>NUMERAI.md, "Rounds".</summary>
    public const int RoundsAWeek = 5;
}

namespace Backstake.Accounting;

/// <summary>What a quote is asked for.</summary>
public abstract record QuoteAsk
{
    private protected QuoteAsk()
    {
    }

    public abstract TermsId Terms { get; }

    public abstract Payout Payout { get; }

    public abstract Units Units { get; init; }
}

/// <summary>Units to be bought under offered terms.</summary>
public sealed record DepositAsk(TermsId Of, Units Units, Payout Choice = Payout.Compound) : QuoteAsk
{
    public override TermsId Terms => Of;

    public override Payout Payout => Choice;

    public override Units Units { get; init; } = Units;

    /// <summary>No deposit is of more NMR than can exist (ACCOUNTING.md 6).</summary>
    public bool IsBeyondSupply(Books books) => books.Terms.TryGetValue(Of, out var terms) && Units * terms.UnitSize > Nmr.GreatestSupply;
}

/// <summary>The way out of units that a backer holds.</summary>
public sealed record ExitAsk(Backer Backer, SeriesId Series, Units Units) : QuoteAsk
{
    public override TermsId Terms => Series.Terms;

    public override Payout Payout => Series.Payout;

    public override Units Units { get; init; } = Units;
}

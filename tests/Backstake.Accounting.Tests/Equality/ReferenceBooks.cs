using System.Collections.Immutable;

namespace Backstake.Accounting.Tests.Equality;

/// <summary>Our vaults, terms and events as the reference's.</summary>
internal static class ReferenceBooks
{
    /// <summary>Empty books that know the terms, also those that nobody could offer.</summary>
    public static Reference.Books Begin(VaultSettings vault, ImmutableSortedDictionary<TermsId, Terms> terms)
    {
        var settings = new Reference.VaultSettings(vault.Id, (Reference.Staking)vault.Staking, vault.ConcurrentRounds, Of(vault.MaxBurnBps));
        return Reference.Books.Open(settings) with { Terms = terms.ToImmutableSortedDictionary(one => Of(one.Key), one => Of(one.Value)) };
    }

    public static Reference.VaultEvent Of(VaultEvent vaultEvent) => vaultEvent switch
    {
        Close one => new Reference.Close(Of(one.Round), Of(one.ShareBps)),
        Resolve one => new Reference.Resolve(Of(one.Round), Of(one.Payout)),
        Deposit one => new Reference.Deposit(Of(one.Backer), Of(one.Terms), Of(one.Units), (Reference.Payout)one.Payout),
        CancelDeposit one => new Reference.CancelDeposit(Of(one.Backer), Of(one.Terms), Of(one.Units), (Reference.Payout)one.Payout),
        Exit one => new Reference.Exit(Of(one.Backer), Of(one.Series), Of(one.Units)),
        CancelExit one => new Reference.CancelExit(Of(one.Backer), Of(one.Series), Of(one.Units)),
        Transfer one => new Reference.Transfer(Of(one.Backer), Of(one.To), Of(one.Series), Of(one.Units)),
        HouseDeposit one => new Reference.HouseDeposit(Of(one.Amount)),
        HouseWithdraw one => new Reference.HouseWithdraw(Of(one.Amount)),
        ReserveDeposit one => new Reference.ReserveDeposit(Of(one.Amount)),
        ReserveWithdraw one => new Reference.ReserveWithdraw(Of(one.Amount)),
        WindDown => new Reference.WindDown(),
        Settle one => new Reference.Settle(new Reference.Week(one.Week.Number)),
        _ => throw new ArgumentException($"The reference knows no {vaultEvent.GetType().Name}.", nameof(vaultEvent)),
    };

    private static Reference.Terms Of(Terms terms) => new()
    {
        UnitSize = Of(terms.UnitSize),
        ProfitShareBps = Of(terms.ProfitShareBps),
        LossShareBps = Of(terms.LossShareBps),
        ReserveBps = Of(terms.ReserveBps),
        Crystallisation = (Reference.Crystallisation)terms.Crystallisation,
        ClawBackWeeks = terms.ClawBackWeeks,
        CompoundingWeeks = terms.CompoundingWeeks,
        LockupWeeks = terms.LockupWeeks,
        UpfrontFeeBps = Of(terms.UpfrontFeeBps),
        HouseMinBps = Of(terms.HouseMinBps),
    };

    private static Reference.Nmr Of(Nmr amount) => new(amount.Wei);

    private static Reference.BasisPoints Of(BasisPoints share) => new(share.Value);

    private static Reference.Round Of(Round round) => new(round.Number);

    private static Reference.Units Of(Units units) => new(units.Count);

    private static Reference.Backer Of(Backer backer) => new(backer.Address);

    private static Reference.TermsId Of(TermsId terms) => new(terms.Text);

    private static Reference.SeriesId Of(SeriesId series) => new(Of(series.Terms), new Reference.Week(series.EntryWeek.Number), (Reference.Payout)series.Payout);
}

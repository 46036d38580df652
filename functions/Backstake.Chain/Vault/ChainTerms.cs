using Backstake.Accounting;

namespace Backstake.Chain.Vault;

/// <summary>Terms of the books as the contract has them, and back (CONTRACT.md "Decided" 13).</summary>
public static class ChainTerms
{
    /// <summary>Whether it can be the struct hash of terms: 64 lower-case hex digits.</summary>
    public static bool IsAnId(TermsId id) => id.Text.Length == 64 && id.Text.All(char.IsAsciiHexDigitLower);

    public static VaultTerms Of(Terms terms) => new()
    {
        UnitSize = terms.UnitSize.Wei,
        ProfitShareBps = (ushort)terms.ProfitShareBps.Value,
        LossShareBps = (ushort)terms.LossShareBps.Value,
        ReserveBps = (ushort)terms.ReserveBps.Value,
        Crystallisation = (byte)terms.Crystallisation,
        ClawBackWeeks = (ushort)terms.ClawBackWeeks,
        CompoundingWeeks = (ushort)terms.CompoundingWeeks,
        LockupWeeks = (ushort)terms.LockupWeeks,
        UpfrontFeeBps = (ushort)terms.UpfrontFeeBps.Value,
        HouseMinBps = (ushort)terms.HouseMinBps.Value,
    };

    public static Terms Of(VaultTerms offered) => new()
    {
        UnitSize = new Accounting.Nmr(offered.UnitSize),
        ProfitShareBps = new BasisPoints(offered.ProfitShareBps),
        LossShareBps = new BasisPoints(offered.LossShareBps),
        ReserveBps = new BasisPoints(offered.ReserveBps),
        Crystallisation = (Crystallisation)offered.Crystallisation,
        ClawBackWeeks = offered.ClawBackWeeks,
        CompoundingWeeks = offered.CompoundingWeeks,
        LockupWeeks = offered.LockupWeeks,
        UpfrontFeeBps = new BasisPoints(offered.UpfrontFeeBps),
        HouseMinBps = new BasisPoints(offered.HouseMinBps),
    };
}

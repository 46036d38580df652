using System.Numerics;
using Backstake.Chain.Vault;

namespace Backstake.Season;

/// <summary>The terms that the season's vaults offer: one of each crystallisation, the first with shared burns and a reserve.</summary>
public static class SeasonTerms
{
    static readonly BigInteger WeiPerNmr = BigInteger.Pow(10, 18);

    public static BigInteger Wei(long nmr) => nmr * WeiPerNmr;

    public static VaultTerms Of(int vault) => (vault % 3) switch
    {
        0 => new VaultTerms
        {
            UnitSize = Wei(100), ProfitShareBps = 5000, LossShareBps = 5000, ReserveBps = 5000, Crystallisation = 0,
            CompoundingWeeks = 8, LockupWeeks = 2, HouseMinBps = 1000,
        },
        1 => new VaultTerms { UnitSize = Wei(50), ProfitShareBps = 3000, Crystallisation = 1, ClawBackWeeks = 4, CompoundingWeeks = 52, LockupWeeks = 1 },
        _ => new VaultTerms
        {
            UnitSize = Wei(20), ProfitShareBps = 2000, Crystallisation = 2, ClawBackWeeks = 2, CompoundingWeeks = 10, LockupWeeks = 1, UpfrontFeeBps = 100,
        },
    };
}

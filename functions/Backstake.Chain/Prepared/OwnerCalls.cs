using Backstake.Accounting;
using Backstake.Chain.Vault;

namespace Backstake.Chain.Prepared;

/// <summary>The calls with which an owner acts. Pure: whether books and chain would take them is looked at by <see cref="OwnerActs"/>.</summary>
public static class OwnerCalls
{
    private const string OfferDeclaration =
        "offer((uint96 unitSize, uint16 profitShareBps, uint16 lossShareBps, uint16 reserveBps, uint8 crystallisation, uint16 clawBackWeeks, uint16 compoundingWeeks, uint16 lockupWeeks, uint16 upfrontFeeBps, uint16 houseMinBps) terms, bytes signature)";

    /// <summary>Anybody may send it: the signature binds the owner.</summary>
    public static PreparedCall Offer(string vault, VaultTerms terms, byte[] signature) =>
        PreparedCall.Of($"Offer the terms {SignedTerms.Id(terms, vault)}, which the owner signed: from then on units can be bought under them.", vault, OfferDeclaration, new OfferFunction { Terms = terms, Signature = signature });

    /// <param name="vault">The vault's address.</param>
    /// <param name="nmr">The NMR token's address.</param>
    /// <param name="act">What the owner does.</param>
    /// <param name="allowance">What the owner allows the vault now; counts where NMR is brought.</param>
    public static IReadOnlyList<PreparedCall> Of(string vault, string nmr, OwnerAct act, Accounting.Nmr allowance)
    {
        ArgumentNullException.ThrowIfNull(act);
        var amount = act.Amount;
        return act.Name switch
        {
            "addHouse" => [.. PreparedCalls.Approvals(vault, nmr, amount, allowance), PreparedCall.Of(
                $"Bring {amount} NMR to the house: staked from the next settlement on, with the backers' units.", vault, "addHouse(uint88 amount)", new AddHouseFunction { Amount = amount.Wei })],
            "askHouse" => [PreparedCall.Of(
                $"Ask {amount} NMR of the house back: they leave like an exit, at the next settlement and as rounds resolve.", vault, "askHouse(uint88 amount)", new AskHouseFunction { Amount = amount.Wei })],
            "takeHouse" => [PreparedCall.Of("Have what accepted settlements released of the house paid to the owner.", vault, "takeHouse()", new TakeHouseFunction())],
            "addReserve" => [.. PreparedCalls.Approvals(vault, nmr, amount, allowance), PreparedCall.Of(
                $"Bring {amount} NMR to the reserve: never staked, it covers losses of units that leave.", vault, "addReserve(uint88 amount)", new AddReserveFunction { Amount = amount.Wei })],
            "askReserve" => [PreparedCall.Of(
                $"Ask {amount} NMR of the reserve back: paid once the next settlement is accepted.", vault, "askReserve(uint88 amount)", new AskReserveFunction { Amount = amount.Wei })],
            "takeReserve" => [PreparedCall.Of("Have what accepted settlements released of the reserve paid to the owner.", vault, "takeReserve()", new TakeReserveFunction())],
            "withdrawOffer" => [PreparedCall.Of(
                "Withdraw the offer for good: the same terms can't be offered again. Units bought under them keep them.", vault, "withdrawOffer(bytes32 id)",
                new WithdrawOfferFunction { Terms = Convert.FromHexString(act.Terms!.Value.Text) })],
            "pause" => [PreparedCall.Of(
                $"Deposits {(act.PausesDeposits!.Value ? "are refused" : "are taken")}, staking {(act.PausesStaking!.Value ? "is refused" : "goes on")}, until this is said anew. Exits, cancels, claims, results and settlements always go on.",
                vault, "pause(bool deposits, bool staking)", new PauseFunction { Deposits = act.PausesDeposits.Value, Staking = act.PausesStaking.Value })],
            "windDown" => [PreparedCall.Of("Close the vault for good: at the next settlement everybody leaves. Nobody can take this back.", vault, "windDown()", new WindDownFunction())],
            _ => throw new ArgumentException($"{act.Name} is no call.", nameof(act)),
        };
    }
}

using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>What the owner does with house, reserve and offers, who gives, and who stops.</summary>
internal sealed partial class Player
{
    private const long SilenceSeconds = 28 * DaySeconds;

    private const int OverdueWeeks = 16;

    private BigInteger ownerPut;
    private BigInteger donated;
    private bool stakingPaused;

    private string? NotSettled => unaccepted.Count > 0 ? "pending" : null;

    private string? TwoNotSettled => unaccepted.Count >= 2 ? "pending" : null;

    private void AddHouse(Move move) => AddHouse(SomeNmr(move));

    private void AddHouse(BigInteger amount)
    {
        if (!Both("houseDeposit", People.Owner, new AddHouseFunction { Amount = amount }, new HouseDeposit(new Nmr(amount)), TwoNotSettled)) return;
        ownerPut += amount;
        Counts.SituationIf(amount.IsOne, "house deposit of 1 wei");
    }

    private void AskHouse(Move move)
    {
        var amount = PartOf(books.HouseSpare.Wei, move);
        if (Both("houseWithdraw", People.Owner, new AskHouseFunction { Amount = amount }, new HouseWithdraw(new Nmr(amount)), NotSettled)) Counts.SituationIf(amount.IsOne, "house withdrawal of 1 wei");
    }

    private void TakeHouse() => ChainAlone("takeHouse", People.Owner, new TakeHouseFunction());

    private void AddReserve(Move move) => AddReserve(SomeNmr(move) * 4);

    private void AddReserve(BigInteger amount)
    {
        if (Both("reserveDeposit", People.Owner, new AddReserveFunction { Amount = amount }, new ReserveDeposit(new Nmr(amount)))) ownerPut += amount;
    }

    private void AskReserve(Move move)
    {
        var amount = PartOf(books.ReserveUnlocked.Wei, move);
        if (Both("reserveWithdraw", People.Owner, new AskReserveFunction { Amount = amount }, new ReserveWithdraw(new Nmr(amount)), NotSettled)) Counts.SituationIf(amount.IsOne, "reserve withdrawal of 1 wei");
    }

    private void TakeReserve() => ChainAlone("takeReserve", People.Owner, new TakeReserveFunction());

    private void Donate(Move move)
    {
        var amount = move.A % 3 == 0 ? BigInteger.One : 1 + (move.B * BigInteger.Pow(10, 9));
        var toVault = move.C % 5 != 0;
        ChainAloneAt(chain.World.Nmr, toVault ? "donation" : "donation to the staker", People.Donor, new NmrTransferFunction { To = toVault ? chain.Address : chain.Staker, Value = amount });
        if (toVault) donated += amount; // to the staker: it stays there, and is nobody's result
    }

    /// <summary>Booked as the owner's house: to the books a house deposit.</summary>
    private void Sync()
    {
        if (donated.IsZero) return;
        if (Both("sync", People.Anybody, new SyncFunction(), new HouseDeposit(new Nmr(donated)), TwoNotSettled)) donated = 0;
    }

    private void Pause(bool deposits, bool staking, Move move)
    {
        (depositsPaused, stakingPaused) = (deposits, staking);
        ChainAlone(deposits || staking ? "pause" : "resume", move.B % 2 == 0 ? People.Owner : People.Guardian, new PauseFunction { Deposits = deposits, Staking = staking });
    }

    private void WithdrawOffer(Move move)
    {
        var (id, _) = offers[move.A % offers.Length];
        if (!withdrawn.Add(id)) return;
        ChainAlone("withdrawOffer", People.Owner, new WithdrawOfferFunction { Terms = Convert.FromHexString(id.Text) });
    }

    /// <summary>The owner at any time; anybody after 28 days of silence, or by the name of a class that is unpaid 16 weeks after it left.</summary>
    private void WindDown(string sender)
    {
        var overdue = classes.Keys.Where(it => it.ExitWeek != 0 && CurrentWeek > it.ExitWeek + OverdueWeeks).Take(1).ToList();
        if (sender != People.Owner && overdue.Count > 0)
        {
            var call = new WindDownOverdueFunction { Series = VaultOnChain.Series(overdue[0].Series), ExitWeek = (uint)overdue[0].ExitWeek };
            if (Both("windDown", sender, call, new WindDown())) Counts.Situation("wind-down by an overdue class");
            return;
        }

        var tooEarly = sender != People.Owner && now < settledAt + SilenceSeconds;
        var done = Both("windDown", sender, new WindDownFunction(), new WindDown(), tooEarly ? "tooEarly" : null);
        Counts.SituationIf(done && sender != People.Owner, "wind-down by silence");
    }

    /// <summary>Roles' work, tried by somebody without the role.</summary>
    private void Stranger(Move move)
    {
        switch (move.A % 6)
        {
            case 0: ChainAlone("askHouse by a stranger", People.Anybody, new AskHouseFunction { Amount = 1 }, "notAllowed"); break;
            case 1: ChainAlone("takeHouse by a stranger", People.Settler, new TakeHouseFunction(), "notAllowed"); break;
            case 2: ChainAlone("takeReserve by a stranger", People.Guardian, new TakeReserveFunction(), "notAllowed"); break;
            case 3: ChainAlone("commit by a stranger", People.StakerKey, new CommitFunction { Round = (uint)nextRound, PredictionHash = new byte[32] }, "notAllowed"); break;
            case 4: ChainAlone("pause by a stranger", People.Settler, new PauseFunction { Deposits = true, Staking = true }, "notAllowed"); break;
            default: ChainAlone("withdrawOffer by a stranger", People.Guardian, new WithdrawOfferFunction { Terms = Convert.FromHexString(offers[0].Id.Text) }, "notAllowed"); break;
        }
    }

    /// <summary>0 (refused), 1 wei, or some NMR and weis.</summary>
    private static BigInteger SomeNmr(Move move) => (move.C % 8) switch { 0 => 0, 1 => 1, _ => (move.A % 100 * Wei.OneNmr) + (move.B % 1_000) + 1 };

    /// <summary>0, 1 wei, a part, all, or 1 wei more than all.</summary>
    private static BigInteger PartOf(BigInteger most, Move move) => (move.C % 10) switch
    {
        0 => 0,
        1 => 1,
        2 => most,
        3 => most + 1,
        _ => most * (move.B % 1_000) / 1_600,
    };
}

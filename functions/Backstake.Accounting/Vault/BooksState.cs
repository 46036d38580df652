using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>
/// What <see cref="Books"/> hold, laid out for the fold and changed in place by the rules. Those of a <see cref="Books"/> nobody changes: whoever goes on from them forks first.
/// </summary>
internal sealed class BooksState
{
    /// <summary>Locked is ⌈s·maxBurn/10⁴⌉ = −⌊−maxBurn·s/10⁴⌋ (continuous).</summary>
    private readonly Proportion _burnable;

    public BooksState(VaultSettings vault)
    {
        Vault = vault;
        _burnable = new Proportion(-vault.MaxBurnBps.Value, BasisPoints.WholeValue);
    }

    public VaultSettings Vault { get; }

    public ImmutableSortedDictionary<TermsId, Terms> Terms { get; set; } = ImmutableSortedDictionary<TermsId, Terms>.Empty;

    public Week LastWeek { get; set; }

    public Round? LastClosed { get; set; }

    public bool IsWindingDown { get; set; }

    public Nmr Stake { get; set; }

    public Nmr Cash { get; set; }

    public Nmr House { get; set; }

    public Nmr HouseLeaving { get; set; }

    public Nmr HouseAsked { get; set; }

    public Nmr HouseWaiting { get; set; }

    public Nmr HouseSpare { get; set; }

    public Nmr HouseTarget { get; set; }

    public Nmr HouseLocked { get; set; }

    public Nmr Reserve { get; set; }

    public Nmr ReserveLocked { get; set; }

    public Nmr ReserveAsked { get; set; }

    /// <summary>In their order.</summary>
    public List<OpenRound> OpenRounds { get; private set; } = [];

    public PendingReleases Pending { get; set; } = PendingReleases.None;

    public UnitTable Series { get; private set; } = new();

    public UnitTable Tranches { get; private set; } = new();

    public WaitingUnits WaitingUnits { get; private set; } = new();

    /// <summary>Running total: Σ units·unitSize of <see cref="WaitingUnits"/>.</summary>
    public Nmr WaitingDeposits { get; set; }

    /// <summary>Running total: Σ units·(v + y − p) over series and tranches.</summary>
    public Nmr UnitsWorth { get; set; }

    /// <summary>Running total: Σ units·u over series and tranches.</summary>
    public Nmr UnitsFree { get; set; }

    /// <summary>Σ units·t + t_h: the instruction of this week (perRound).</summary>
    public Nmr MostOfARound { get; set; }

    public Nmr HouseFree => House - HouseLocked;

    public Nmr ReserveUnlocked => Reserve - ReserveLocked - ReserveAsked;

    /// <summary>Σ over series units·⌈v·houseMinBps/10⁴⌉.</summary>
    public Nmr RequiredHouse
    {
        get
        {
            var required = Nmr.Zero;
            foreach (var slot in Series.Order)
            {
                var share = Series.ClassAt(slot).Terms.HouseMinBps;
                if (share.Value != 0) required += Series.UnitsAt(slot) * Nmr.MulDivCeiling(Series.ValueAt(slot), share);
            }

            return required;
        }
    }

    /// <summary>What of L isn't staked on: min(L, max(0, house − required house)).</summary>
    public Nmr HouseGoing => HouseLeaving.IsZero ? Nmr.Zero : Nmr.Min(HouseLeaving, Nmr.OrZero(House - RequiredHouse));

    public IStakingRegime Regime => Vault.Staking == Staking.PerRound ? PerRound.Regime : Continuous.Regime;

    /// <summary>The same books, that may now be changed without changing these.</summary>
    public BooksState Fork()
    {
        var fork = (BooksState)MemberwiseClone();
        fork.OpenRounds = [.. OpenRounds];
        fork.Series = Series.Fork();
        fork.Tranches = Tranches.Fork();
        fork.WaitingUnits = WaitingUnits.Fork();
        return fork;
    }

    /// <summary>The event's rules; null, or why it was refused: then nothing has changed.</summary>
    public Refusal? Apply(VaultEvent vaultEvent, out Settlement? settlement)
    {
        settlement = null;
        var refusal = vaultEvent switch
        {
            Close close => Rounds.Close(this, close),
            Resolve resolve => Rounds.Resolve(this, resolve),
            Deposit deposit => Deposits.Deposit(this, deposit),
            CancelDeposit cancel => Deposits.Cancel(this, cancel),
            Exit exit => Exits.Exit(this, exit),
            CancelExit cancel => Exits.Cancel(this, cancel),
            Transfer transfer => Exits.Transfer(this, transfer),
            HouseDeposit deposit => OwnersMoney.HouseDeposit(this, deposit),
            HouseWithdraw withdraw => OwnersMoney.HouseWithdraw(this, withdraw),
            ReserveDeposit deposit => OwnersMoney.ReserveDeposit(this, deposit),
            ReserveWithdraw withdraw => OwnersMoney.ReserveWithdraw(this, withdraw),
            WindDown => OwnersMoney.WindDown(this),
            Settle settle => Settlements.Settle(this, settle, out settlement),
            _ => throw new ArgumentException($"{vaultEvent.GetType().Name} is no event of the books.", nameof(vaultEvent)),
        };
        if (refusal is null) Invariants.Check(this);
        return refusal;
    }

    /// <summary>What of a stake its round could still burn (ACCOUNTING.md 1, "Locked and free").</summary>
    public Int128 Locked(Int128 stake) => Vault.Staking == Staking.PerRound ? stake : -_burnable.Of(stake);

    /// <summary>The place of a round in <see cref="OpenRounds"/>, or -1.</summary>
    public int IndexOf(Round round)
    {
        var (low, high) = (0, OpenRounds.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var compared = OpenRounds[middle].Round.CompareTo(round);
            if (compared == 0) return middle;
            if (compared < 0) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }

    /// <summary>Σ units·(v + y − p) and Σ units·u, from the units themselves.</summary>
    public (Nmr Worth, Nmr Free) SumOfUnits()
    {
        var (worth, free) = (Nmr.Zero, Nmr.Zero);
        foreach (var table in (ReadOnlySpan<UnitTable>)[Series, Tranches])
        {
            foreach (var slot in table.Order)
            {
                worth += table.UnitsAt(slot) * table.WorthAt(slot);
                free += table.UnitsAt(slot) * table.FreeAt(slot);
            }
        }

        return (worth, free);
    }
}

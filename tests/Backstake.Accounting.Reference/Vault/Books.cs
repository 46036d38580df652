using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>
/// The books of a vault: a pure fold over its events, immutable. Begin with <see cref="Open"/> or <see cref="StoredBooks.Read"/>, make the offered terms known with
/// <see cref="WithTerms"/>, go on with <see cref="Apply"/>. The letters are ACCOUNTING.md's.
/// </summary>
public sealed record Books
{
    private Books(VaultSettings vault) => Vault = vault;

    public VaultSettings Vault { get; }

    /// <summary>What an event may name.</summary>
    public ImmutableSortedDictionary<TermsId, Terms> Terms { get; internal init; } = ImmutableSortedDictionary<TermsId, Terms>.Empty;

    /// <summary>The last settled week; 0: none yet.</summary>
    public Week LastWeek { get; internal init; }

    public Round? LastClosed { get; internal init; }

    public bool IsWindingDown { get; internal init; }

    /// <summary>What is staked at Numerai.</summary>
    public Nmr Stake { get; internal init; }

    /// <summary>What the vault holds besides the reserve, waiting deposits too.</summary>
    public Nmr Cash { get; internal init; }

    /// <summary>The owner's own capital; negative is a debt (continuous only).</summary>
    public Nmr House { get; internal init; }

    /// <summary>L: asked back before the last settlement and not paid.</summary>
    public Nmr HouseLeaving { get; internal init; }

    /// <summary>L': asked back since the last settlement.</summary>
    public Nmr HouseAsked { get; internal init; }

    /// <summary>House deposits that wait for the next settlement.</summary>
    public Nmr HouseWaiting { get; internal init; }

    public Nmr HouseSpare { get; internal init; }

    /// <summary>t_h: the house's stake in each round of this week, at most (perRound only).</summary>
    public Nmr HouseTarget { get; internal init; }

    /// <summary>Σ locked of the house's stakes.</summary>
    public Nmr HouseLocked { get; internal init; }

    public Nmr Reserve { get; internal init; }

    public Nmr ReserveLocked { get; internal init; }

    /// <summary>R: asked back from the reserve, not yet paid.</summary>
    public Nmr ReserveAsked { get; internal init; }

    public ImmutableSortedDictionary<Round, OpenRound> OpenRounds { get; internal init; } = ImmutableSortedDictionary<Round, OpenRound>.Empty;

    /// <summary>Released stake that isn't cash yet (continuous only).</summary>
    public PendingReleases Pending { get; internal init; } = PendingReleases.None;

    public ImmutableSortedDictionary<SeriesId, Series> Series { get; private init; } = ImmutableSortedDictionary<SeriesId, Series>.Empty;

    public ImmutableSortedDictionary<TrancheId, Tranche> Tranches { get; private init; } = ImmutableSortedDictionary<TrancheId, Tranche>.Empty;

    /// <summary>Units that wait for the next settlement.</summary>
    public ImmutableSortedDictionary<WaitingId, Units> WaitingUnits { get; private init; } = ImmutableSortedDictionary<WaitingId, Units>.Empty;

    /// <summary>Running total: Σ units·unitSize of <see cref="WaitingUnits"/>.</summary>
    public Nmr WaitingDeposits { get; private init; }

    /// <summary>Running total: Σ units·(v + y − p) over series and tranches.</summary>
    public Nmr UnitsWorth { get; private init; }

    /// <summary>Running total: Σ units·u over series and tranches.</summary>
    public Nmr UnitsFree { get; private init; }

    /// <summary>u_h = house − Σ locked of its stakes.</summary>
    public Nmr HouseFree => House - HouseLocked;

    public Nmr ReserveUnlocked => Reserve - ReserveLocked - ReserveAsked;

    /// <summary>Σ over series units·⌈v·houseMinBps/10⁴⌉.</summary>
    public Nmr RequiredHouse => Series.Values.Aggregate(Nmr.Zero, (sum, series) => sum + series.RequiredHouse);

    /// <summary>What of L isn't staked on: min(L, max(0, house − required house)).</summary>
    public Nmr HouseGoing => Nmr.Min(HouseLeaving, Nmr.OrZero(House - RequiredHouse));

    internal IStakingRegime Regime => Vault.Staking == Staking.PerRound ? PerRound.Regime : Continuous.Regime;

    public static Books Open(VaultSettings vault) => new(vault);

    /// <summary>
    /// Makes terms known to later events; offering the same again changes nothing. Known terms don't belong to the state: what nobody has bought isn't stored.
    /// Throws where a field is out of its bounds, or the id names other terms.
    /// </summary>
    public Books WithTerms(TermsId id, Terms terms)
    {
        if (!TermsId.IsWellFormed(id.Text)) throw new ArgumentException($"Terms can't be named '{id.Text}'.", nameof(id));
        if (terms.FieldOutOfBounds() is { } field) throw new ArgumentException($"{field} is out of its bounds.", nameof(terms));
        if (Terms.TryGetValue(id, out var known) && known != terms) throw new ArgumentException($"The terms {id} are known with another content.", nameof(terms));
        return this with { Terms = Terms.SetItem(id, terms) };
    }

    /// <summary>
    /// The books after an event. A refused event changes nothing. Throws <see cref="InvariantViolatedException"/> where ACCOUNTING.md 5 doesn't hold afterwards: then nothing
    /// may be built on these books.
    /// </summary>
    public Applied Apply(VaultEvent vaultEvent)
    {
        ArgumentNullException.ThrowIfNull(vaultEvent);
        var applied = vaultEvent switch
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
            Settle settle => Settlements.Settle(this, settle),
            _ => throw new ArgumentException($"{vaultEvent.GetType().Name} is no event of the books.", nameof(vaultEvent)),
        };
        if (applied.Refusal is null) Invariants.Check(applied.Books);
        if (applied.Settlement is not null) Invariants.CheckInFull(applied.Books);
        return applied;
    }

    /// <summary>A_r: what a close of the next round would fix now, if <paramref name="shareBps"/> of it really is staked.</summary>
    public Nmr StakeOfNextRound(BasisPoints shareBps) => Regime.Stakes(this, shareBps).Total;

    public Nmr StakeOfNextRound() => StakeOfNextRound(BasisPoints.Whole);

    /// <summary>SHA-256 of the stored books.</summary>
    public byte[] Digest() => StoredBooks.Digest(this);

    internal Books With(Series series)
    {
        var old = Series.GetValueOrDefault(series.Id);
        return this with
        {
            Series = Series.SetItem(series.Id, series),
            UnitsWorth = UnitsWorth - WorthOf(old) + WorthOf(series),
            UnitsFree = UnitsFree - FreeOf(old) + FreeOf(series),
        };
    }

    internal Books Without(Series series) => this with
    {
        Series = Series.Remove(series.Id),
        UnitsWorth = UnitsWorth - WorthOf(Series[series.Id]),
        UnitsFree = UnitsFree - FreeOf(Series[series.Id]),
    };

    internal Books With(Tranche tranche)
    {
        var old = Tranches.GetValueOrDefault(tranche.Id);
        return this with
        {
            Tranches = Tranches.SetItem(tranche.Id, tranche),
            UnitsWorth = UnitsWorth - WorthOf(old) + WorthOf(tranche),
            UnitsFree = UnitsFree - FreeOf(old) + FreeOf(tranche),
        };
    }

    internal Books Without(Tranche tranche) => this with
    {
        Tranches = Tranches.Remove(tranche.Id),
        UnitsWorth = UnitsWorth - WorthOf(Tranches[tranche.Id]),
        UnitsFree = UnitsFree - FreeOf(Tranches[tranche.Id]),
    };

    internal Books WithWaiting(WaitingId id, Units units)
    {
        var unitSize = Terms[id.Terms].UnitSize;
        return this with
        {
            WaitingUnits = units.IsZero ? WaitingUnits.Remove(id) : WaitingUnits.SetItem(id, units),
            WaitingDeposits = WaitingDeposits - (WaitingUnits.GetValueOrDefault(id) * unitSize) + (units * unitSize),
        };
    }

    private static Nmr WorthOf(Series? series) => series is null ? Nmr.Zero : series.Units * series.Unit.Worth;

    private static Nmr WorthOf(Tranche? tranche) => tranche is null ? Nmr.Zero : tranche.Units * tranche.Unit.Worth;

    private static Nmr FreeOf(Series? series) => series is null ? Nmr.Zero : series.Units * series.Unit.Free;

    private static Nmr FreeOf(Tranche? tranche) => tranche is null ? Nmr.Zero : tranche.Units * tranche.Unit.Free;
}

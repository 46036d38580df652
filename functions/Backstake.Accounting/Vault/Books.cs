using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>
/// The books of a vault: a pure fold over its events, immutable. Begin with <see cref="Open"/> or <see cref="StoredBooks.Read"/>, make the offered terms known with
/// <see cref="WithTerms"/>, go on with <see cref="Apply"/>. The letters are ACCOUNTING.md's.
/// </summary>
public sealed class Books
{
    private ImmutableSortedDictionary<Round, OpenRound>? _openRounds;
    private ImmutableSortedDictionary<SeriesId, Series>? _series;
    private ImmutableSortedDictionary<TrancheId, Tranche>? _tranches;
    private ImmutableSortedDictionary<WaitingId, Units>? _waitingUnits;

    /// <param name="state">Changed by nobody from here on.</param>
    internal Books(BooksState state) => State = state;

    public VaultSettings Vault => State.Vault;

    /// <summary>What an event may name.</summary>
    public ImmutableSortedDictionary<TermsId, Terms> Terms => State.Terms;

    /// <summary>The last settled week; 0: none yet.</summary>
    public Week LastWeek => State.LastWeek;

    public Round? LastClosed => State.LastClosed;

    public bool IsWindingDown => State.IsWindingDown;

    /// <summary>What is staked at Numerai.</summary>
    public Nmr Stake => State.Stake;

    /// <summary>What the vault holds besides the reserve, waiting deposits too.</summary>
    public Nmr Cash => State.Cash;

    /// <summary>The owner's own capital; negative is a debt (continuous only).</summary>
    public Nmr House => State.House;

    /// <summary>L: asked back before the last settlement and not paid.</summary>
    public Nmr HouseLeaving => State.HouseLeaving;

    /// <summary>L': asked back since the last settlement.</summary>
    public Nmr HouseAsked => State.HouseAsked;

    /// <summary>House deposits that wait for the next settlement.</summary>
    public Nmr HouseWaiting => State.HouseWaiting;

    public Nmr HouseSpare => State.HouseSpare;

    /// <summary>t_h: the house's stake in each round of this week, at most (perRound only).</summary>
    public Nmr HouseTarget => State.HouseTarget;

    /// <summary>Σ locked of the house's stakes.</summary>
    public Nmr HouseLocked => State.HouseLocked;

    public Nmr Reserve => State.Reserve;

    public Nmr ReserveLocked => State.ReserveLocked;

    /// <summary>R: asked back from the reserve, not yet paid.</summary>
    public Nmr ReserveAsked => State.ReserveAsked;

    public ImmutableSortedDictionary<Round, OpenRound> OpenRounds => _openRounds ??= State.OpenRounds.ToImmutableSortedDictionary(round => round.Round, round => round);

    /// <summary>Released stake that isn't cash yet (continuous only).</summary>
    public PendingReleases Pending => State.Pending;

    public ImmutableSortedDictionary<SeriesId, Series> Series => _series ??= SeenAs(State.Series, SeriesAt).ToImmutableSortedDictionary(series => series.Id, series => series);

    public ImmutableSortedDictionary<TrancheId, Tranche> Tranches =>
        _tranches ??= SeenAs(State.Tranches, TrancheAt).ToImmutableSortedDictionary(tranche => tranche.Id, tranche => tranche);

    /// <summary>Units that wait for the next settlement.</summary>
    public ImmutableSortedDictionary<WaitingId, Units> WaitingUnits => _waitingUnits ??= State.WaitingUnits.All.ToImmutableSortedDictionary();

    /// <summary>How many holdings are listed, those that wait too: how large the books are.</summary>
    public int Holdings => State.Series.Holdings + State.Tranches.Holdings + State.WaitingUnits.Count;

    /// <summary>Σ units·unitSize of <see cref="WaitingUnits"/>.</summary>
    public Nmr WaitingDeposits => State.WaitingDeposits;

    /// <summary>Σ units·(v + y − p) over series and tranches.</summary>
    public Nmr UnitsWorth => State.UnitsWorth;

    /// <summary>Σ units·u over series and tranches.</summary>
    public Nmr UnitsFree => State.UnitsFree;

    /// <summary>u_h = house − Σ locked of its stakes.</summary>
    public Nmr HouseFree => State.HouseFree;

    public Nmr ReserveUnlocked => State.ReserveUnlocked;

    /// <summary>Σ over series units·⌈v·houseMinBps/10⁴⌉.</summary>
    public Nmr RequiredHouse => State.RequiredHouse;

    /// <summary>What of L isn't staked on: min(L, max(0, house − required house)).</summary>
    public Nmr HouseGoing => State.HouseGoing;

    internal BooksState State { get; }

    public static Books Open(VaultSettings vault) => new(new BooksState(vault));

    /// <summary>
    /// Makes terms known to later events; offering the same again changes nothing. Known terms don't belong to the state: what nobody has bought isn't stored.
    /// Throws where a field is out of its bounds, or the id names other terms.
    /// </summary>
    public Books WithTerms(TermsId id, Terms terms)
    {
        if (!TermsId.IsWellFormed(id.Text)) throw new ArgumentException($"Terms can't be named '{id.Text}'.", nameof(id));
        if (terms.FieldOutOfBounds() is { } field) throw new ArgumentException($"{field} is out of its bounds.", nameof(terms));
        if (Terms.TryGetValue(id, out var known) && known != terms) throw new ArgumentException($"The terms {id} are known with another content.", nameof(terms));
        var state = State.Fork();
        state.Terms = Terms.SetItem(id, terms);
        return new(state);
    }

    /// <summary>
    /// The books after an event. A refused event changes nothing. Throws <see cref="InvariantViolatedException"/> where ACCOUNTING.md 5 doesn't hold afterwards: then nothing
    /// may be built on these books. For many events <see cref="Fold"/> is faster.
    /// </summary>
    public Applied Apply(VaultEvent vaultEvent)
    {
        ArgumentNullException.ThrowIfNull(vaultEvent);
        var state = State.Fork();
        var refusal = state.Apply(vaultEvent, out var settlement);
        return refusal is null ? new(new Books(state), null, settlement) : new(this, refusal, null);
    }

    /// <summary>A_r: what a close of the next round would fix now, if <paramref name="shareBps"/> of it really is staked.</summary>
    public Nmr StakeOfNextRound(BasisPoints shareBps) => State.Regime.Stakes(State, shareBps, new Int128[State.Series.Slots]).Total;

    public Nmr StakeOfNextRound() => StakeOfNextRound(BasisPoints.Whole);

    /// <summary>SHA-256 of the stored books.</summary>
    public byte[] Digest() => StoredBooks.Digest(this);

    private static IEnumerable<T> SeenAs<T>(UnitTable table, Func<UnitTable, int, T> at) => table.Order.ToArray().Select(slot => at(table, slot));

    private Series SeriesAt(UnitTable table, int slot)
    {
        var series = table.ClassAt(slot);
        return new() { Id = series.Series, Terms = series.Terms, Unit = UnitAt(table, slot), Holders = series.Holders, Leaving = series.Leaving };
    }

    private Tranche TrancheAt(UnitTable table, int slot)
    {
        var tranche = table.ClassAt(slot);
        return new() { Id = new TrancheId(tranche.Series, tranche.ExitWeek!.Value), Terms = tranche.Terms, Unit = UnitAt(table, slot), Holders = tranche.Holders, Final = table.States[slot].Final };
    }

    private Unit UnitAt(UnitTable table, int slot)
    {
        ref readonly var unit = ref table.States[slot];
        var result = Nmr.FromWei(table.InRounds[slot].Result);
        return new()
        {
            Value = unit.Value + result,
            Cumulative = unit.Cumulative + result,
            SinceSettlement = unit.SinceSettlement + result,
            OwnerShare = unit.OwnerShare,
            UpfrontFee = unit.UpfrontFee,
            Entries = unit.Entries,
            Cover = unit.Cover,
            Paid = unit.Paid,
            Payable = unit.Payable,
            Distributed = unit.Distributed,
            Target = unit.Target,
            Parts = [.. Enumerable.Range(0, State.OpenRounds.Count).Where(round => !table.StakeAt(round, slot).IsZero).Select(round => PartIn(table, round, slot))],
            Locked = Nmr.FromWei(table.InRounds[slot].Locked),
        };
    }

    private Part PartIn(UnitTable table, int round, int slot)
    {
        var stake = table.StakeAt(round, slot);
        return new(State.OpenRounds[round].Round, stake, Nmr.FromWei(State.Locked(stake.Value)));
    }
}

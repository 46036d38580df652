using Backstake.Chain.Vault;

namespace Backstake.Simulation.Chain;

/// <summary>What a vault was created with.</summary>
public sealed record VaultFacts(
    string Vault, string Notices, string Staker, string Owner, string Guardian, string Committer, string StakerKey, string Settler, Guid ModelId, int Tournament, long FirstCut, long Window);

/// <summary>One call of a vault: by whom, when, and what it logged.</summary>
public sealed record CallContext(string Sender, long Time, List<ModelLog> Logs);

/// <summary>
/// The vault contract as a model: its money, claims, windows and refusals follow contracts/src line by line (Vault.sol, Settling.sol, Rounds.sol), so that
/// what the real one wouldn't pay isn't paid here. Amounts in wei, times in seconds. A call that reverts leaves a half-changed copy, which nobody keeps.
/// </summary>
public sealed partial class VaultModel(VaultFacts facts)
{
    const long Week = 7 * 86400;
    static readonly BigInteger Uint88Most = (BigInteger.One << 88) - 1;

    public VaultFacts Facts { get; } = facts;

    // The door
    public BigInteger Waiting { get; private set; }
    public long WaitingUnits { get; private set; }
    public uint WaitingWeek { get; private set; }
    public uint LastAccepted { get; private set; }
    public uint WindDownWeek { get; private set; }
    bool depositsPaused;
    bool extras;

    // Money, settlement, gains, reserve
    public BigInteger Free { get; private set; }
    public BigInteger Promised { get; private set; }
    public uint LastRound { get; private set; }
    public uint Collects { get; private set; }
    bool stakingPaused;
    public BigInteger StakeLimit { get; private set; }
    public BigInteger HouseSpare { get; private set; }
    public long SettledAt { get; private set; } = facts.FirstCut;
    public long AcceptableAt { get; private set; }
    public BigInteger GainsLeft { get; private set; }
    public BigInteger Principal { get; private set; }
    public long Units { get; private set; }
    public BigInteger ReserveTotal { get; private set; }
    public BigInteger ReserveLocked { get; private set; }
    (BigInteger Deposits, long Units) joining;
    (BigInteger House, BigInteger Lock, BigInteger Fees)[] extrasOf = new (BigInteger, BigInteger, BigInteger)[2];
    public BigInteger HouseDue { get; private set; }
    public BigInteger HouseNet { get; private set; }
    public BigInteger ReserveAsked { get; private set; }
    public BigInteger ReserveDue { get; private set; }
    long windDownAt;

    byte[][] digests = [new byte[32], new byte[32]];
    Dictionary<uint, (byte[] Hash, uint Round)> commitments = [];
    Dictionary<uint, (uint Round, BigInteger Amount)> stakes = [];
    Dictionary<string, Offered> offers = new(StringComparer.Ordinal);
    Dictionary<BigInteger, (long Units, BigInteger Paid)> live = [];
    Dictionary<(BigInteger Series, string Holder), long> balances = [];
    Dictionary<(BigInteger Series, string Holder), BigInteger> livePaid = [];
    Dictionary<(BigInteger Series, uint ExitWeek), (long Units, BigInteger Paid, bool Closed)> classes = [];
    Dictionary<(BigInteger Series, uint ExitWeek, string Holder), (long Units, BigInteger Paid)> leaving = [];

    /// <summary>What really lies at the contract's address.</summary>
    public BigInteger Nmr { get; private set; }

    /// <summary>All that was ever paid to somebody, and for what.</summary>
    public Dictionary<string, BigInteger> PaidOut { get; private set; } = new(StringComparer.Ordinal);

    public BigInteger Staked => stakes.Values.Aggregate(BigInteger.Zero, (sum, stake) => sum + stake.Amount);

    public IReadOnlyDictionary<(BigInteger Series, uint ExitWeek), (long Units, BigInteger Paid, bool Closed)> Classes => classes;

    public IEnumerable<(BigInteger Series, string Holder, long Units)> Balances => balances.Where(it => it.Value > 0).Select(it => (it.Key.Series, it.Key.Holder, it.Value));

    public IEnumerable<(BigInteger Series, uint ExitWeek, string Holder)> LeavingOf => leaving.Keys;

    /// <summary>Every wei is in exactly one place (VaultStorage.sol).</summary>
    public bool IsWhole => Nmr == Waiting + joining.Deposits + extrasOf[0].House + extrasOf[1].House + Free + Promised + ReserveTotal + ReserveAsked + ReserveDue;

    public VaultModel Clone()
    {
        var copy = (VaultModel)MemberwiseClone();
        copy.extrasOf = [.. extrasOf];
        copy.digests = [.. digests];
        copy.commitments = new(commitments);
        copy.stakes = new(stakes);
        copy.offers = new(offers, StringComparer.Ordinal);
        copy.live = new(live);
        copy.balances = new(balances);
        copy.livePaid = new(livePaid);
        copy.classes = new(classes);
        copy.leaving = new(leaving);
        copy.PaidOut = new(PaidOut, StringComparer.Ordinal);
        return copy;
    }

    /* THE CALENDAR */

    public long Cut(uint week) => Facts.FirstCut + ((week - 1) * Week);

    public uint WeekAt(long time) => time < Facts.FirstCut ? 1 : (uint)(((time - Facts.FirstCut) / Week) + 2);

    /* BACKERS */

    public void Deposit(CallContext call, string id, long units, bool pay)
    {
        var week = WeekAt(call.Time);
        Revert.Unless(!depositsPaused, "Stopped");
        Revert.Unless(offers.TryGetValue(id[..56], out var offered) && offered is { IsWithdrawn: false } && offered.Id == id, "UnknownTerms");
        CheckUnits(units);
        Revert.Unless(WindDownWeek == 0, "WindingDown");
        Revert.Unless(week <= LastAccepted + 2, "Pending");
        var series = SeriesId.Of(id, pay, week).ToNumber();
        var amount = Enter(offered!, units, week);
        live[series] = (Live(series).Units + units, Live(series).Paid);
        Mint(call, call.Sender, series, units);
        Log<DepositedEvent>(call, [Words.OfAddress(call.Sender), Words.Of(series)], Words.Of(units));
        Nmr += amount;
    }

    public void Cancel(CallContext call, BigInteger series, long units)
    {
        CheckUnits(units);
        var week = JoinWeek(series);
        Revert.Unless(week == WeekAt(call.Time) && Balance(series, call.Sender) >= units, "NotEnoughUnits");
        var offered = OfferOf(series);
        var amount = units * offered.UnitSize;
        if (WaitingWeek == week)
            (Waiting, WaitingUnits) = (Waiting - amount, WaitingUnits - units);
        else
            joining = (joining.Deposits - amount, joining.Units - units);
        ref var extra = ref extrasOf[week & 1];
        extra = (extra.House, extra.Lock - (units * offered.LockPerUnit), extra.Fees - (units * offered.FeePerUnit));
        ReserveLocked -= units * offered.LockPerUnit;
        AddSpare(units * offered.SparePerUnit);
        BurnLive(call, series, call.Sender, units);
        Log<CancelledEvent>(call, [Words.OfAddress(call.Sender), Words.Of(series)], Words.Of(units));
        Push("cancel", call.Sender, amount);
    }

    public void Exit(CallContext call, BigInteger series, long units)
    {
        var week = WeekAt(call.Time);
        Revert.Unless(offers.TryGetValue(Prefix(series), out var offered) && Lives(series, offered!, week), "UnknownSeries");
        CheckUnits(units);
        Revert.Unless(Balance(series, call.Sender) >= units, "NotEnoughUnits");
        Revert.Unless(WindDownWeek != 0 || week >= JoinWeek(series) + offered!.LockupWeeks, "LockedUp");
        var (inClass, left) = (Class(series, week), Leaving(series, week, call.Sender));
        if (Pays(series))
        {
            Revert.Unless(week == LastAccepted + 1, "Pending");
            PayLive(call, series, call.Sender);
            inClass.Paid = left.Paid = Live(series).Paid;
        }

        classes[(series, week)] = (inClass.Units + units, inClass.Paid, inClass.Closed);
        leaving[(series, week, call.Sender)] = (left.Units + units, left.Paid);
        BurnLive(call, series, call.Sender, units);
        Log<ExitingEvent>(call, [Words.OfAddress(call.Sender), Words.Of(series), Words.Of(week)], Words.Of(units));
    }

    public void CancelExit(CallContext call, BigInteger series, long units)
    {
        var week = WeekAt(call.Time);
        CheckUnits(units);
        var left = Leaving(series, week, call.Sender);
        Revert.Unless(left.Units >= units, "NotEnoughUnits");
        leaving[(series, week, call.Sender)] = (left.Units - units, left.Paid);
        var inClass = Class(series, week);
        classes[(series, week)] = (inClass.Units - units, inClass.Paid, inClass.Closed);
        live[series] = (Live(series).Units + units, Live(series).Paid);
        Mint(call, call.Sender, series, units);
        Log<ExitCancelledEvent>(call, [Words.OfAddress(call.Sender), Words.Of(series), Words.Of(week)], Words.Of(units));
    }

    public void Transfer(CallContext call, string to, BigInteger series, long units)
    {
        var week = WeekAt(call.Time);
        Revert.Unless(offers.TryGetValue(Prefix(series), out var offered) && Lives(series, offered!, week), "UnknownSeries");
        CheckUnits(units);
        Revert.Unless(Balance(series, call.Sender) >= units, "NotEnoughUnits");
        if (Pays(series))
        {
            Revert.Unless(week == LastAccepted + 1, "Pending");
            PayLive(call, series, call.Sender);
            PayLive(call, series, to);
        }

        balances[(series, call.Sender)] = Balance(series, call.Sender) - units;
        balances[(series, to)] = Balance(series, to) + units;
        Moved(call, call.Sender, to, series, units);
    }

    public BigInteger Claim(CallContext call, BigInteger series, uint exitWeek, string holder)
    {
        if (exitWeek == 0)
            return PayLive(call, series, holder);
        var (amount, paid, liveUnits) = Owed(series, exitWeek, holder);
        var (inClass, left) = (Class(series, exitWeek), Leaving(series, exitWeek, holder));
        if (liveUnits != 0)
            BurnLive(call, series, holder, liveUnits);
        if (inClass.Closed || JoinWeek(series) == exitWeek)
        {
            leaving.Remove((series, exitWeek, holder));
        }
        else
        {
            if (liveUnits != 0)
            {
                classes[(series, exitWeek)] = (inClass.Units + liveUnits, inClass.Paid, inClass.Closed);
                left = (left.Units + liveUnits, left.Paid);
            }

            leaving[(series, exitWeek, holder)] = (left.Units, left.Units != 0 ? paid : left.Paid);
        }

        PayOut(call, series, exitWeek, holder, amount);
        return amount;
    }

    public BigInteger Claimable(BigInteger series, uint exitWeek, string holder) =>
        exitWeek == 0 ? OwedLive(series, holder) : Owed(series, exitWeek, holder).Amount;

    /* OWNER */

    public void Offer(CallContext call, string id, VaultTerms content)
    {
        Revert.Unless(!offers.ContainsKey(id[..56]), "AlreadyOffered");
        offers[id[..56]] = new Offered(id, content, false);
        Log<OfferedEvent>(call, [Words.Bytes(id)],
        [
            .. Words.Of(content.UnitSize), .. Words.Of(content.ProfitShareBps), .. Words.Of(content.LossShareBps), .. Words.Of(content.ReserveBps), .. Words.Of(content.Crystallisation),
            .. Words.Of(content.ClawBackWeeks), .. Words.Of(content.CompoundingWeeks), .. Words.Of(content.LockupWeeks), .. Words.Of(content.UpfrontFeeBps), .. Words.Of(content.HouseMinBps),
        ]);
    }

    public void AddHouse(CallContext call, BigInteger amount)
    {
        Only(call, Facts.Owner);
        var week = WeekAt(call.Time);
        Revert.Unless(week <= LastAccepted + 2, "Pending");
        extrasOf[week & 1].House += amount;
        AddSpare(amount);
        extras = true;
        Log<HouseAddedEvent>(call, [], Words.Of(amount));
        Nmr += amount;
    }

    public void AskHouse(CallContext call, BigInteger amount)
    {
        Only(call, Facts.Owner);
        Revert.Unless(!amount.IsZero, "AmountNotPositive");
        NothingPending(call);
        Revert.Unless(amount <= HouseSpare, "HouseEncumbered");
        HouseSpare -= amount;
        Log<HouseAskedEvent>(call, [], Words.Of(amount));
    }

    public void TakeHouse(CallContext call)
    {
        Only(call, Facts.Owner);
        var amount = HouseDue;
        HouseDue = 0;
        Promised -= amount;
        Log<HouseTakenEvent>(call, [], Words.Of(amount));
        Push("house", Facts.Owner, amount);
    }

    public void AddReserve(CallContext call, BigInteger amount)
    {
        Only(call, Facts.Owner);
        ReserveTotal += amount;
        Log<ReserveAddedEvent>(call, [], Words.Of(amount));
        Nmr += amount;
    }

    public void AskReserve(CallContext call, BigInteger amount)
    {
        Only(call, Facts.Owner);
        Revert.Unless(!amount.IsZero, "AmountNotPositive");
        NothingPending(call);
        Revert.Unless(amount <= ReserveTotal - ReserveLocked, "ReserveLocked");
        ReserveTotal -= amount;
        ReserveAsked += amount;
        extras = true;
        Log<ReserveAskedEvent>(call, [], Words.Of(amount));
    }

    public void TakeReserve(CallContext call)
    {
        Only(call, Facts.Owner);
        var amount = ReserveDue;
        ReserveDue = 0;
        Log<ReserveTakenEvent>(call, [], Words.Of(amount));
        Push("reserve", Facts.Owner, amount);
    }

    public void Pause(CallContext call, bool deposits, bool staking)
    {
        Revert.Unless(call.Sender == Facts.Guardian || call.Sender == Facts.Owner, "NotAllowed");
        (depositsPaused, stakingPaused) = (deposits, staking);
        Log<PausedEvent>(call, [], [.. Words.Of(deposits ? 1 : 0), .. Words.Of(staking ? 1 : 0)]);
    }

    public void WindDown(CallContext call)
    {
        Only(call, Facts.Owner);
        Revert.Unless(WindDownWeek == 0, "WindingDown");
        WindDownWeek = WeekAt(call.Time);
        windDownAt = call.Time;
        Log<WindingDownEvent>(call, [], []);
    }

    /* ROUNDS */

    public void Commit(CallContext call, uint round, byte[] hash)
    {
        Only(call, Facts.Committer);
        CheckRound(round);
        commitments[round % 128] = (hash, round);
        Log<CommittedEvent>(call, [Words.Of(round)], hash);
    }

    public void Stake(CallContext call, uint round, BigInteger amount, int shareBps, uint collectsSeen)
    {
        Only(call, Facts.StakerKey);
        Revert.Unless(!stakingPaused, "Stopped");
        Revert.Unless(WindDownWeek == 0, "WindingDown");
        Revert.Unless(WeekAt(call.Time) == LastAccepted + 1, "Pending");
        Revert.Unless(collectsSeen == Collects, "BooksMoved");
        CheckRound(round);
        Revert.Unless(commitments.TryGetValue(round % 128, out var commitment) && commitment.Round == round, "NoCommitment");
        Revert.Unless(!stakes.TryGetValue(round % 128, out var before) || before.Amount.IsZero, "RingFull");
        Revert.Unless(!amount.IsZero, "AmountNotPositive");
        Revert.Unless(shareBps is > 0 and <= 10_000, "BadShare");
        Revert.Unless(amount <= StakeLimit, "BeyondInstruction");
        Revert.Unless(amount <= Free, "BeyondCash");
        (Free, LastRound) = (Free - amount, round);
        stakes[round % 128] = (round, amount);
        Log<StakedEvent>(call, [Words.Of(round)], [.. Words.Of(amount), .. Words.Of(shareBps)]);
        Nmr -= amount;
    }

    /// <summary>What a round brings home is Numerai's word: <paramref name="returned"/> gets the stake.</summary>
    public void Collect(CallContext call, uint round, Func<BigInteger, BigInteger> returned)
    {
        Revert.Unless(stakes.TryGetValue(round % 128, out var staked) && staked.Round == round && !staked.Amount.IsZero, "RoundNotOpen");
        var home = returned(staked.Amount);
        stakes[round % 128] = (round, 0);
        Collects++;
        Nmr += home;
        Free += home;
        GainsLeft = BigInteger.Min(GainsLeft + (home >= staked.Amount ? home - staked.Amount : Units), Uint88Most);
        Log<CollectedEvent>(call, [Words.Of(round)], [.. Words.Of(staked.Amount), .. Words.Of(home)]);
    }

    public BigInteger StakeIn(uint round) => stakes.TryGetValue(round % 128, out var staked) && staked.Round == round ? staked.Amount : 0;

    static void CheckUnits(long units)
    {
        Revert.Unless(units != 0, "UnitsNotPositive");
        Revert.Unless(units <= 1_000_000, "TooManyUnits");
    }

    void CheckRound(uint round)
    {
        Revert.Unless(round != LastRound, "AlreadyStaked");
        Revert.Unless(round > LastRound, "RoundOutOfOrder");
    }

    static void Only(CallContext call, string role) => Revert.Unless(call.Sender == role, "NotAllowed");

    void NothingPending(CallContext call) => Revert.Unless(WeekAt(call.Time) == LastAccepted + 1, "Pending");

    /* UNITS */

    (long Units, BigInteger Paid) Live(BigInteger series) => live.GetValueOrDefault(series);

    long Balance(BigInteger series, string holder) => balances.GetValueOrDefault((series, holder));

    (long Units, BigInteger Paid, bool Closed) Class(BigInteger series, uint exitWeek) => classes.GetValueOrDefault((series, exitWeek));

    (long Units, BigInteger Paid) Leaving(BigInteger series, uint exitWeek, string holder) => leaving.GetValueOrDefault((series, exitWeek, holder));

    Offered OfferOf(BigInteger series) => offers[Prefix(series)];

    static string Prefix(BigInteger series) => SeriesId.Of(series).TermsPrefix;

    static uint JoinWeek(BigInteger series) => (uint)(series & 0x7fffffff);

    static bool Pays(BigInteger series) => !(series & 0x80000000).IsZero;

    uint End(BigInteger series, Offered offered)
    {
        var end = JoinWeek(series) + offered.CompoundingWeeks;
        return WindDownWeek != 0 && WindDownWeek < end ? WindDownWeek : end;
    }

    bool Ends(BigInteger series, uint exitWeek) => exitWeek == End(series, OfferOf(series));

    bool Converts(BigInteger series, uint exitWeek) => exitWeek <= LastAccepted && Ends(series, exitWeek);

    bool Lives(BigInteger series, Offered offered, uint week) =>
        JoinWeek(series) <= LastAccepted && week <= End(series, offered) && (Live(series).Units != 0 || Class(series, week).Units != 0);

    BigInteger PaidOf(BigInteger series, uint exitWeek)
    {
        if (JoinWeek(series) == exitWeek)
            return Converts(series, exitWeek) ? OfferOf(series).UnitSize : 0;
        var paid = Class(series, exitWeek).Paid;
        return Pays(series) && Live(series).Paid > paid && Ends(series, exitWeek) ? Live(series).Paid : paid;
    }

    (BigInteger Amount, BigInteger Paid, long Live) Owed(BigInteger series, uint exitWeek, string holder)
    {
        var left = Leaving(series, exitWeek, holder);
        var paid = PaidOf(series, exitWeek);
        var amount = left.Units * (paid - left.Paid);
        var units = Balance(series, holder);
        if (units == 0 || !Converts(series, exitWeek))
            return (amount, paid, 0);
        return (amount + (units * (paid - (Pays(series) ? livePaid.GetValueOrDefault((series, holder)) : 0))), paid, units);
    }

    BigInteger OwedLive(BigInteger series, string holder) => Balance(series, holder) * (Live(series).Paid - livePaid.GetValueOrDefault((series, holder)));

    BigInteger PayLive(CallContext call, BigInteger series, string holder)
    {
        var amount = OwedLive(series, holder);
        livePaid[(series, holder)] = Live(series).Paid;
        PayOut(call, series, 0, holder, amount);
        return amount;
    }

    void PayOut(CallContext call, BigInteger series, uint exitWeek, string holder, BigInteger amount)
    {
        if (amount.IsZero)
            return;
        Promised -= amount;
        Log<ClaimedEvent>(call, [Words.OfAddress(holder), Words.Of(series), Words.Of(exitWeek)], Words.Of(amount));
        Push("claim", holder, amount);
    }

    void Mint(CallContext call, string holder, BigInteger series, long units)
    {
        balances[(series, holder)] = Balance(series, holder) + units;
        Moved(call, Addresses.Zero, holder, series, units);
    }

    void BurnLive(CallContext call, BigInteger series, string holder, long units)
    {
        live[series] = (Live(series).Units - units, Live(series).Paid);
        balances[(series, holder)] = Balance(series, holder) - units;
        Moved(call, holder, Addresses.Zero, series, units);
    }

    void Moved(CallContext call, string from, string to, BigInteger series, long units) =>
        Log<UnitsMovedEvent>(call, [Words.OfAddress(from), Words.OfAddress(to), Words.Of(series)], [.. Words.OfAddress(call.Sender), .. Words.Of(units)]);

    /* ARRIVALS */

    BigInteger Enter(Offered offered, long units, uint week)
    {
        var spare = units * offered.SparePerUnit;
        if (!spare.IsZero)
        {
            Revert.Unless(week == LastAccepted + 1, "Pending");
            Revert.Unless(spare <= HouseSpare, "HouseTooSmall");
            HouseSpare -= spare;
        }

        var (locked, fees) = (units * offered.LockPerUnit, units * offered.FeePerUnit);
        if (!locked.IsZero)
        {
            Revert.Unless(locked <= ReserveTotal - ReserveLocked, "ReserveInsufficient");
            ReserveLocked += locked;
        }

        ref var extra = ref extrasOf[week & 1];
        extra = (extra.House, extra.Lock + locked, extra.Fees + fees);
        extras |= !locked.IsZero || !fees.IsZero;
        if (WaitingWeek != week)
        {
            if (!Waiting.IsZero)
                joining = (Waiting, WaitingUnits);
            (Waiting, WaitingUnits) = (0, 0);
        }

        var amount = units * offered.UnitSize;
        (WaitingWeek, Waiting, WaitingUnits) = (week, Waiting + amount, WaitingUnits + units);
        return amount;
    }

    void AddSpare(BigInteger amount) => HouseSpare = BigInteger.Min(HouseSpare + amount, Uint88Most);

    void Push(string why, string to, BigInteger amount)
    {
        Nmr -= amount;
        var key = $"{why}|{to}";
        PaidOut[key] = PaidOut.GetValueOrDefault(key) + amount;
    }

    void Log<TEvent>(CallContext call, byte[][] indexed, byte[] data)
        where TEvent : class, IVaultEvent, new() =>
        call.Logs.Add(new ModelLog(Facts.Vault, [Topics<TEvent>.Topic, .. indexed.Select(Words.Hex)], data, typeof(TEvent).Name));

    static class Topics<TEvent>
        where TEvent : class, IVaultEvent, new()
    {
        public static readonly string Topic = Words.Topic<TEvent>();
    }

    sealed record Offered(string Id, VaultTerms Content, bool IsWithdrawn)
    {
        public BigInteger UnitSize => Content.UnitSize;

        public uint CompoundingWeeks => Content.CompoundingWeeks;

        public uint LockupWeeks => Content.LockupWeeks;

        public BigInteger LockPerUnit => UnitSize * Content.ReserveBps / 10_000;

        public BigInteger SparePerUnit => ((UnitSize * Content.HouseMinBps) + 9_999) / 10_000;

        public BigInteger FeePerUnit => UnitSize * Content.UpfrontFeeBps / 10_000;
    }
}

public static class Addresses
{
    public const string Zero = "0x0000000000000000000000000000000000000000";
}

using Backstake.Chain.Vault;

namespace Backstake.Simulation.Chain;

/// <summary>One paid class of a settlement (IVault.sol <c>Line</c>).</summary>
public sealed record ModelLine(BigInteger Series, uint ExitWeek, long Units, BigInteger Paid, BigInteger Cover, bool Closed);

/// <summary>A settlement as it was proposed (IVault.sol <c>Week</c> and <c>Line[]</c>), and the call's data without its selector.</summary>
public sealed record ModelWeek(
    uint Week, BigInteger StakeLimit, BigInteger HouseOut, BigInteger ReserveOut, BigInteger HouseSpare, byte[] Books, IReadOnlyList<ModelLine> Lines, byte[] Content)
{
    public static ModelWeek Of(byte[] data)
    {
        var lines = new List<ModelLine>();
        var at = (int)Words.NumberAt(data, 6) / 32;
        var count = (int)Words.NumberAt(data, at);
        for (var i = 0; i < count; i++)
        {
            var line = at + 1 + (6 * i);
            lines.Add(new ModelLine(Words.NumberAt(data, line), (uint)Words.NumberAt(data, line + 1), (long)Words.NumberAt(data, line + 2),
                Words.NumberAt(data, line + 3), Words.NumberAt(data, line + 4), !Words.NumberAt(data, line + 5).IsZero));
        }

        return new ModelWeek((uint)Words.NumberAt(data, 0), Words.NumberAt(data, 1), Words.NumberAt(data, 2), Words.NumberAt(data, 3), Words.NumberAt(data, 4),
            Words.WordAt(data, 5), lines, data[4..]);
    }
}

/// <summary>The week's settlement (Settling.sol).</summary>
public sealed partial class VaultModel
{
    /// <summary>What was accepted, by week.</summary>
    public Dictionary<uint, ModelWeek> Accepted { get; private set; } = [];

    public void Propose(CallContext call, ModelWeek week)
    {
        Only(call, Facts.Settler);
        Revert.Unless(AcceptableAt == 0, "Pending");
        Revert.Unless(week.Week == LastAccepted + 1, "WrongWeek");
        Revert.Unless(call.Time >= Cut(week.Week), "TooEarly");
        var content = Words.Keccak(week.Content);
        digests[week.Week & 1] = content;
        AcceptableAt = call.Time + Facts.Window;
        Log<ProposedEvent>(call, [Words.Of(week.Week)], [.. week.Books, .. content, .. Words.Of(AcceptableAt)]);
    }

    public void Veto(CallContext call)
    {
        Revert.Unless(call.Sender == Facts.Guardian || call.Sender == Facts.Owner, "NotAllowed");
        Revert.Unless(AcceptableAt != 0, "NothingPending");
        AcceptableAt = 0;
        Log<VetoedEvent>(call, [Words.Of(LastAccepted + 1)], Words.OfAddress(call.Sender));
    }

    public void Accept(CallContext call, ModelWeek week)
    {
        Revert.Unless(AcceptableAt != 0, "NothingPending");
        Revert.Unless(call.Time >= AcceptableAt, "TooEarly");
        Revert.Unless(week.Week == LastAccepted + 1 && Words.Keccak(week.Content).AsSpan().SequenceEqual(digests[week.Week & 1]), "LinesDiffer");
        digests[week.Week & 1] = week.Books;

        var sums = SettleLines(week);
        SettleArrivals(week.Week, sums);
        LastAccepted = week.Week;
        (StakeLimit, HouseSpare, SettledAt, AcceptableAt) = (week.StakeLimit, BigInteger.Min(week.HouseSpare + sums.HouseWaiting, Uint88Most), call.Time, 0);
        SettleReserve(week.ReserveOut, sums);
        SettleGains(week.HouseOut, sums);
        var cash = Free + sums.Cover + sums.Joined + sums.House;
        var spent = sums.Owed + week.HouseOut;
        Revert.Unless(spent <= cash, "BeyondCash");
        (Free, Promised) = (cash - spent, Promised + spent + sums.GivenBack);
        Accepted = new(Accepted) { [week.Week] = week };
        Log<SettledEvent>(call, [Words.Of(week.Week)], [.. week.Books, .. Words.Of(sums.Owed + sums.GivenBack), .. Words.Of(sums.Cover)]);
    }

    sealed class Totals
    {
        public BigInteger Owed, Cover, Unlocked, Gain, ClosedPrincipal, Joined, GivenBack, House, Fees, ReserveAsked, HouseWaiting;
        public long ClosedUnits, JoinedUnits;
    }

    Totals SettleLines(ModelWeek week)
    {
        var sums = new Totals();
        var (series, exitWeek, first) = (BigInteger.Zero, 0u, true);
        foreach (var line in week.Lines)
        {
            Revert.Unless(line.Series > series || (line.Series == series && !first && line.ExitWeek > exitWeek), "LineOrder");
            (series, exitWeek, first) = (line.Series, line.ExitWeek, false);
            var offered = OfferOf(series);
            var before = exitWeek == 0 ? SettleLive(week.Week, line, offered) : SettleClass(week.Week, line, offered, sums);
            Revert.Unless(line.Paid >= before, "PaidFell");
            sums.Owed += line.Units * (line.Paid - before);
            sums.Gain += line.Units * (BigInteger.Max(line.Paid, offered.UnitSize) - BigInteger.Max(before, offered.UnitSize));
        }

        return sums;
    }

    BigInteger SettleLive(uint week, ModelLine line, Offered offered)
    {
        var of = Live(line.Series);
        Revert.Unless(Pays(line.Series) && JoinWeek(line.Series) < week && week < End(line.Series, offered), "LineOrder");
        Revert.Unless(line.Units != 0 && line.Units == of.Units, "UnitsDiffer");
        Revert.Unless(line.Cover.IsZero && !line.Closed, "CoverBeyondTerms");
        live[line.Series] = (of.Units, line.Paid);
        return of.Paid;
    }

    BigInteger SettleClass(uint week, ModelLine line, Offered offered, Totals sums)
    {
        Revert.Unless(JoinWeek(line.Series) < line.ExitWeek && line.ExitWeek <= week, "LineOrder");
        var was = Class(line.Series, line.ExitWeek);
        Revert.Unless(!was.Closed, "ClassClosed");
        var ends = line.ExitWeek == End(line.Series, offered);
        Revert.Unless(line.Units != 0 && line.Units == was.Units + (ends ? Live(line.Series).Units : 0), "UnitsDiffer");
        var before = ends && Pays(line.Series) ? BigInteger.Max(was.Paid, Live(line.Series).Paid) : was.Paid;
        Revert.Unless(line.Cover <= (line.Closed ? offered.LockPerUnit : 0), "CoverBeyondTerms");
        classes[(line.Series, line.ExitWeek)] = (was.Units, line.Paid, line.Closed);
        if (!line.Closed)
            return before;
        sums.Cover += line.Units * line.Cover;
        sums.Unlocked += line.Units * offered.LockPerUnit;
        sums.ClosedUnits += line.Units;
        sums.ClosedPrincipal += line.Units * (offered.UnitSize - BigInteger.Min(line.Paid, offered.UnitSize));
        return before;
    }

    void SettleArrivals(uint week, Totals sums)
    {
        if (WaitingWeek == week)
        {
            (sums.Joined, sums.JoinedUnits) = (Waiting, WaitingUnits);
            (Waiting, WaitingUnits) = (0, 0);
        }
        else if (WaitingWeek > week && !joining.Deposits.IsZero)
        {
            (sums.Joined, sums.JoinedUnits) = joining;
            joining = default;
        }

        var everybodyLeaves = WindDownWeek != 0 && WindDownWeek <= week;
        if (extras)
        {
            var (arrived, next) = (extrasOf[week & 1], extrasOf[(week + 1) & 1]);
            extrasOf[week & 1] = default;
            (sums.House, sums.Fees, sums.HouseWaiting, sums.ReserveAsked) = (arrived.House, arrived.Fees, next.House, ReserveAsked);
            extras = !(next.House + next.Lock + next.Fees).IsZero;
            if (everybodyLeaves)
                sums.Unlocked += arrived.Lock;
        }

        if (everybodyLeaves)
            (sums.GivenBack, sums.Joined, sums.JoinedUnits, sums.Fees) = (sums.Joined, 0, 0, 0);
    }

    void SettleReserve(BigInteger reserveOut, Totals sums)
    {
        Revert.Unless(reserveOut <= sums.ReserveAsked, "ReserveLocked");
        if (!sums.ReserveAsked.IsZero)
            (ReserveAsked, ReserveDue) = (0, ReserveDue + reserveOut);
        if (sums.ReserveAsked.IsZero && sums.Unlocked.IsZero)
            return;
        ReserveTotal += sums.ReserveAsked - reserveOut - sums.Cover;
        ReserveLocked -= sums.Unlocked;
    }

    void SettleGains(BigInteger houseOut, Totals sums)
    {
        Revert.Unless(sums.Gain <= GainsLeft, "BeyondGains");
        GainsLeft -= sums.Gain;
        Principal += sums.Joined - (sums.Owed - sums.Gain) - sums.ClosedPrincipal;
        Units += sums.JoinedUnits - sums.ClosedUnits;
        HouseDue += houseOut;
        HouseNet += houseOut - (sums.House + sums.Fees);
        if (!houseOut.IsZero || !sums.Gain.IsZero)
            Revert.Unless(HouseNet <= GainsLeft, "BeyondGains");
    }

    /// <summary>What VaultReader's <c>state</c> answers, word after word.</summary>
    public byte[] StateWords(long time)
    {
        var week = WeekAt(time);
        var waiting = week <= LastAccepted + 2 ? extrasOf[week & 1].House + (WaitingWeek == week ? Waiting : 0) : 0;
        var waits = Waiting + joining.Deposits + extrasOf[0].House + extrasOf[1].House - waiting;
        return
        [
            .. Words.Of(week), .. Words.Of(LastAccepted), .. Words.Of(WindDownWeek), .. Words.Of(SettledAt), .. Words.Of(AcceptableAt),
            .. AcceptableAt == 0 ? new byte[32] : digests[(LastAccepted + 1) & 1], .. digests[LastAccepted & 1], .. Words.Of(depositsPaused ? 1 : 0), .. Words.Of(stakingPaused ? 1 : 0),
            .. Words.Of(Free), .. Words.Of(waiting), .. Words.Of(waits), .. Words.Of(Promised), .. Words.Of(Staked), .. Words.Of(ReserveTotal + ReserveAsked + ReserveDue),
            .. Words.Of(ReserveLocked), .. Words.Of(ReserveDue), .. Words.Of(HouseDue), .. Words.Of(HouseSpare), .. Words.Of(StakeLimit), .. Words.Of(GainsLeft), .. Words.Of(HouseNet),
            .. Words.Of(Units), .. Words.Of(Principal), .. Words.Of(LastRound), .. Words.Of(Collects), .. Words.OfAddress(Facts.Staker), .. Words.Of(0), .. Words.Of(windDownAt), .. Words.Of(0),
            .. Words.OfAddress(Facts.Notices), .. Words.OfAddress(Addresses.Zero),
        ];
    }

    /// <summary>What VaultReader's <c>created</c> answers.</summary>
    public byte[] CreatedWords(string nmr) =>
    [
        .. Words.OfAddress(Facts.Owner), .. Words.OfAddress(Facts.Committer), .. Words.OfAddress(Facts.StakerKey), .. Words.OfAddress(Facts.Settler), .. Words.OfAddress(Facts.Guardian),
        .. Words.OfAddress(nmr), .. Words.OfAddress(Addresses.Zero), .. Words.Of(Facts.Tournament), .. Backstake.Chain.Numerai.UuidWord.Of(Facts.ModelId), .. Words.Of(Facts.FirstCut), .. Words.Of(Facts.Window),
    ];
}

namespace Backstake.Accounting.Reference;

/// <summary>close and resolve (ACCOUNTING.md 3).</summary>
internal static class Rounds
{
    /// <summary>A mistyped round can't push the next ones out of reach.</summary>
    private const long FarthestAhead = 1_000;

    public static Applied Close(Books books, Close close)
    {
        if (books.LastClosed is { } last && (close.Round <= last || close.Round.Number > last.Number + FarthestAhead))
            return Applied.Refused(books, Refusal.RoundOutOfOrder);

        var maxBurn = books.Vault.MaxBurnBps;
        var stakes = books.Regime.Stakes(books, close.ShareBps);
        if (books.Vault.Staking == Staking.PerRound) Invariants.Hold(stakes.Total <= InstructionOfTheWeek(books), "no round stakes more than the instruction of its week", books);
        var after = books;
        foreach (var (series, stake) in stakes.Series)
        {
            if (!stake.IsPositive) continue;
            after = after.With(series with { Unit = series.Unit.Join(new Part(close.Round, stake, books.Regime.Locked(stake, maxBurn))) });
        }

        after = books.Regime.PutUp(after, stakes.Total);
        return Applied.Accepted(after with
        {
            LastClosed = close.Round,
            OpenRounds = after.OpenRounds.Add(close.Round, new OpenRound(close.Round, stakes.Total, stakes.House)),
            HouseLocked = after.HouseLocked + books.Regime.Locked(stakes.House, maxBurn),
        });
    }

    public static Applied Resolve(Books books, Resolve resolve)
    {
        var payout = resolve.Payout;
        if (!books.OpenRounds.TryGetValue(resolve.Round, out var round)) return Applied.Refused(books, Refusal.RoundNotOpen);
        if (!payout.IsZero && round.Stake.IsZero) return Applied.Refused(books, Refusal.NothingStaked);
        var mostBurned = Nmr.Min(Nmr.MulDivFloor(round.Stake, books.Vault.MaxBurnBps), books.Stake);
        if (-payout > mostBurned) return Applied.Refused(books, Refusal.BurnBeyondCap);

        var after = books;
        var (given, givenToTranches) = (Nmr.Zero, Nmr.Zero);
        foreach (var series in books.Series.Values)
        {
            if (series.Unit.PartIn(resolve.Round) is not { } part) continue;
            var result = ResultOfUnit(series.Unit, part);
            after = after.With(series with { Unit = series.Unit.Leave(part, result) });
            given += series.Units * result;
        }

        foreach (var tranche in books.Tranches.Values)
        {
            if (tranche.Unit.PartIn(resolve.Round) is not { } part) continue;
            var result = ResultOfUnit(tranche.Unit, part);
            after = after.With(tranche with { Unit = tranche.Unit.Leave(part, result) });
            givenToTranches += tranche.Units * result;
        }

        var house = after.House + payout - given - givenToTranches;
        after = after with
        {
            House = house,
            HouseLeaving = Nmr.Min(after.HouseLeaving, Nmr.OrZero(house)),
            HouseLocked = after.HouseLocked - books.Regime.Locked(round.HouseStake, books.Vault.MaxBurnBps),
            OpenRounds = after.OpenRounds.Remove(resolve.Round),
        };
        return Applied.Accepted(books.Regime.Return(after, round, payout, givenToTranches));

        // A unit never loses more than is still in it.
        Nmr ResultOfUnit(Unit unit, Part part) => Nmr.Max(Nmr.MulDivFloor(payout, part.Stake, round.Stake), unit.Paid - unit.Value);
    }

    private static Nmr InstructionOfTheWeek(Books books) =>
        books.Series.Values.Aggregate(books.HouseTarget, (sum, series) => sum + (series.Units * series.Unit.Target));
}

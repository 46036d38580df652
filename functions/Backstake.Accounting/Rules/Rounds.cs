namespace Backstake.Accounting;

/// <summary>close and resolve (ACCOUNTING.md 3).</summary>
internal static class Rounds
{
    /// <summary>A mistyped round can't push the next ones out of reach.</summary>
    private const long FarthestAhead = 1_000;

    public static Refusal? Close(BooksState books, Close close)
    {
        if (books.LastClosed is { } last && (close.Round <= last || close.Round.Number > last.Number + FarthestAhead)) return Refusal.RoundOutOfOrder;

        var stakes = books.Series.NewStakes();
        var (total, house) = books.Regime.Stakes(books, close.ShareBps, stakes);
        if (books.Vault.Staking == Staking.PerRound) Invariants.Hold(total <= books.MostOfARound, "no round stakes more than the instruction of its week", books);

        books.UnitsFree -= Lock(books, stakes);
        books.HouseLocked += Nmr.FromWei(books.Locked(house.Value));
        books.Regime.PutUp(books, total);
        books.OpenRounds.Add(new OpenRound(close.Round, total, house));
        books.Series.OpenRound(stakes);
        books.Tranches.OpenRound();
        books.LastClosed = close.Round;
        return null;
    }

    public static Refusal? Resolve(BooksState books, Resolve resolve)
    {
        var payout = resolve.Payout;
        var index = books.IndexOf(resolve.Round);
        if (index < 0) return Refusal.RoundNotOpen;
        var round = books.OpenRounds[index];
        if (!payout.IsZero && round.Stake.IsZero) return Refusal.NothingStaked;
        var mostBurned = Nmr.Min(Nmr.MulDivFloor(round.Stake, books.Vault.MaxBurnBps), books.Stake);
        if (-payout > mostBurned) return Refusal.BurnBeyondCap;

        var (given, givenToTranches) = (Nmr.Zero, Nmr.Zero);
        if (round.Stake.IsPositive)
        {
            var proportion = new Proportion(payout, round.Stake);
            given = books.Regime.Give(books, books.Series, index, proportion);
            givenToTranches = books.Regime.Give(books, books.Tranches, index, proportion);
        }

        books.House += payout - given - givenToTranches;
        books.HouseLeaving = Nmr.Min(books.HouseLeaving, Nmr.OrZero(books.House));
        books.HouseLocked -= Nmr.FromWei(books.Locked(round.HouseStake.Value));
        books.UnitsWorth += given + givenToTranches;
        books.OpenRounds.RemoveAt(index);
        books.Series.RemoveRound(index);
        books.Tranches.RemoveRound(index);
        books.Regime.Return(books, round, payout, givenToTranches);
        return null;
    }

    /// <summary>What all units lock together.</summary>
    private static Nmr Lock(BooksState books, ReadOnlySpan<Int128> stakes)
    {
        var units = books.Series.ChangeInRounds();
        Int128 together = 0;
        for (var slot = 0; slot < units.Length; slot++)
        {
            if (stakes[slot] == 0) continue;
            var locked = books.Locked(stakes[slot]);
            units[slot].Locked += locked;
            together += WideInteger.Multiply(locked, (ulong)units[slot].Units);
        }

        return Nmr.FromWei(together);
    }
}

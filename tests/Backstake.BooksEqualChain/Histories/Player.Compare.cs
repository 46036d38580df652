namespace Backstake.BooksEqualChain.Histories;

/// <summary>Where books and chain must agree (CONTRACT.md "Decided" 12), and what happened meanwhile.</summary>
internal sealed partial class Player
{
    /// <summary>After every block, to the wei.</summary>
    private async Task CompareMoney()
    {
        var (state, nmr) = await chain.State();
        var cover = Wei.Sum(unaccepted.Select(week => week.Cover));
        var paid = Wei.Sum(unaccepted.Select(week => week.Paid));
        var reservePaid = Wei.Sum(unaccepted.Select(week => week.Settlement.ReservePaid.Wei));
        Difference.UnlessEqual(books.Cash.Wei, state.Free + state.Waiting + state.Joining + cover - paid, "cash = free + waiting + joining + C − H");
        Difference.UnlessEqual(books.Reserve.Wei, state.Reserve - state.ReserveDue - cover - reservePaid, "reserve = chain's reserve − reserve due − C − Q");
        Difference.UnlessEqual(books.Stake.Wei, state.Staked, "stake = Σ open stakes");
        Difference.UnlessEqual((uint)CurrentWeek, state.CurrentWeek, "the current week");
        Difference.UnlessEqual((uint)lastAccepted, state.LastAccepted, "the last accepted week");
        Difference.UnlessEqual((uint)collects, state.Collects, "the number of collects");
        Difference.UnlessEqual(state.Waiting + state.Joining + state.Free + state.Promised + state.Reserve + donated, nmr, "every wei of the vault's NMR has one place");
        Difference.UnlessEqual((books.ReserveLocked.Wei, "locked"), (state.ReserveLocked - cover - UnlockedNotAccepted, "locked"), "locked reserve");
        Difference.UnlessEqual(Convert.ToHexStringLower(acceptedRoot), Convert.ToHexStringLower(state.Books), "the root of the accepted books");
        Difference.UnlessEqual(houseNet, state.HouseNet, "house released less house and upfront fees joined");
        Difference.UnlessEqual(gainsLeft, state.GainsLeft, "results of rounds less what was promised beyond principal");
        Difference.UnlessEqual(AcceptedUnits, state.Units, "accepted units in classes not closed");
        Difference.UnlessEqual(Wei.Sum(accepted.Select(it => it.Principal)), state.Principal, "their principal, less what was promised of it");
        if (unaccepted.Count > 0) return;
        Difference.UnlessEqual(books.HouseSpare.Wei, state.HouseSpare, "the house's spare");
        if (lastSettlement is not null) Difference.UnlessEqual(((PerRoundStake)lastSettlement.Instruction).Amount.Wei, state.StakeLimit, "the instruction");
    }

    /// <summary>After every acceptance: what each class was paid, and what everybody received and can claim.</summary>
    private async Task ComparePayments()
    {
        var paidClasses = classes.ToList();
        foreach (var ((key, (paid, closed)), found) in paidClasses.Zip(await chain.Classes(paidClasses.Select(it => it.Key))))
        {
            Difference.UnlessEqual((paid.Wei, closed), (found.Paid, found.Closed), $"d + p = paid, and closed, of {key.Series} leaving in week {key.ExitWeek}");
            if (closed) classes.Remove(key); // nothing moves it any more
        }

        var asked = claims.ToList();
        var claimable = asked.Zip(await chain.Claimable(asked)).ToList();
        var holders = People.Backers.Select(backer => backer.Address).Append(People.Owner).ToList();
        var nmr = holders.Zip(await chain.NmrOf(holders)).ToDictionary(it => it.First, it => it.Second);
        foreach (var backer in People.Backers)
        {
            var received = nmr[backer.Address] - (Chain.World.OthersNmr * Wei.OneNmr) + spent.GetValueOrDefault(backer);
            var open = Wei.Sum(claimable.Where(it => it.First.Holder == backer).Select(it => it.Second));
            Difference.UnlessEqual(acceptedPayments.GetValueOrDefault(backer.Address), received + open, $"accepted payments to {backer} = NMR received less refunds, and what is claimable");
        }

        var (state, _) = await chain.State();
        var taken = nmr[People.Owner] - (Chain.World.OthersNmr * Wei.OneNmr) + ownerPut;
        Difference.UnlessEqual(acceptedPayments.GetValueOrDefault(Payment.Owner), taken + state.HouseDue + state.ReserveDue, "accepted payments to the owner = taken and due");
        foreach (var (key, amount) in claimable)
        {
            if (amount.IsZero && key.ExitWeek != 0 && !classes.ContainsKey((key.Series, key.ExitWeek))) claims.Remove(key);
        }
    }

    private void CountWhatHappened(Books before, Books after, Settlement settlement)
    {
        Counts.SituationIf(settlement.HousePaid.IsPositive, "house paid to the owner");
        Counts.SituationIf(settlement.ReservePaid.IsPositive, "reserve paid to the owner");
        Counts.SituationIf(!settlement.DepositsGivenBack.IsEmpty, "waiting deposits given back by a settlement");
        Counts.SituationIf(books.IsWindingDown && !before.Series.IsEmpty, "everybody leaves");
        foreach (var line in settlement.Lines)
        {
            var terms = before.Terms[line.Series.Terms];
            Counts.SituationIf(line.ExitWeek is null && line.PaidNow.IsPositive, "pay units paid");
            Counts.SituationIf(line.ExitWeek is not null && line.PaidNow.IsPositive, "leavers paid");
            Counts.SituationIf(line.ExitWeek is not null && !line.Final, "leavers who wait for rounds");
            Counts.SituationIf(line.ExitWeek == settlement.Week && !books.IsWindingDown && line.Series.EntryWeek + terms.CompoundingWeeks == settlement.Week, "term ended");
            Counts.SituationIf(line.Cover.IsPositive, "cover paid");
            Counts.SituationIf(line.Cover.IsPositive && line.Cover == terms.ReserveOfUnit(), "cover limited by the lock");
        }

        var units = after.Series.Values.Select(series => (series.Id, series.Unit, Before: before.Series.GetValueOrDefault(series.Id)?.Unit, series.Terms));
        foreach (var (_, unit, old, terms) in units)
        {
            if (old is null) continue;
            Counts.SituationIf(unit.OwnerShare > old.OwnerShare, $"profit share paid, {terms.Crystallisation}");
            Counts.SituationIf(unit.Owed < old.Owed - (unit.OwnerShare - old.OwnerShare), "claw-back");
            Counts.SituationIf(unit.UpfrontFee < old.UpfrontFee, "upfront fee paid");
        }

        foreach (var entry in settlement.Entry.Series.Where(entry => entry.Final && entry.ExitWeek is not null && entry.OwnerShare.IsPositive))
            Counts.Situation($"profit share paid, {before.Terms[entry.Series.Terms].Crystallisation}");
    }
}

using System.Collections.Immutable;

namespace Backstake.Accounting;

/// <summary>Reads <see cref="StoredBooksWriter"/>'s form. What is derived (running totals, locked parts) is computed again, never read.</summary>
internal static class StoredBooksReader
{
    public static Books Read(StrictJson json)
    {
        if (json.Members().TryGetValue("schema", out var schema) && schema.Text() != StoredBooks.Schema) throw schema.Malformed($"not {StoredBooks.Schema}");
        var fields = json.Object(
            "schema", "vault", "terms", "lastWeek", "lastClosed", "windingDown", "stake", "cash", "house", "reserve",
            "openRounds", "pendingReleases", "waitingUnits", "series", "tranches");
        var books = new BooksState(TermsJson.ReadVault(fields["vault"]))
        {
            Terms = TermsJson.ReadAll(fields["terms"]).ToImmutableSortedDictionary(one => one.Id, one => one.Terms),
            LastWeek = EventJson.WeekOf(fields["lastWeek"]),
            LastClosed = ReadRound(fields["lastClosed"]),
            IsWindingDown = fields["windingDown"].Truth(),
            Stake = fields["stake"].AnyAmount(),
            Cash = fields["cash"].AnyAmount(),
        };
        ReadHouse(books, fields["house"]);
        ReadReserve(books, fields["reserve"]);
        foreach (var item in fields["openRounds"].Items()) ReadOpenRound(books, item);
        books.Pending = ReadPending(fields["pendingReleases"]);
        foreach (var item in fields["waitingUnits"].Items()) ReadWaiting(books, item);
        foreach (var item in fields["series"].Items()) ReadSeries(books, item);
        foreach (var item in fields["tranches"].Items()) ReadTranche(books, item);
        (books.UnitsWorth, books.UnitsFree) = books.SumOfUnits();
        books.MostOfARound = books.HouseTarget;
        foreach (var slot in books.Series.Order) books.MostOfARound += books.Series.UnitsAt(slot) * books.Series.States[slot].Target;
        return new Books(books);
    }

    private static void ReadHouse(BooksState books, StrictJson json)
    {
        var fields = json.Object("amount", "leaving", "asked", "waiting", "spare", "target");
        books.House = fields["amount"].AnyAmount();
        books.HouseLeaving = fields["leaving"].AnyAmount();
        books.HouseAsked = fields["asked"].AnyAmount();
        books.HouseWaiting = fields["waiting"].AnyAmount();
        books.HouseSpare = fields["spare"].AnyAmount();
        books.HouseTarget = fields["target"].AnyAmount();
    }

    private static void ReadReserve(BooksState books, StrictJson json)
    {
        var fields = json.Object("amount", "locked", "asked");
        books.Reserve = fields["amount"].AnyAmount();
        books.ReserveLocked = fields["locked"].AnyAmount();
        books.ReserveAsked = fields["asked"].AnyAmount();
    }

    private static void ReadOpenRound(BooksState books, StrictJson json)
    {
        var fields = json.Object("round", "stake", "houseStake");
        var round = new OpenRound(EventJson.RoundOf(fields["round"]), fields["stake"].AnyAmount(), fields["houseStake"].AnyAmount());
        if (round.HouseStake.IsNegative) throw json.Malformed("a stake below zero");
        books.OpenRounds.Add(round);
        books.Series.OpenRound();
        books.Tranches.OpenRound();
        books.HouseLocked += Nmr.FromWei(books.Locked(round.HouseStake.Value));
    }

    private static PendingReleases ReadPending(StrictJson json)
    {
        var pending = PendingReleases.None;
        foreach (var item in json.Items())
        {
            var fields = item.Object("amount", "lastActive");
            pending = pending.Add(fields["amount"].AnyAmount(), ReadRound(fields["lastActive"]));
        }

        return pending;
    }

    private static void ReadWaiting(BooksState books, StrictJson json)
    {
        var fields = json.Object("terms", "payout", "backer", "units");
        var id = new WaitingId(ReadTerms(books, fields["terms"]), Words.Payout.Read(fields["payout"]), EventJson.BackerOf(fields["backer"]));
        var units = ReadUnits(fields["units"]);
        books.WaitingUnits.Set(id, units);
        books.WaitingDeposits += units * books.Terms[id.Terms].UnitSize;
    }

    private static void ReadSeries(BooksState books, StrictJson json)
    {
        var fields = json.Object("terms", "entryWeek", "payout", "holders", "leaving", "unit");
        ReadUnit(books, books.Series, ReadSeriesId(books, fields), null, fields, ReadHoldings(fields["leaving"]), final: false);
    }

    private static void ReadTranche(BooksState books, StrictJson json)
    {
        var fields = json.Object("terms", "entryWeek", "payout", "exitWeek", "final", "holders", "unit");
        ReadUnit(books, books.Tranches, ReadSeriesId(books, fields), EventJson.WeekOf(fields["exitWeek"]), fields, Holdings.None, fields["final"].Truth());
    }

    private static SeriesId ReadSeriesId(BooksState books, StrictJson.Fields fields) =>
        new(ReadTerms(books, fields["terms"]), EventJson.WeekOf(fields["entryWeek"]), Words.Payout.Read(fields["payout"]));

    private static TermsId ReadTerms(BooksState books, StrictJson json)
    {
        var id = new TermsId(json.Text());
        return books.Terms.ContainsKey(id) ? id : throw json.Malformed("terms that are not in terms");
    }

    /// <summary>Backers twice, or not in their order, aren't the canonical form.</summary>
    private static Holdings ReadHoldings(StrictJson json)
    {
        var holders = new List<KeyValuePair<Backer, Units>>();
        foreach (var item in json.Items())
        {
            var fields = item.Object("backer", "units");
            var backer = EventJson.BackerOf(fields["backer"]);
            if (holders.Count > 0 && holders[^1].Key.CompareTo(backer) >= 0) throw fields["backer"].Malformed("not after the one before");
            holders.Add(KeyValuePair.Create(backer, ReadUnits(fields["units"])));
        }

        return Holdings.Of([.. holders]);
    }

    private static void ReadUnit(BooksState books, UnitTable table, SeriesId series, Week? exitWeek, StrictJson.Fields ofClass, Holdings leaving, bool final)
    {
        if (table.Find(series, exitWeek) >= 0) throw ofClass["unit"].Malformed("the same units twice");
        var fields = ofClass["unit"].Object(
            "value", "cumulative", "sinceSettlement", "ownerShare", "upfrontFee", "entries", "cover", "paid", "payable", "distributed", "target", "parts");
        var unit = new UnitState
        {
            Value = fields["value"].AnyAmount(),
            Cumulative = fields["cumulative"].AnyAmount(),
            SinceSettlement = fields["sinceSettlement"].AnyAmount(),
            OwnerShare = fields["ownerShare"].AnyAmount(),
            UpfrontFee = fields["upfrontFee"].AnyAmount(),
            Entries = [.. fields["entries"].Items().Select(ReadEntry)],
            Cover = fields["cover"].AnyAmount(),
            Paid = fields["paid"].AnyAmount(),
            Payable = fields["payable"].AnyAmount(),
            Distributed = fields["distributed"].AnyAmount(),
            Target = fields["target"].AnyAmount(),
            Final = final,
        };
        foreach (var entry in unit.Entries) unit.Owed += entry.Amount;
        var slot = table.Add(new UnitClass(series, exitWeek, books.Terms[series.Terms], ReadHoldings(ofClass["holders"]), leaving), unit);
        foreach (var part in fields["parts"].Items()) ReadPart(books, table, slot, part);
    }

    private static Entry ReadEntry(StrictJson json)
    {
        var fields = json.Object("week", "amount");
        return new Entry(EventJson.WeekOf(fields["week"]), fields["amount"].AnyAmount());
    }

    /// <summary>Parts twice, or not in the order of their rounds, aren't the canonical form.</summary>
    private static void ReadPart(BooksState books, UnitTable table, int slot, StrictJson json)
    {
        var fields = json.Object("round", "stake");
        var round = books.IndexOf(EventJson.RoundOf(fields["round"]));
        if (round < 0) throw fields["round"].Malformed("not an open round");
        var stake = fields["stake"].AnyAmount();
        if (!stake.IsPositive) throw fields["stake"].Malformed("not greater than zero");
        table.SetStake(round, slot, stake);
        ref var unit = ref table.ChangeInRounds()[slot];
        unit.Locked = checked(unit.Locked + books.Locked(stake.Value));
    }

    private static Round? ReadRound(StrictJson json) => json.IsNull ? null : EventJson.RoundOf(json);

    /// <summary>Many events may have added up: 2^53 is far beyond what the supply could buy.</summary>
    private static Units ReadUnits(StrictJson json) => new(json.Integer(1, 1L << 53));
}

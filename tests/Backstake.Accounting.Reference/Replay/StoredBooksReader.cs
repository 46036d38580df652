using System.Collections.Immutable;

namespace Backstake.Accounting.Reference;

/// <summary>Reads <see cref="StoredBooksWriter"/>'s form. What is derived (running totals, locked parts) is computed again, never read.</summary>
internal static class StoredBooksReader
{
    public static Books Read(StrictJson json)
    {
        if (json.Members().TryGetValue("schema", out var schema) && schema.Text() != StoredBooks.Schema) throw schema.Malformed($"not {StoredBooks.Schema}");
        var fields = json.Object(
            "schema", "vault", "terms", "lastWeek", "lastClosed", "windingDown", "stake", "cash", "house", "reserve",
            "openRounds", "pendingReleases", "waitingUnits", "series", "tranches");
        var books = Books.Open(TermsJson.ReadVault(fields["vault"]));
        foreach (var (id, terms) in TermsJson.ReadAll(fields["terms"])) books = books.WithTerms(id, terms);
        books = books with
        {
            LastWeek = EventJson.WeekOf(fields["lastWeek"]),
            LastClosed = ReadRound(fields["lastClosed"]),
            IsWindingDown = fields["windingDown"].Truth(),
            Stake = fields["stake"].AnyAmount(),
            Cash = fields["cash"].AnyAmount(),
        };
        books = ReadReserve(ReadHouse(books, fields["house"]), fields["reserve"]);
        books = ReadRounds(books, fields["openRounds"]);
        books = books with { Pending = ReadPending(fields["pendingReleases"]) };
        foreach (var item in fields["waitingUnits"].Items()) books = ReadWaiting(books, item);
        foreach (var item in fields["series"].Items()) books = books.With(ReadSeries(books, item));
        foreach (var item in fields["tranches"].Items()) books = books.With(ReadTranche(books, item));
        return books;
    }

    private static Books ReadHouse(Books books, StrictJson json)
    {
        var fields = json.Object("amount", "leaving", "asked", "waiting", "spare", "target");
        return books with
        {
            House = fields["amount"].AnyAmount(),
            HouseLeaving = fields["leaving"].AnyAmount(),
            HouseAsked = fields["asked"].AnyAmount(),
            HouseWaiting = fields["waiting"].AnyAmount(),
            HouseSpare = fields["spare"].AnyAmount(),
            HouseTarget = fields["target"].AnyAmount(),
        };
    }

    private static Books ReadReserve(Books books, StrictJson json)
    {
        var fields = json.Object("amount", "locked", "asked");
        return books with { Reserve = fields["amount"].AnyAmount(), ReserveLocked = fields["locked"].AnyAmount(), ReserveAsked = fields["asked"].AnyAmount() };
    }

    private static Books ReadRounds(Books books, StrictJson json)
    {
        foreach (var item in json.Items())
        {
            var fields = item.Object("round", "stake", "houseStake");
            var round = new OpenRound(EventJson.RoundOf(fields["round"]), fields["stake"].AnyAmount(), fields["houseStake"].AnyAmount());
            books = books with
            {
                OpenRounds = books.OpenRounds.SetItem(round.Round, round),
                HouseLocked = books.HouseLocked + books.Regime.Locked(round.HouseStake, books.Vault.MaxBurnBps),
            };
        }

        return books;
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

    private static Books ReadWaiting(Books books, StrictJson json)
    {
        var fields = json.Object("terms", "payout", "backer", "units");
        var id = new WaitingId(ReadTerms(books, fields["terms"]), Words.Payout.Read(fields["payout"]), EventJson.BackerOf(fields["backer"]));
        return books.WithWaiting(id, ReadUnits(fields["units"]));
    }

    private static Series ReadSeries(Books books, StrictJson json)
    {
        var fields = json.Object("terms", "entryWeek", "payout", "holders", "leaving", "unit");
        var id = ReadSeriesId(books, fields);
        return new Series
        {
            Id = id,
            Terms = books.Terms[id.Terms],
            Holders = ReadHoldings(fields["holders"]),
            Leaving = ReadHoldings(fields["leaving"]),
            Unit = ReadUnit(books, fields["unit"]),
        };
    }

    private static Tranche ReadTranche(Books books, StrictJson json)
    {
        var fields = json.Object("terms", "entryWeek", "payout", "exitWeek", "final", "holders", "unit");
        var series = ReadSeriesId(books, fields);
        return new Tranche
        {
            Id = new TrancheId(series, EventJson.WeekOf(fields["exitWeek"])),
            Terms = books.Terms[series.Terms],
            Final = fields["final"].Truth(),
            Holders = ReadHoldings(fields["holders"]),
            Unit = ReadUnit(books, fields["unit"]),
        };
    }

    private static SeriesId ReadSeriesId(Books books, StrictJson.Fields fields) =>
        new(ReadTerms(books, fields["terms"]), EventJson.WeekOf(fields["entryWeek"]), Words.Payout.Read(fields["payout"]));

    private static TermsId ReadTerms(Books books, StrictJson json)
    {
        var id = new TermsId(json.Text());
        return books.Terms.ContainsKey(id) ? id : throw json.Malformed("terms that are not in terms");
    }

    private static Holdings ReadHoldings(StrictJson json)
    {
        var holdings = Holdings.None;
        foreach (var item in json.Items())
        {
            var fields = item.Object("backer", "units");
            holdings = holdings.Add(EventJson.BackerOf(fields["backer"]), ReadUnits(fields["units"]));
        }

        return holdings;
    }

    private static Unit ReadUnit(Books books, StrictJson json)
    {
        var fields = json.Object(
            "value", "cumulative", "sinceSettlement", "ownerShare", "upfrontFee", "entries", "cover", "paid", "payable", "distributed", "target", "parts");
        var unit = new Unit
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
        };
        return fields["parts"].Items().Aggregate(unit, (joined, part) => joined.Join(ReadPart(books, part)));
    }

    private static Entry ReadEntry(StrictJson json)
    {
        var fields = json.Object("week", "amount");
        return new Entry(EventJson.WeekOf(fields["week"]), fields["amount"].AnyAmount());
    }

    private static Part ReadPart(Books books, StrictJson json)
    {
        var fields = json.Object("round", "stake");
        var stake = fields["stake"].AnyAmount();
        return new Part(EventJson.RoundOf(fields["round"]), stake, books.Regime.Locked(stake, books.Vault.MaxBurnBps));
    }

    private static Round? ReadRound(StrictJson json) => json.IsNull ? null : EventJson.RoundOf(json);

    /// <summary>Many events may have added up: 2^53 is far beyond what the supply could buy.</summary>
    private static Units ReadUnits(StrictJson json) => new(json.Integer(1, 1L << 53));
}

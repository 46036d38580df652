using System.Collections.Immutable;
using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>A settlement between its cut and its acceptance.</summary>
/// <param name="Root">What it says of the books to the chain.</param>
/// <param name="Unlocked">Reserve that its books unlocked, less its cover: free in the books already, not on the chain. Wei.</param>
/// <param name="OwnersJoined">House that joined, and upfront fees of the units that joined. Wei.</param>
/// <param name="Classes">Accepted units that aren't settled finally.</param>
internal sealed record SettledWeek(
    Settlement Settlement, byte[] Root, BigInteger Unlocked, ImmutableArray<(SeriesId Series, Backer Backer)> GivenBack, BigInteger OwnersJoined, ImmutableArray<OpenClass> Classes)
{
    public int Week => Settlement.Week.Number;

    public BigInteger Cover => Wei.Sum(Settlement.Lines.Select(line => (line.Units * line.Cover).Wei));

    /// <summary>Payments to backers and from the house.</summary>
    public BigInteger Paid => Settlement.HousePaid.Wei + Wei.Sum(Settlement.Payments.Where(payment => payment.To != Payment.Owner).Select(payment => payment.Amount.Wei));
}

/// <summary>Units of a class that isn't settled finally. <paramref name="Paid"/>: what each was paid over its life.</summary>
internal sealed record OpenClass(Units Units, Nmr UnitSize, Nmr Paid)
{
    /// <summary>What of the unit sizes isn't paid, wei.</summary>
    public BigInteger Principal => (Units * (UnitSize - Nmr.Min(Paid, UnitSize))).Wei;
}

/// <summary>Cuts, settlements, proposals, acceptance.</summary>
internal sealed partial class Player
{
    private readonly Queue<SettledWeek> unaccepted = [];
    private readonly HashSet<(SeriesId Series, int ExitWeek, Backer Holder)> claims = [];
    private readonly Dictionary<(SeriesId Series, int ExitWeek), (Nmr Paid, bool Closed)> classes = [];
    private readonly Dictionary<string, BigInteger> acceptedPayments = [];
    private Settlement? lastSettlement;
    private ProposeFunction? proposed;
    private long acceptableAt;
    private long settledAt;
    private int lastAccepted;
    private bool checkClasses;
    private BigInteger houseNet;
    private BigInteger gainsLeft;
    private ImmutableArray<OpenClass> accepted = [];
    private byte[] acceptedRoot = new byte[32];

    private BigInteger UnlockedNotAccepted => Wei.Sum(unaccepted.Select(week => week.Unlocked));

    /// <summary>The books move at the cut.</summary>
    private void Settle()
    {
        var (before, week) = (books, new Week(CurrentWeek));
        Note($"books: settle {week}");
        var applied = disturbance.Apply(books, new Settle(week));
        Difference.Unless(applied.Refusal is null, $"settle {week}: {applied.Refusal}");
        books = applied.Books;
        events.Add(new Settle(week));
        lastSettlement = applied.Settlement!;
        var cover = Wei.Sum(lastSettlement.Lines.Select(line => (line.Units * line.Cover).Wei));
        ImmutableArray<(SeriesId, Backer)> givenBack =
            before.IsWindingDown ? [.. before.WaitingUnits.Keys.Select(waiting => (new SeriesId(waiting.Terms, week, waiting.Payout), waiting.Backer))] : [];
        var fees = before.IsWindingDown ? 0 : Wei.Sum(before.WaitingUnits.Select(waiting => (waiting.Value * before.Terms[waiting.Key.Terms].UpfrontFeeOfUnit()).Wei));
        var open = books.Series.Values.Select(series => new OpenClass(series.Units, series.Terms.UnitSize, series.Unit.Distributed))
            .Concat(books.Tranches.Values.Where(tranche => !tranche.Final).Select(tranche => new OpenClass(tranche.Units, tranche.Terms.UnitSize, tranche.Unit.Distributed + tranche.Unit.Paid)));
        unaccepted.Enqueue(new SettledWeek(
            lastSettlement, BooksRoot.Of(books).Hash, (before.ReserveLocked - books.ReserveLocked).Wei - cover, givenBack, before.HouseWaiting.Wei + fees, [.. open]));
        Counts.Act("settle");
        Counts.SituationIf(unaccepted.Count >= 2, "late week");
        CountWhatHappened(before, books, lastSettlement);
    }

    private void Propose()
    {
        if (unaccepted.Count == 0)
        {
            ChainAlone("propose before the cut", People.Settler, Empty(lastAccepted + 1), "tooEarly");
            return;
        }

        var words = Words(unaccepted.Peek());
        if (proposed is not null)
        {
            ChainAlone("propose what is proposed", People.Settler, words, "pending");
            return;
        }

        if (words.Week.Week % 7 == 0) ChainAlone("propose a later week", People.Settler, Empty(lastAccepted + 2), "wrongWeek");
        ChainAlone("propose", People.Settler, words);
        (proposed, acceptableAt) = (words, now + (setting.WindowHours * 3_600L));
    }

    /// <summary>The settler's word is not the books'; it must be vetoed.</summary>
    private void ProposeFalsely(Move move)
    {
        if (unaccepted.Count == 0 || proposed is not null) return;
        var words = Words(unaccepted.Peek());
        words.Week.StakeLimit += 1;
        ChainAlone("propose falsely", People.Settler, words);
        (proposed, acceptableAt) = (words, now + (setting.WindowHours * 3_600L));
        Veto(move);
    }

    private void Veto(Move move)
    {
        if (ChainAlone("veto", move.A % 2 == 0 ? People.Guardian : People.Owner, new VetoFunction(), proposed is null ? "nothingPending" : null)) proposed = null;
    }

    private async Task Accept(Move move)
    {
        if (proposed is null)
        {
            ChainAlone("accept", People.Anybody, new AcceptFunction { Week = Empty(lastAccepted + 1).Week }, "nothingPending");
            return;
        }

        var call = new AcceptFunction { Week = proposed.Week, Lines = proposed.Lines };
        if (now < acceptableAt && move.A % 4 == 0) ChainAlone("accept before the window is over", People.Anybody, call, "tooEarly");
        await GoTo(Math.Max(now, acceptableAt + (move.B % 2 == 0 ? 0 : move.B % 40_000)));
        if (move.A % 9 == 0) ChainAlone("accept something else", People.Anybody, new AcceptFunction { Week = Empty((int)proposed.Week.Week).Week, Lines = proposed.Lines }, "linesDiffer");
        ChainAlone("accept", People.Anybody, call);
        Accepted(unaccepted.Dequeue());
    }

    private void Accepted(SettledWeek week)
    {
        (proposed, lastAccepted, settledAt, checkClasses) = (null, week.Week, now, true);
        Counts.SituationIf(now >= CutOf(week.Week + 1), "acceptance after the next cut");
        houseNet += week.Settlement.HousePaid.Wei - week.OwnersJoined;
        gainsLeft -= Wei.Sum(week.Settlement.Lines.Select(GainOf));
        (accepted, acceptedRoot) = (week.Classes, week.Root);
        foreach (var payment in week.Settlement.Payments) acceptedPayments[payment.To] = acceptedPayments.GetValueOrDefault(payment.To) + payment.Amount.Wei;
        foreach (var line in week.Settlement.Lines)
        {
            classes[(line.Series, line.ExitWeek?.Number ?? 0)] = (line.Paid, line.Final);
            claims.UnionWith(line.Holders.ByBacker.Keys.Select(holder => (line.Series, line.ExitWeek?.Number ?? 0, holder)));
        }

        // What an ended series owed to its live units is owed to the class that they became.
        var live = week.Settlement.Lines.Where(line => line.ExitWeek is null).Select(line => line.Series).ToHashSet();
        foreach (var ended in classes.Keys.Where(it => it.ExitWeek == 0 && !live.Contains(it.Series)).ToList()) classes.Remove(ended);
        claims.RemoveWhere(it => it.ExitWeek == 0 && !live.Contains(it.Series));
        claims.UnionWith(week.GivenBack.Select(it => (it.Series, week.Week, it.Backer)));
    }

    /// <summary>Everything that is due is done: rounds come home, weeks are settled and accepted, everybody claims; then nothing may be left over.</summary>
    private async Task Finish()
    {
        foreach (var round in openStakes.Keys.ToList()) Collect(round, round % 2 == 0 ? -openStakes[round].Amount / 3 : openStakes[round].Amount / 5, stranger: false, falsely: false);
        await GoTo(CutOf(CurrentWeek));
        while (unaccepted.Count > 0)
        {
            if (proposed is null) Propose();
            await Accept(new Move(Kind.Accept, 1, 0, 0));
        }

        await GoTo(now);
        foreach (var (series, exitWeek, holder) in claims) Tell($"{ClaimOfSomebody}{holder} in {series}, exit {exitWeek}", People.Anybody, ClaimOf(series, exitWeek, holder));
        TakeHouse();
        TakeReserve();
        checkClasses = true;
        await GoTo(now);
        Difference.UnlessEqual(BigInteger.Zero, (await chain.State()).State.Promised, "what is promised when everybody has claimed");
        Difference.UnlessEqual(BigInteger.Zero, Wei.Sum(await chain.Claimable(claims)), "what is claimable when everybody has claimed");
    }

    private long AcceptedUnits => accepted.Sum(it => it.Units.Count);

    /// <summary>What this settlement pays a class beyond its unit size, wei.</summary>
    private BigInteger GainOf(ClassLine line)
    {
        var unitSize = books.Terms[line.Series.Terms].UnitSize;
        return (line.Units * (Nmr.Max(line.Paid, unitSize) - Nmr.Max(line.Paid - line.PaidNow, unitSize))).Wei;
    }

    private ProposeFunction Words(SettledWeek week) => disturbance.Words(new ProposeFunction
    {
        Week = new SettlementWeek
        {
            Week = (uint)week.Week,
            StakeLimit = ((PerRoundStake)week.Settlement.Instruction).Amount.Wei,
            HouseOut = week.Settlement.HousePaid.Wei,
            ReserveOut = week.Settlement.ReservePaid.Wei,
            HouseSpare = week.Settlement.HouseSpare.Wei,
            Books = week.Root,
        },
        Lines =
        [
            .. week.Settlement.Lines.Where(line => !line.PaidNow.IsZero || !line.Cover.IsZero || line.Final).Select(line => new SettlementLine
            {
                Series = VaultOnChain.Series(line.Series),
                ExitWeek = (uint)(line.ExitWeek?.Number ?? 0),
                Units = (ulong)line.Units.Count,
                Paid = line.Paid.Wei,
                Cover = line.Cover.Wei,
                Closed = line.Final,
            }).OrderBy(line => line.Series).ThenBy(line => line.ExitWeek),
        ],
    });

    private static ProposeFunction Empty(int week) => new() { Week = new SettlementWeek { Week = (uint)week, Books = new byte[32] } };
}

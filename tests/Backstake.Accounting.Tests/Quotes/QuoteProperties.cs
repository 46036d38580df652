using Backstake.Accounting.Tests.Equality;
using Backstake.Accounting.Tests.Properties;
using Xunit;

namespace Backstake.Accounting.Tests.Quotes;

/// <summary>
/// The number quoted is the number booked when its assumptions happen: after random histories a quote's future is really played, to the plain BigInteger books, for a backer that the quote didn't
/// know.
/// </summary>
public sealed class QuoteProperties
{
    private const int Histories = 400;

    private static readonly Backer Newcomer = new("0x00000000000000000000000000000000000000ee");

    [Fact]
    public void QuotedDeposit_IsBookedToTheWei()
    {
        var (quoted, all) = (0, 0);
        Law.Holds(Histories, history =>
        {
            all++;
            var (file, books) = Fold(history);
            if (Quote.Of(books, DepositOf(history, books), Never) is not DepositQuote quote) return;
            quoted++;
            foreach (var outcome in quote.Headline.Concat([quote.Table[history.Seed % quote.Table.Length], quote.Worst]))
            {
                var (payments, entries) = Play(file, outcome.Events.Select(assumed => assumed switch
                {
                    Deposit deposit => deposit with { Backer = Newcomer },
                    Exit exit => exit with { Backer = Newcomer },
                    _ => assumed,
                }));
                var last = entries[^1].Single(one => one.Series.EntryWeek.Number == quote.Entry.Number && one.ExitWeek?.Number == quote.EarliestExit.Number
                    && one.Series.Terms.Text == quote.Ask.Of.Text && (int)one.Series.Payout == (int)quote.Ask.Choice);
                Assert.Equal(outcome.Paid.Wei, payments.Where(payment => payment.To == Newcomer.Address).Aggregate(0, (System.Numerics.BigInteger sum, Reference.Payment payment) => sum + payment.Amount.Wei));
                Assert.Equal(outcome.Result.Wei, quote.Ask.Units.Count * last.Cumulative.Wei);
                Assert.Equal(outcome.OwnerShare.Wei, quote.Ask.Units.Count * last.OwnerShare.Wei);
                Assert.Equal(outcome.Cover.Wei, quote.Ask.Units.Count * last.Cover.Wei);
                Assert.Equal(outcome.LastPaid.Number, quote.Entry.Number + entries.Count - 1);
                Assert.Equal(quote.Price + outcome.Result - outcome.Paid, outcome.OwnerGain);
                Assert.True(outcome.UpfrontFee >= Nmr.Zero && outcome.Cover <= quote.ReserveLocked);
            }
        });
        Assert.True(quoted > all / 4, $"Only {quoted} deposits were quoted.");
    }

    [Fact]
    public void QuotedExit_IsBookedToTheWei()
    {
        var (quoted, all) = (0, 0);
        Law.Holds(Histories, history =>
        {
            all++;
            var (file, books) = Fold(history);
            if (ExitOf(history, books) is not { } ask || Quote.Of(books, ask, round => new Week(books.LastWeek.Number + 1 + (round.Number % 4))) is not ExitQuote quote) return;
            quoted++;
            foreach (var path in quote.Paths)
            {
                // The units go to somebody who has no others of this vault, so that what is paid is theirs.
                var (payments, entries) = Play(file, path.Events.SelectMany<VaultEvent, VaultEvent>(assumed => assumed is Exit exit && exit.Backer == ask.Backer
                    ? [new Transfer(ask.Backer, Newcomer, ask.Series, ask.Units), exit with { Backer = Newcomer }]
                    : [assumed]));
                var paid = payments.Where(payment => payment.To == Newcomer.Address).ToArray();
                Assert.Equal(path.Paid.Wei, paid.Aggregate(0, (System.Numerics.BigInteger sum, Reference.Payment payment) => sum + payment.Amount.Wei));
                Assert.Equal(path.Weeks.Where(week => !week.Paid.IsZero).Select(week => week.Paid.Wei), paid.Select(payment => payment.Amount.Wei));
                Assert.Equal(quote.Worth + path.Result - path.Paid, path.OwnerGain);
                Assert.Equal(path.Weeks.Length, entries.Count);
                foreach (var (week, entry) in path.Weeks.Zip(entries))
                {
                    var tranche = entry.Single(one => one.Series.ToString() == ask.Series.ToString() && one.ExitWeek?.Number == quote.Exit.Number);
                    Assert.Equal(week.AtRisk.Wei, ask.Units.Count * tranche.Locked.Wei);
                }
            }
        });
        Assert.True(quoted > all / 8, $"Only {quoted} exits were quoted.");
    }

    /// <summary>Refused by the books' code, which names as many units as the books would take.</summary>
    [Fact]
    public void RefusedDeposit_IsRefusedByTheBooks()
    {
        var (explained, all) = (0, 0);
        Law.Holds(Histories, history =>
        {
            all++;
            var (_, books) = Fold(history);
            var ask = DepositOf(history, books) with { Units = new Units(history.Seed % 200) };
            var refusal = RefusalOf(books, ask);
            if (Quote.Of(books, ask, Never) is not RefusedQuote quote)
            {
                Assert.Null(refusal);
                return;
            }

            Assert.Same(refusal, quote.Refusal);
            Assert.NotEmpty(quote.Explanation);
            if (quote.Refusal != Refusal.HouseTooSmall && quote.Refusal != Refusal.ReserveInsufficient) return;
            explained++;
            var covered = quote.Numbers.Single(number => number.Name == "unitsCovered").Count!.Value;
            Assert.InRange(covered, 0, ask.Units.Count - 1);
            if (covered > 0) Assert.NotSame(refusal, RefusalOf(books, ask with { Units = new Units(covered) }));
            Assert.Same(refusal, RefusalOf(books, ask with { Units = new Units(covered + 1) }));
            var missing = quote.Numbers.Single(number => number.Name == "missing").Amount!.Value;
            Assert.True(missing.IsPositive);
            VaultEvent More(Nmr amount) => refusal == Refusal.HouseTooSmall ? new HouseDeposit(amount) : new ReserveDeposit(amount);
            Assert.NotSame(refusal, RefusalOf(books.Apply(More(missing)).Books, ask));
            if (missing > new Nmr(1)) Assert.Same(refusal, RefusalOf(books.Apply(More(missing - new Nmr(1))).Books, ask));
        });
        Assert.True(explained > all / 8, $"Only {explained} refusals had numbers.");
    }

    [Fact]
    public void UnitsLeft_AreThoseThatTheBooksStillTake() => Law.Holds(Histories, history =>
    {
        var (_, books) = Fold(history);
        var ask = DepositOf(history, books);
        if (Quote.Of(books, ask, Never) is not DepositQuote { UnitsLeft: { } left }) return;
        var after = books.Apply(new Deposit(Newcomer, ask.Of, ask.Units, ask.Choice)).Books;
        Assert.NotNull(RefusalOf(after, ask with { Units = new Units(left + 1) }));
        if (left > 0) Assert.Null(RefusalOf(after, ask with { Units = new Units(left) }));
    });

    private static (ReplayFile File, Books Books) Fold(RandomHistory history)
    {
        var file = history.ToReplayFile();
        var fold = new Fold(RandomHistory.Begin(file.Vault, file.Terms));
        foreach (var vaultEvent in file.Events) fold.Apply(vaultEvent, out _);
        return (file, fold.Books);
    }

    private static DepositAsk DepositOf(RandomHistory history, Books books) =>
        new(books.Terms.Keys.ElementAt(history.Seed % books.Terms.Count), new Units(1 + (history.Seed % 5)), (Payout)(history.Seed / 7 % 2));

    private static ExitAsk? ExitOf(RandomHistory history, Books books)
    {
        if (books.Series.IsEmpty) return null;
        var series = books.Series.Values.ElementAt(history.Seed % books.Series.Count);
        var (backer, units) = series.Holders.ByBacker.ElementAt(history.Seed % series.Holders.ByBacker.Count);
        return new(backer, series.Id, new Units(1 + (history.Seed % units.Count)));
    }

    private static Refusal? RefusalOf(Books books, DepositAsk ask) => books.Apply(new Deposit(Newcomer, ask.Of, ask.Units, ask.Choice)).Refusal;

    private static Week Never(Round round) => throw new InvalidOperationException("A deposit's quote asks for no round's end.");

    /// <summary>The history, then the assumed future: what the settlements of that pay, and their classes.</summary>
    private static (List<Reference.Payment> Payments, List<IReadOnlyList<Reference.ClassEntry>> Entries) Play(ReplayFile file, IEnumerable<VaultEvent> assumed)
    {
        var books = ReferenceBooks.Begin(file.Vault, file.Terms);
        foreach (var vaultEvent in file.Events) books = books.Apply(ReferenceBooks.Of(vaultEvent)).Books;
        var (payments, entries) = (new List<Reference.Payment>(), new List<IReadOnlyList<Reference.ClassEntry>>());
        foreach (var vaultEvent in assumed)
        {
            var applied = books.Apply(ReferenceBooks.Of(vaultEvent));
            Assert.True(applied.Refusal is null, $"{vaultEvent} was refused: {applied.Refusal}.");
            books = applied.Books;
            if (applied.Settlement is not { } settlement) continue;
            payments.AddRange(settlement.Payments);
            entries.Add(settlement.Entry.Series);
        }

        return (payments, entries);
    }
}

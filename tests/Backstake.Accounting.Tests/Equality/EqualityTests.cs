using System.Collections.Immutable;
using System.Globalization;
using Backstake.Accounting.Tests.Properties;
using Xunit;

namespace Backstake.Accounting.Tests.Equality;

/// <summary>
/// The fast books and the reference, event by event: the same refusals, the same published weeks, the same lines for the chain, the same stored bytes. Both regimes, all events.
/// </summary>
public sealed class EqualityTests
{
    private static readonly string Examples = Path.Combine(AppContext.BaseDirectory, "examples");

    /// <summary>1,000,000 histories with BACKSTAKE_DEEP=1.</summary>
    [Fact]
    public void AllRandomHistories_AreTheReferences() => Law.Holds(18_000, history => AssertEqual(history.ToReplayFile()), deeper: 54);

    [Fact]
    public void HistoriesOfAFewWei_AreTheReferences() => Law.Holds(1_000, history => AssertEqual((history with { Scale = Scale.OneWei }).ToReplayFile()), deeper: 14);

    [Fact]
    public void HistoriesOfTheGreatestAmounts_AreTheReferences() => Law.Holds(1_000, history => AssertEqual((history with { Scale = Scale.Greatest }).ToReplayFile()), deeper: 14);

    [Fact]
    public void EveryExample_IsTheReferences() =>
        Assert.All(Directory.GetFiles(Examples, "*.json").Where(file => !file.EndsWith(".books.json", StringComparison.Ordinal)), file => AssertEqual(ReplayFile.Read(File.ReadAllBytes(file)).Value));

    [Theory]
    [InlineData(Staking.PerRound)]
    [InlineData(Staking.Continuous)]
    public void TenThousandSeries_AreTheReferences(Staking staking) => AssertEqual(ManySeries(staking, 10_000));

    /// <summary>Nobody sees what the fold does inside: books that were handed out stay as they were, whatever is built on them.</summary>
    [Fact]
    public void BooksOnceGiven_NeverChange() => Law.Holds(100, history =>
    {
        var file = history.ToReplayFile();
        var books = file.Begin();
        var fold = new Fold(books);
        var given = new List<(Books Books, byte[] Stored)>();
        foreach (var vaultEvent in file.Events)
        {
            given.Add((books, StoredBooks.Write(books)));
            var applied = books.Apply(vaultEvent);
            Assert.Equal(applied.Refusal, fold.Apply(vaultEvent, out _));
            // Two that go on from the same books don't disturb each other.
            books.Apply(new Settle(books.LastWeek + 1));
            books = applied.Books;
            given.Add((fold.Books, StoredBooks.Write(books)));
        }

        Assert.All(given, one => Assert.Equal(one.Stored, StoredBooks.Write(new Books(one.Books.State))));
    });

    private static void AssertEqual(ReplayFile file)
    {
        var fold = new Fold(RandomHistory.Begin(file.Vault, file.Terms));
        var reference = ReferenceBooks.Begin(file.Vault, file.Terms);
        foreach (var vaultEvent in file.Events)
        {
            var expected = reference.Apply(ReferenceBooks.Of(vaultEvent));
            var refusal = fold.Apply(vaultEvent, out var settlement);
            reference = expected.Books;
            Assert.Equal(expected.Refusal?.Code, refusal?.Code);
            if (expected.Settlement is { } week) AssertEqual(week, settlement!);
        }

        Assert.Equal(Reference.StoredBooks.Write(reference), StoredBooks.Write(fold.Books));
    }

    private static void AssertEqual(Reference.Settlement expected, Settlement actual)
    {
        Assert.Equal(Reference.BooksDocument.WriteWeek(expected.Entry), BooksDocument.WriteWeek(actual.Entry));
        Assert.Equal((expected.HousePaid.Wei, expected.ReservePaid.Wei), (actual.HousePaid.Wei, actual.ReservePaid.Wei));
        Assert.Equal(expected.DepositsGivenBack.Select(payment => (payment.To, payment.Amount.Wei)), actual.DepositsGivenBack.Select(payment => (payment.To, payment.Amount.Wei)));
        Assert.Equal(
            expected.Lines.Select(line => (line.Series.ToString(), line.ExitWeek?.Number, line.Units.Count, line.Paid.Wei, line.PaidNow.Wei, line.Cover.Wei, line.Final, line.PaidInFull)),
            actual.Lines.Select(line => (line.Series.ToString(), line.ExitWeek?.Number, line.Units.Count, line.Paid.Wei, line.PaidNow.Wei, line.Cover.Wei, line.Final, line.PaidInFull)));
        Assert.Equal(
            expected.Lines.SelectMany(line => line.Holders.ByBacker).Select(holder => (holder.Key.Address, holder.Value.Count)),
            actual.Lines.SelectMany(line => line.Holders.ByBacker).Select(holder => (holder.Key.Address, holder.Value.Count)));
    }

    /// <summary>Half the series pay; every third asks some of its units out while rounds are open; all rules of profit share.</summary>
    private static ReplayFile ManySeries(Staking staking, int count)
    {
        var terms = Enumerable.Range(0, count >> 1).ToImmutableSortedDictionary(i => new TermsId(i.ToString("d5", CultureInfo.InvariantCulture)), i => TestVault.Plain with
        {
            UnitSize = new Nmr(1_000_000_000_000_000_000 + (i * 7_654_321L)),
            Crystallisation = (Crystallisation)(i % 3),
            ClawBackWeeks = i % 2,
            LossShareBps = new BasisPoints(i % 1_000),
            ReserveBps = new BasisPoints(i % 700),
        });
        var events = new List<VaultEvent> { new HouseDeposit(Nmr.FromNmr(1_000)), new ReserveDeposit(Nmr.FromNmr(1_000)) };
        for (var i = 0; i < count; i++) events.Add(new Deposit(RandomHistory.BackerOf(i), terms.Keys.ElementAt(i >> 1), new Units(1 + (i % 3)), (Payout)(i % 2)));
        events.Add(new Settle(new Week(1)));
        foreach (var round in Enumerable.Range(1, 6)) events.Add(new Close(new Round(round)));
        events.Add(new Resolve(new Round(1), TestVault.N("17.000000000000000003")));
        events.Add(new Resolve(new Round(3), TestVault.N("-5.5")));
        for (var i = 0; i < count; i += 3)
            events.Add(new Exit(RandomHistory.BackerOf(i), new SeriesId(terms.Keys.ElementAt(i >> 1), new Week(1), (Payout)(i % 2)), new Units(1 + (i % 2))));
        events.AddRange([new Settle(new Week(2)), new Resolve(new Round(2), TestVault.N("-9")), new Close(new Round(7)), new Resolve(new Round(4), TestVault.N("3.3"))]);
        events.AddRange([new Settle(new Week(3)), new WindDown(), new Settle(new Week(4)), new Resolve(new Round(6), Nmr.Zero), new Settle(new Week(5))]);
        return new ReplayFile(new VaultSettings("v", staking), terms, [.. events]);
    }
}

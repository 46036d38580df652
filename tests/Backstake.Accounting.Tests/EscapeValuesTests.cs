using Xunit;
using static Backstake.Accounting.Tests.TestVault;

namespace Backstake.Accounting.Tests;

/// <summary>CONTRACT.md "Decided" 15: what everybody would get if a settlement were the last.</summary>
public sealed class EscapeValuesTests
{
    private static readonly Terms Covered = Plain with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) };

    [Theory]
    [MemberData(nameof(ExampleTests.Histories), MemberType = typeof(ExampleTests))]
    public void AllValues_AreTheStakeTheCashAndTheCover_AfterEverySettlementOfEveryExample(string name)
    {
        var history = ExampleTests.History(name);
        var (books, settlements) = (history.Begin(), 0);
        foreach (var vaultEvent in history.Events)
        {
            var applied = books.Apply(vaultEvent);
            books = applied.Books;
            if (applied.Settlement is null) continue;
            settlements++;
            var values = EscapeValues.Of(books);
            Assert.Equal(books.Stake + books.Cash + values.Cover, values.Total);
            Assert.All(values.Classes, one => Assert.False(one.Value.IsNegative));
            Assert.True(!values.Cover.IsNegative && values.Cover <= books.ReserveLocked, $"cover {values.Cover}, locked {books.ReserveLocked}");
            Assert.Equal(books.Series.Keys.Select(id => (id, (Week?)null)).Concat(books.Tranches.Keys.Select(id => (id.Series, (Week?)id.ExitWeek))).ToHashSet(), values.Classes.Select(one => (one.Series, one.ExitWeek)).ToHashSet());
        }

        Assert.NotEqual(0, settlements);
    }

    [Fact] // ACCOUNTING.md 5, "Worked": net +40, the owner gets 20
    public void AGain_IsShared_EvenWhileTheRoundIsOpen()
    {
        var vault = new TestVault(concurrentRounds: 1).With(Plain).House("10").Deposit(Anna).Settle().Play(1, "44").Settle().Close(2).Settle();
        var values = EscapeValues.Of(vault.Books);
        Assert.Equal([new EscapeClass(SeriesOf(1), null, new Units(1), N("120"))], values.Classes.AsEnumerable());
        Assert.Equal((N("34"), Nmr.Zero), (values.House, values.Cover));
    }

    [Fact] // ACCOUNTING.md 5, "Worked": net −20, the reserve pays 10
    public void ALoss_IsCovered_AndTheBooksStayAsTheyWere()
    {
        var vault = new TestVault(concurrentRounds: 1).With(Covered).Reserve("50").Deposit(Anna).Settle().Play(1, "-20").Settle();
        var digest = vault.Books.Digest();
        var values = EscapeValues.Of(vault.Books);
        Assert.Equal([new EscapeClass(SeriesOf(1), null, new Units(1), N("90"))], values.Classes.AsEnumerable());
        Assert.Equal((Nmr.Zero, N("10")), (values.House, values.Cover));
        Assert.Equal(digest, vault.Books.Digest());
    }

    [Fact]
    public void WhoLeftThisWeek_AndWhoStayed_AreTwoClasses_EachOfItsOwnUnits()
    {
        var vault = new TestVault(concurrentRounds: 2).With(Plain).Deposit(Anna, units: 3).Settle().Close(1).Exit(Anna, 1, units: 2).Settle();
        // Half of a leaver's 100 is free and was paid; the other half is in the open round.
        Assert.Equal(
            [new EscapeClass(SeriesOf(1), null, new Units(1), N("100")), new EscapeClass(SeriesOf(1), new Week(2), new Units(2), N("50"))],
            EscapeValues.Of(vault.Books).Classes.AsEnumerable());
    }

    [Theory] // lockup weeks of a series of week 1, value of its unit after week 2: the fee of 5 is earned when the lockup is over
    [InlineData(0, "95")]
    [InlineData(1, "95")]
    [InlineData(2, "100")]
    public void AnUpfrontFee_NotEarned_StaysInTheUnit(int lockupWeeks, string value)
    {
        var vault = new TestVault().With(Plain with { UpfrontFeeBps = new BasisPoints(500), LockupWeeks = lockupWeeks }).Deposit(Anna).Settle(2);
        var values = EscapeValues.Of(vault.Books);
        Assert.Equal((N(value), N("100") - N(value)), (values.Classes.Single().Value, values.House));
    }

    [Fact]
    public void WhatWaits_BelongsToNoSettlement()
    {
        var vault = new TestVault().With(Plain).Deposit(Anna);
        Assert.Throws<ArgumentException>(() => EscapeValues.Of(vault.Books));
        Assert.Throws<ArgumentException>(() => EscapeValues.Of(new TestVault().House("1").Books));
    }
}

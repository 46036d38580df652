using System.Collections.Immutable;
using System.Text;
using Xunit;

namespace Backstake.Accounting.Tests.Quotes;

public sealed class QuoteTests
{
    /// <summary>ACCOUNTING.md 5, "Worked": half the profit, half the loss, a unit of 100 NMR.</summary>
    private static readonly Terms Worked = TestVault.Plain with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000) };

    private static readonly DepositAsk OneUnit = new(TestVault.T1, new Units(1));

    [Theory] // N, result per 100 NMR in bps, paid, the owner's gain
    [InlineData(64, 4_000, "120", "20")]
    [InlineData(64, -2_000, "90", "-10")]
    [InlineData(25, 4_000, "120", "20")]
    [InlineData(1, -2_000, "90", "-10")]
    [InlineData(64, 10_000, "150", "50")]
    [InlineData(64, 0, "100", "0")]
    [InlineData(64, -10_000, "50", "-50")]
    public void WorkedExample_IsQuoted(int concurrentRounds, int returnBps, string paid, string ownerGain)
    {
        var quote = Deposit(new TestVault(concurrentRounds: concurrentRounds).With(Worked).House("1000.000000000000000007").Reserve("50"), OneUnit);
        var outcome = quote.Headline.Concat(quote.Table).First(one => one.ReturnBps == returnBps);

        Assert.Equal((paid, ownerGain), (outcome.Paid.ToString(), outcome.OwnerGain.ToString()));
    }

    [Fact]
    public void Headline_IsFortyUpAndTwentyDown_AndTheTableGoesFromAllLostToDouble()
    {
        var quote = Deposit(new TestVault().With(Worked).Reserve("500"), OneUnit with { Units = new Units(3) });

        Assert.Equal(["360", "270"], quote.Headline.Select(one => one.Paid.ToString()));
        Assert.Equal(Enumerable.Range(-10, 21).Select(i => i * 1_000), quote.Table.Select(one => one.ReturnBps));
        Assert.Equal(("300", "150", 7L), (quote.Price.ToString(), quote.ReserveLocked.ToString(), quote.UnitsLeft));
        Assert.Equal(
            "A round can burn 100 % of what is staked in it, and every round can be a bad one. If all burns that can, 150 of the 300 NMR come back, 150 of them from the owner's reserve. Before the settlement of week 2 nobody can leave.",
            QuoteWords.WorstCase(quote));
    }

    /// <summary>The older regime: twenty rounds of 5 % are all of it.</summary>
    [Fact]
    public void Continuous_IsQuotedWithinWhatARoundMayBurn()
    {
        var quote = Deposit(new TestVault(Staking.Continuous).With(Worked).House("100").Reserve("50"), OneUnit);

        Assert.Equal(["120", "90"], quote.Headline.Select(one => one.Paid.ToString()));
        Assert.Equal("50", quote.Worst.Paid.ToString());
        Assert.Contains("A round can burn 5 % of", QuoteWords.WorstCase(quote), StringComparison.Ordinal);
    }

    /// <summary>Leverage: 10 % of the unit size are there for half the loss, so beyond −20 % nothing more comes.</summary>
    [Fact]
    public void ExhaustedCover_IsMarked()
    {
        var quote = Deposit(new TestVault().With(Worked with { ReserveBps = new BasisPoints(1_000) }).Reserve("10"), OneUnit);

        Assert.Equal(Enumerable.Range(-10, 21).Select(i => i < -2), quote.Table.Select(one => one.IsCoverExhausted));
    }

    /// <summary>A fee of 5 % is the owner's, whatever happens; it is never staked.</summary>
    [Theory]
    [InlineData(0, "95", "5")]
    [InlineData(1_000, "99.75", "9.75")] // 95 gained 9.5, half of it the owner's
    public void UpfrontFee_IsTheOwners(int returnBps, string paid, string ownerGain)
    {
        var outcome = Deposit(new TestVault().With(TestVault.Plain with { UpfrontFeeBps = new BasisPoints(500) }), OneUnit).Table.Single(one => one.ReturnBps == returnBps);

        Assert.Equal((paid, ownerGain, "5"), (outcome.Paid.ToString(), outcome.OwnerGain.ToString(), outcome.UpfrontFee.ToString()));
    }

    [Theory] // lockup, term: earliest exit of units that join in week 3
    [InlineData(0, 12, 4)]
    [InlineData(1, 12, 4)]
    [InlineData(5, 12, 8)]
    [InlineData(12, 12, 15)]
    [InlineData(20, 12, 15)]
    public void EarliestExit_IsTheFirstThatTheBooksAllow(int lockup, int term, int exit)
    {
        var terms = TestVault.Plain with { LockupWeeks = lockup, CompoundingWeeks = term };
        var vault = new TestVault().With(terms).Settle(2);
        var quote = Deposit(vault, OneUnit);
        Assert.Equal((3, exit, 15), (quote.Entry.Number, quote.EarliestExit.Number, quote.TermEnds.Number));

        vault.Deposit(TestVault.Anna).Settle();
        while (vault.Books.LastWeek + 2 < quote.EarliestExit) vault.Settle();
        if (lockup > 1) vault.Refuses(new Exit(TestVault.Anna, TestVault.SeriesOf(3), new Units(1)), Refusal.LockedUp);
        if (vault.Books.LastWeek + 1 < quote.EarliestExit) vault.Settle();
        if (quote.EarliestExit < quote.TermEnds) vault.Exit(TestVault.Anna, 3);
        Assert.Equal("100", vault.Settle().PaidTo(TestVault.Anna).ToString());
    }

    /// <summary>Five rounds a week, each resolved when N rounds are open: the last money comes in the week that was quoted.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(64)]
    public void LastMoney_ComesWhenQuoted(int concurrentRounds)
    {
        var vault = new TestVault(concurrentRounds: concurrentRounds).With(TestVault.Plain with { CompoundingWeeks = 100 }).House("64");
        var quote = Deposit(vault, OneUnit);
        vault.Deposit(TestVault.Anna).Settle();
        var (paidIn, round) = (0, 0);
        for (var week = 2; week <= 30; week++)
        {
            for (var i = 0; i < Quote.RoundsAWeek; i++)
            {
                vault.Close(++round);
                if (round >= concurrentRounds) vault.Resolve(round - concurrentRounds + 1, "0.01");
            }

            if (week == quote.EarliestExit.Number) vault.Exit(TestVault.Anna, 1);
            vault.Settle();
            if (!vault.Weeks[^1].Payments.IsEmpty) paidIn = week;
        }

        Assert.Equal(quote.LastMoneyAfter(quote.EarliestExit).Number, paidIn);
    }

    [Fact]
    public void RefusedForTheReserve_SaysHowManyUnitsItCovers()
    {
        var refused = Refused(new TestVault().With(Worked).Reserve("150"), OneUnit with { Units = new Units(5) });

        Assert.Equal(("reserveInsufficient", "The reserve covers 3 units, you asked for 5."), (refused.Refusal.Code, refused.Explanation));
        Assert.Equal("unitsAsked 5, unitsCovered 3, reserveUnlocked 150, reserveOfUnit 50, missing 100", string.Join(", ", refused.Numbers.Select(one => $"{one.Name} {one.Count?.ToString() ?? one.Amount.ToString()}")));
    }

    [Fact]
    public void RefusedForTheHouse_SaysWhatIsMissing()
    {
        var refused = Refused(new TestVault().With(TestVault.Plain with { HouseMinBps = new BasisPoints(1_000) }).House("12"), OneUnit with { Units = new Units(2) });

        Assert.Equal(("houseTooSmall", "The house covers 1 unit, you asked for 2."), (refused.Refusal.Code, refused.Explanation));
        Assert.Equal("8", refused.Numbers.Single(one => one.Name == "missing").Amount.ToString());
    }

    [Fact]
    public void RefusedForOtherReasons_SaysWhatThereIs()
    {
        var vault = new TestVault().With(Worked with { LockupWeeks = 4 }).Reserve("100").Deposit(TestVault.Anna, 2).Settle();
        ExitAsk Out(Backer backer, int entryWeek, int units) => new(backer, TestVault.SeriesOf(entryWeek), new Units(units));

        Assert.Equal("The vault offers T1.", Refused(vault, OneUnit with { Of = TestVault.T2 }).Explanation);
        Assert.Equal("Ask for at least one unit.", Refused(vault, OneUnit with { Units = Units.Zero }).Explanation);
        Assert.Equal("These units can leave at the settlement of week 5 at the earliest; the next one is week 2.", Refused(vault, Out(TestVault.Anna, 1, 1)).Explanation);
        Assert.Equal($"{TestVault.Anna} holds 2 units; you asked for 3.", Refused(vault, Out(TestVault.Anna, 1, 3)).Explanation);
        Assert.Equal($"{TestVault.Anna} holds units of T1 of week 1, Compound.", Refused(vault, Out(TestVault.Anna, 2, 1)).Explanation);
        Assert.Equal($"{TestVault.Bert} holds no live units of this vault.", Refused(vault, Out(TestVault.Bert, 2, 1)).Explanation);
        vault.Settle(3).Exit(TestVault.Anna, 1);
        Assert.Equal($"{TestVault.Anna} holds 2 units, 1 of them already leaving; you asked for 2.", Refused(vault, Out(TestVault.Anna, 1, 2)).Explanation);
        Assert.Equal("windingDown", Refused(vault.Do(new WindDown()), OneUnit).Refusal.Code);
    }

    /// <summary>Four rounds hold a quarter each; one resolves a week.</summary>
    [Fact]
    public void Exit_IsPaidAsItsRoundsResolve()
    {
        var vault = new TestVault(concurrentRounds: 4).With(Worked).Reserve("50").Deposit(TestVault.Anna).Settle().Close(1).Close(2).Close(3);
        var quote = Assert.IsType<ExitQuote>(Quote.Of(vault.Books, new ExitAsk(TestVault.Anna, TestVault.SeriesOf(1), new Units(1)), round => new Week(1 + round.Number)));

        Assert.Equal((2, "100", "75"), (quote.Exit.Number, quote.Worth.ToString(), quote.AtRisk.ToString()));
        Assert.Equal([0, 4_000, -2_000, -10_000], quote.Paths.Select(path => path.ReturnBps));
        Assert.Equal("2: 50 of 50 left, 3: 25 of 25 left, 4: 25 of 0 left", Weeks(quote.Paths[0]));
        // +40 % of 75 is 30, half of it the owner's at the end.
        Assert.Equal(("115", "15"), (quote.Paths[1].Paid.ToString(), quote.Paths[1].OwnerGain.ToString()));
        // −100 % of 75: 25 are left, and the reserve gives half of the loss.
        Assert.Equal(("62.5", "37.5", "-37.5"), (quote.Worst.Paid.ToString(), quote.Worst.Cover.ToString(), quote.Worst.OwnerGain.ToString()));
        Assert.Equal("75 NMR are still staked in open rounds. If all of it that can burn does, 62.5 NMR come back, 37.5 of them from the owner's reserve.", QuoteWords.WorstCase(quote));
    }

    [Fact]
    public void Json_HasWeeksTimesAndAmountsAsStrings()
    {
        var calendar = new QuoteCalendar(week => $"the cut of {week}", week => $"the acceptance of {week}");
        var json = Json(Deposit(new TestVault().With(Worked).Reserve("50"), OneUnit), calendar);

        Assert.Contains("""
            "accepted":{"week":1,"cut":"the cut of 1","acceptedFrom":"the acceptance of 1"},"firstRoundClosesAfter":"the acceptance of 1"
            """.Trim(), json, StringComparison.Ordinal);
        Assert.Contains("""
            {"returnBps":4000,"result":"40","paid":"120","ownerShare":"20","upfrontFee":"0","cover":"0","coverExhausted":false,"ownerGain":"20"}
            """.Trim(), json, StringComparison.Ordinal);
        Assert.Contains("\"accepted\":{\"week\":1},\"firstRoundClosesAfter\":null", Json(Deposit(new TestVault().With(TestVault.Plain), OneUnit), null), StringComparison.Ordinal);
    }

    [Theory] // what is asked, what is wrong with it
    [InlineData("""{"vault":"v","terms":"T1","units":1}""", null)]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"payout":"pay","replay":true}""", null)]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"exit":{"backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","entryWeek":3}}""", null)]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"unit":2}""", "unit: unknown field")]
    [InlineData("""{"vault":"v","terms":"T1"}""", "units: missing")]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"units":2}""", "units: duplicate key")]
    [InlineData("""{"vault":"v","terms":"T1","units":1.5}""", "units: not an integer")]
    [InlineData("""{"vault":"v","terms":"T1","units":1000001}""", "units: not from 0 to 1000000")]
    [InlineData("""{"vault":"a b","terms":"T1","units":1}""", "vault: not 1 to 64 letters, digits, dots, underscores and hyphens")]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"payout":"cash"}""", "payout: not one of compound, pay")]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"replay":"yes"}""", "replay: not true or false")]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"exit":{"entryWeek":3}}""", "exit.backer: missing")]
    [InlineData("""{"vault":"v","terms":"T1","units":1,"exit":{"backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","entryWeek":3},"replay":true}""", "replay: only units to be bought are replayed")]
    [InlineData("""[1]""", "file: not an object")]
    public void Request_IsReadStrictly(string json, string? malformed) => Assert.Equal(malformed, QuoteRequest.Read(Encoding.UTF8.GetBytes(json)).Malformed?.ToString());

    private static string Weeks(ExitPath path) => string.Join(", ", path.Weeks.Select(week => $"{week.Week}: {week.Paid} of {week.AtRisk} left"));

    private static string Json(Quote quote, QuoteCalendar? calendar) => Encoding.UTF8.GetString(JsonText.Of(json =>
    {
        json.WriteStartObject();
        QuoteJson.Write(json, quote, calendar);
        json.WriteEndObject();
    }));

    private static DepositQuote Deposit(TestVault vault, DepositAsk ask) => Assert.IsType<DepositQuote>(Quote.Of(vault.Books, ask, _ => default));

    private static RefusedQuote Refused(TestVault vault, QuoteAsk ask) => Assert.IsType<RefusedQuote>(Quote.Of(vault.Books, ask, _ => default));
}

using System.Text;
using Backstake.Accounting;
using Backstake.Functions.Backers;
using Backstake.Functions.Backers.Tax;

namespace Backstake.Functions.Tests.Backers;

/// <summary>Exports on an account that is small enough to work out by hand; and FAULTS.md H-11.</summary>
public sealed class TaxTests
{
    static readonly Backer Anna = new("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    static readonly SeriesId Series = new(new TermsId("a1"), new Week(1), Payout.Compound);
    static readonly DateTimeOffset Bought = new(2025, 12, 30, 9, 5, 0, TimeSpan.Zero);
    static readonly DateTimeOffset FirstCut = new(2026, 1, 4, 18, 0, 0, TimeSpan.Zero);

    /// <summary>100 NMR bought; a week brings 20 and the next burns 5.5; everything leaves and is claimed in two parts.</summary>
    static readonly AccountEntry[] Account =
    [
        new(new(new Week(1), Anna, [new() { Series = Series, Bought = N("100"), Closing = N("100") }], [], [new(MovementKind.Deposit, Series, new Units(1), N("100"), null, new(Bought, "0xb0"))]), null),
        new(new(new Week(2), Anna, [new() { Series = Series, Opening = N("100"), Result = N("20"), Closing = N("120") }], [], [new(MovementKind.Exit, Series, new Units(1), Nmr.Zero, null, new(Bought, "0xe0"))]), null),
        new(new(new Week(3), Anna, [new() { Series = Series, Opening = N("120"), Result = N("-5.5"), Paid = N("114.5") }], [new(Series, new Week(3), N("114.5"))], []), null),
        new(null, new(FirstCut.AddDays(16), "0xc1", Series, new Week(3), N("90"))),
        new(null, new(FirstCut.AddDays(30), "0xc2", Series, new Week(3), N("24.5"))),
    ];

    static Nmr N(string text) => Nmr.TryParse(text, out var amount) ? amount : throw new ArgumentException(text, nameof(text));

    static string[] Lines(TaxLayout layout, TaxBasis basis, string model = "A_MODEL")
    {
        var ledger = new TaxLedger("0xcafe", model, week => FirstCut.AddDays(7 * (week.Number - 1)), basis);
        return Encoding.UTF8.GetString(layout.Write(Account.SelectMany(ledger.Add).ToList())).Split("\r\n");
    }

    [Fact]
    public void Cash_IsWhatLeftAndReachedTheWallet_PriceFirst() => Assert.Equal(
    [
        "date,kind,sent,received,unitsWorth,vault,model,terms,entryWeek,payout,week,transaction",
        "2025-12-30T09:05:00Z,deposit,100,,,0xcafe,A_MODEL,a1,1,compound,1,0xb0",
        "2026-01-20T18:00:00Z,returned,,90,,0xcafe,A_MODEL,a1,1,compound,,0xc1",
        "2026-02-03T18:00:00Z,returned,,10,,0xcafe,A_MODEL,a1,1,compound,,0xc2",
        "2026-02-03T18:00:00Z,reward,,14.5,,0xcafe,A_MODEL,a1,1,compound,,0xc2",
        "",
    ], Lines(TaxLayout.Neutral, TaxBasis.Cash));

    [Fact]
    public void Accrual_IsWhatTheBooksGave_AtEachCut() => Assert.Equal(
    [
        "date,kind,sent,received,unitsWorth,vault,model,terms,entryWeek,payout,week,transaction",
        "2026-01-11T18:00:00Z,income,,20,,0xcafe,A_MODEL,a1,1,compound,2,",
        "2026-01-18T18:00:00Z,loss,5.5,,,0xcafe,A_MODEL,a1,1,compound,3,",
        "",
    ], Lines(TaxLayout.Neutral, TaxBasis.Accrual));

    [Fact]
    public void Koinly_HasItsColumns() => Assert.Equal(
    [
        "Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth Amount,Net Worth Currency,Label,Description,TxHash",
        "2025-12-30 09:05 UTC,100,NMR,,,,,,,to pool,\"Backstake vault 0xcafe of A_MODEL, units of week 1\",0xb0",
        "2026-01-20 18:00 UTC,,,90,NMR,,,,,from pool,\"Backstake vault 0xcafe of A_MODEL, units of week 1\",0xc1",
    ], Lines(TaxLayout.Koinly, TaxBasis.Cash).Take(3));

    [Fact]
    public void CoinTracker_HasItsColumns() => Assert.Equal(
    [
        "Date,Received Quantity,Received Currency,Sent Quantity,Sent Currency,Fee Amount,Fee Currency,Tag",
        "12/30/2025 09:05:00,,,100,NMR,,,stake",
        "01/20/2026 18:00:00,90,NMR,,,,,unstake",
        "02/03/2026 18:00:00,10,NMR,,,,,unstake",
        "02/03/2026 18:00:00,14.5,NMR,,,,,staking",
        "",
    ], Lines(TaxLayout.CoinTracker, TaxBasis.Cash));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public void ATextThatIsAFormula_IsEscaped(string model)
    {
        var line = Lines(TaxLayout.Neutral, TaxBasis.Cash, model)[1];
        Assert.Contains("'" + model, line, StringComparison.Ordinal);
        Assert.DoesNotContain("," + model, line, StringComparison.Ordinal);
    }

    [Fact]
    public void ANegativeAmount_StaysANumber() =>
        Assert.Equal("amount,text\r\n-0.25,'-0.25\r\n", Encoding.UTF8.GetString(CsvTable.Of(["amount", "text"], [[N("-0.25"), "-0.25"]])));
}

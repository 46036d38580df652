using Backstake.Accounting;
using Backstake.Chain.Nmr;
using Backstake.Chain.Prepared;
using Nethereum.Contracts;
using Nethereum.Util;

namespace Backstake.Chain.Tests.Prepared;

/// <summary>What is prepared says the same as what is signed.</summary>
public sealed class PreparedCallsTests
{
    private const string Vault = "0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc";
    private const string Nmr = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
    private static readonly TermsId Terms = new("c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3");
    private static readonly Backer Anna = new("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    private static readonly Backer Bert = new("0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    private static readonly Accounting.SeriesId Series = new(Terms, new Week(5), Payout.Compound);
    private static readonly Accounting.Nmr Price = Accounting.Nmr.FromNmr(30);

    private static IReadOnlyList<PreparedCall> Buy(Accounting.Nmr allowance) =>
        PreparedCalls.Deposit(Vault, Nmr, new Deposit(Anna, Terms, new Units(3), Payout.Pay), Price, new Week(7), allowance);

    [Fact]
    public void ADeposit_ApprovesExactlyItsPrice_AndSaysWhatItBuys()
    {
        var calls = Buy(Accounting.Nmr.Zero);
        Assert.Equal(["approve(address spender, uint256 value)", "deposit(bytes32 terms, uint64 units, bool pay, uint32 joinWeek)"], calls.Select(call => call.Function));
        Assert.Equal(["0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc", "30000000000000000000"], calls[0].Arguments.Select(argument => argument.Value));
        Assert.Equal(["0x" + Terms.Text, "3", "true", "7"], calls[1].Arguments.Select(argument => argument.Value));
        Assert.Equal(["0x5FbDB2315678afecb367f032d93F642f64180aa3", "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"], calls.Select(call => call.To));

    }

    [Fact]
    public void AnAllowance_IsLeftOrTakenBackFirst()
    {
        Assert.Single(Buy(Price));
        var calls = Buy(Accounting.Nmr.FromNmr(1));
        Assert.Equal(["0", "30000000000000000000"], calls.Take(2).Select(call => call.Arguments[1].Value));
        Assert.Equal(3, calls.Count);
    }

    [Fact]
    public void EveryAct_IsItsCall()
    {
        var series = PreparedCalls.Number(Series).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([series, "2"], Arguments(new Exit(Anna, Series, new Units(2))));
        Assert.Equal([series, "2"], Arguments(new CancelExit(Anna, Series, new Units(2))));
        Assert.Equal(["0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB", series, "2"], Arguments(new Transfer(Anna, Bert, Series, new Units(2))));
        // What waits becomes the series of the week that runs.
        Assert.Equal([PreparedCalls.Number(Series with { EntryWeek = new Week(7) }).ToString(System.Globalization.CultureInfo.InvariantCulture), "2"], Arguments(new CancelDeposit(Anna, Terms, new Units(2))));
        var claim = PreparedCalls.Claim(Vault, Anna, new(Series, new Week(6), Price));
        Assert.Equal([series, "6", "0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa"], claim.Arguments.Select(argument => argument.Value));
        Assert.Throws<ArgumentException>(() => PreparedCalls.Of(Vault, new WindDown(), new Week(7)));
    }

    [Fact]
    public void TheDigest_IsThatOfTheBytes()
    {
        var call = PreparedCalls.Of(Vault, new Exit(Anna, Series, new Units(2)), new Week(7));
        Assert.Equal("0x" + Convert.ToHexStringLower(Sha3Keccack.Current.CalculateHash(Convert.FromHexString(call.Data[2..]))), call.Digest);
        Assert.NotEqual(call.Digest, PreparedCalls.Of(Vault, new Exit(Anna, Series, new Units(3)), new Week(7)).Digest);
    }

    [Fact]
    public void ADeclaration_IsTheMessages_OrNothingIsPrepared() =>
        Assert.Throws<ArgumentException>(() => PreparedCall.Of("", Nmr, "transfer(address spender, uint256 value)", new NmrApproveFunction { Spender = Vault }));

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000", true)]
    [InlineData("0x00000000000000000000000000000000000f4240", true)]
    [InlineData("0x00000000000000000000000000000000000f4241", false)]
    [InlineData(Vault, true)]
    [InlineData(Nmr, true)]
    public void Units_GoToNobodyWhoCantUseThem(string receiver, bool refused) => Assert.Equal(refused, PreparedCalls.WhyNoReceiver(new Backer(receiver), Vault, Nmr) is not null);

    private static IEnumerable<string> Arguments(VaultEvent act) => PreparedCalls.Of(Vault, act, new Week(7)).Arguments.Select(argument => argument.Value);
}

using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;

namespace Backstake.Chain.Tests.Prepared;

/// <summary>What is prepared for an owner says the same as what is signed.</summary>
public sealed class OwnerCallsTests
{
    private const string Vault = "0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc";
    private const string Nmr = "0x5fbdb2315678afecb367f032d93f642f64180aa3";

    private static IReadOnlyList<PreparedCall> Of(OwnerAct act, long allowed = 0) => OwnerCalls.Of(Vault, Nmr, act, Accounting.Nmr.FromNmr(allowed));

    [Fact]
    public void AnOffer_IsToldFieldByField_WithItsSignature()
    {
        var terms = new VaultTerms { UnitSize = 10, ProfitShareBps = 1, LossShareBps = 2, ReserveBps = 3, Crystallisation = 2, ClawBackWeeks = 4, CompoundingWeeks = 5, LockupWeeks = 6, UpfrontFeeBps = 7, HouseMinBps = 8 };
        var signature = Enumerable.Range(0, 65).Select(i => (byte)i).ToArray();
        var call = OwnerCalls.Offer(Vault, terms, signature);
        Assert.Equal(["10", "1", "2", "3", "2", "4", "5", "6", "7", "8", "0x" + Convert.ToHexStringLower(signature)], call.Arguments.Select(argument => argument.Value));
        Assert.Equal(["terms.unitSize", "terms.houseMinBps", "signature"], new[] { 0, 9, 10 }.Select(i => call.Arguments[i].Name));
        Assert.Contains(SignedTerms.Id(terms, Vault), call.Purpose, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsBrought_IsApprovedExactly()
    {
        var bring = new OwnerAct("addHouse") { Amount = Accounting.Nmr.FromNmr(3) };
        Assert.Equal(["approve(address spender, uint256 value)", "addHouse(uint88 amount)"], Of(bring).Select(call => call.Function));
        Assert.Equal(["addHouse(uint88 amount)"], Of(bring, allowed: 3).Select(call => call.Function));
        Assert.Equal(["0", "3000000000000000000"], Of(bring with { Name = "addReserve" }, allowed: 1).Take(2).Select(call => call.Arguments[1].Value));
    }

    [Theory]
    [InlineData("askHouse", "askHouse(uint88 amount)", "3000000000000000000")]
    [InlineData("askReserve", "askReserve(uint88 amount)", "3000000000000000000")]
    [InlineData("takeHouse", "takeHouse()", "")]
    [InlineData("takeReserve", "takeReserve()", "")]
    [InlineData("windDown", "windDown()", "")]
    [InlineData("pause", "pause(bool deposits, bool staking)", "true false")]
    [InlineData("withdrawOffer", "withdrawOffer(bytes32 id)", "0xc3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3")]
    public void EveryAct_IsItsCall(string act, string function, string arguments)
    {
        var call = Assert.Single(Of(new OwnerAct(act) { Amount = Accounting.Nmr.FromNmr(3), PausesDeposits = true, PausesStaking = false, Terms = new TermsId("c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3") }));
        Assert.Equal((function, arguments), (call.Function, string.Join(' ', call.Arguments.Select(argument => argument.Value))));
    }

    /// <summary>Also a shift back in time is told as what it is.</summary>
    [Theory]
    [InlineData("moveCut", "moveCut(uint32 fromWeek, int32 shift)", "3 -3600")]
    [InlineData("revokeCutMove", "revokeCutMove()", "")]
    [InlineData("announceStaker", "announceStaker(address next)", "0x5FbDB2315678afecb367f032d93F642f64180aa3")]
    [InlineData("revokeStaker", "revokeStaker()", "")]
    [InlineData("adoptStaker", "adoptStaker()", "")]
    public void WhatHasNotice_IsItsCall(string act, string function, string arguments)
    {
        var created = new CreateVault { FirstCut = (ulong)new DateTimeOffset(2026, 11, 22, 15, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() };
        var call = NoticeActs.Call(Vault, created, new OwnerAct(act) { FromWeek = 3, ShiftSeconds = -3600, Stakers = Nmr });
        Assert.Equal((function, arguments), (call.Function, string.Join(' ', call.Arguments.Select(argument => argument.Value))));
        if (act == "moveCut") Assert.Contains("End weeks 01:00:00 before the calendar of the vault's creation from week 3 on: that one at 2026-12-06T14:00:00Z", call.Purpose, StringComparison.Ordinal);
    }
}

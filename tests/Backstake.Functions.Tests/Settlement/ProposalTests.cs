using Backstake.Accounting;
using Backstake.Functions.Settlement;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Settlement;

/// <summary>What a settlement asks the contract for: only classes that it paid, covered or ended, in the contract's order, and the same again from its text.</summary>
public sealed class ProposalTests
{
    static readonly string Root = new('a', 64);

    [Fact]
    public void Proposal_OfALeaverAndOneWhoStays_HasTheLeaversLine()
    {
        var (proposal, settlement) = Leaving();
        var line = Assert.Single(proposal.Lines);
        Assert.Equal((Root, Root), (proposal.BooksRoot, Convert.ToHexStringLower(proposal.ToWeek().Books)));
        Assert.Equal((History.TermsOne, false, 1, 2, 2L), (line.Terms, line.Pay, line.EntryWeek, line.ExitWeek, line.Units));
        Assert.Equal((Nmr.FromNmr(10), Nmr.Zero, true), (line.Paid, line.Cover, line.Closed));
        Assert.Equal([History.Anna.Address], line.Holders);
        Assert.Equal(((PerRoundStake)settlement.Instruction).Amount, proposal.StakeLimit);
        Assert.Equal(proposal.StakeLimit.Wei, proposal.ToWeek().StakeLimit);
        Assert.Equal(2u, proposal.ToWeek().Week);
    }

    [Fact]
    public void Proposal_IsTheSameAgainFromItsText()
    {
        var (proposal, _) = Leaving();
        Assert.Equal(proposal.ToJson(), Proposal.FromJson(proposal.ToJson()).ToJson());
        Assert.Equal(proposal.Lines[0].Series, Proposal.FromJson(proposal.ToJson()).Lines[0].Series);
    }

    [Fact]
    public void Lines_AreInTheOrderOfSeriesAndExitWeek()
    {
        var books = Opened().Apply(new Deposit(History.Anna, new TermsId("b2" + History.TermsOne[2..]), new Units(1), Payout.Compound)).Books;
        books = books.Apply(new Deposit(History.Anna, new TermsId(History.TermsOne), new Units(1), Payout.Pay)).Books;
        books = books.Apply(new Settle(new Week(1))).Books.Apply(new WindDown()).Books;
        var lines = Proposal.Of(books.Apply(new Settle(new Week(2))).Settlement!, Root).ToLines();
        Assert.Equal(3, lines.Count);
        Assert.Equal(lines.OrderBy(line => line.Series).ThenBy(line => line.ExitWeek).Select(line => line.Series), lines.Select(line => line.Series));
        Assert.All(lines, line => Assert.True(line.Closed));
    }

    [Fact]
    public void QuietWeek_HasNoLines() => Assert.Empty(Proposal.Of(Opened().Apply(new Settle(new Week(1))).Settlement!, Root).Lines);

    static (Proposal, Accounting.Settlement) Leaving()
    {
        var books = Opened().Apply(new Settle(new Week(1))).Books;
        books = books.Apply(new Exit(History.Anna, new SeriesId(new TermsId(History.TermsOne), new Week(1), Payout.Compound), new Units(2))).Books;
        var settlement = books.Apply(new Settle(new Week(2))).Settlement!;
        return (Proposal.Of(settlement, Root), settlement);
    }

    static Books Opened() => Books.Open(new VaultSettings("0x1111111111111111111111111111111111111111", Staking.PerRound, 4))
        .WithTerms(new TermsId(History.TermsOne), History.Terms)
        .WithTerms(new TermsId("b2" + History.TermsOne[2..]), History.Terms)
        .Apply(new Deposit(History.Anna, new TermsId(History.TermsOne), new Units(3), Payout.Compound)).Books;
}

using Backstake.Accounting.Tests.Properties;
using Xunit;

namespace Backstake.Accounting.Tests.Statements;

/// <summary>Over random histories: positions add up to the books, statements to the payments, whoever holds what. That each line adds up is asserted by the code itself.</summary>
public sealed class StatementProperties
{
    private static readonly Backer[] Backers = [.. Enumerable.Range(0, 5).Select(RandomHistory.BackerOf)];

    [Fact]
    public void AllPositions_AreTheBooks_AfterEveryEvent() => Law.Holds(60, history =>
    {
        var books = Begin(history);
        foreach (var vaultEvent in history.ToReplayFile().Events)
        {
            books = books.Apply(vaultEvent).Books;
            var positions = Backers.Select(backer => Position.Of(books, backer)).ToArray();
            Assert.Equal(books.UnitsWorth + books.WaitingDeposits, Sum(positions, position => position.Worth));
            Assert.Equal(books.WaitingDeposits, Sum(positions, position => position.Waiting));
            foreach (var round in books.OpenRounds.Values)
                Assert.Equal(round.Stake - round.HouseStake, Sum(positions.SelectMany(position => position.Rounds).Where(part => part.Round == round.Round), part => part.Stake));
            foreach (var position in positions)
            {
                Assert.Equal(position.Worth, position.Waiting + position.AtRisk + position.ForOwner + position.Staying + position.Releasable + position.Payable);
                foreach (var one in position.Holdings)
                    Assert.Equal(one.Price + one.Result + one.Cover, one.Worth + one.Paid + one.OwnerShare + one.UpfrontFee);
            }
        }
    });

    [Fact]
    public void AllStatements_AreTheWeeksPayments_AndTheBooksWorth() => Law.Holds(100, history =>
    {
        var ledgers = Backers.Select(backer => new BackerLedger(Begin(history), backer)).ToArray();
        var books = Begin(history);
        foreach (var vaultEvent in history.ToReplayFile().Events)
        {
            var applied = books.Apply(vaultEvent);
            books = applied.Books;
            var statements = ledgers.Select(ledger => ledger.Apply(vaultEvent)).ToArray();
            Assert.All(statements, statement => Assert.Equal(applied.Settlement is null, statement is null));
            if (applied.Settlement is not { } settlement) continue;
            Assert.Equal(books.UnitsWorth, Sum(statements, statement => statement!.Closing));
            foreach (var statement in statements)
                Assert.Equal(settlement.Payments.FirstOrDefault(payment => payment.To == statement!.Backer.Address).Amount, statement!.Paid);
            // What units were worth when they changed hands left one backer and reached another.
            Assert.Equal(Sum(statements, one => one!.Sum(line => line.HandedOn)), Sum(statements, one => one!.Sum(line => line.Received)));
        }
    });

    [Fact]
    public void AStatement_IsTheSame_FromAnySettlementOn() => Law.Holds(60, history =>
    {
        var books = Begin(history);
        var backer = Backers[0];
        var ledger = new BackerLedger(books, backer);
        BackerLedger? later = null;
        foreach (var vaultEvent in history.ToReplayFile().Events)
        {
            books = books.Apply(vaultEvent).Books;
            var (whole, part) = (ledger.Apply(vaultEvent), later?.Apply(vaultEvent));
            if (part is not null) Assert.Equal(whole!.Lines.AsEnumerable(), part.Lines.AsEnumerable());
            if (whole is not null) later = new BackerLedger(books, backer);
        }
    });

    [Fact]
    public void TheNextPayment_IsWhatASettlementPays() => Law.Holds(60, history =>
    {
        var books = Begin(history);
        foreach (var vaultEvent in history.ToReplayFile().Events)
        {
            var next = vaultEvent is Settle ? Backers.ToDictionary(backer => backer.Address, backer => Position.Of(books, backer).NextPayment) : [];
            var applied = books.Apply(vaultEvent);
            books = applied.Books;
            if (applied.Settlement is not { } settlement) continue;
            Assert.All(next, one => Assert.Equal(settlement.Payments.FirstOrDefault(payment => payment.To == one.Key).Amount, one.Value));
        }
    });

    private static Books Begin(RandomHistory history)
    {
        var file = history.ToReplayFile();
        return RandomHistory.Begin(file.Vault, file.Terms);
    }

    private static Nmr Sum<T>(IEnumerable<T> all, Func<T, Nmr> of) => all.Aggregate(Nmr.Zero, (sum, one) => sum + of(one));
}

using System.Text;
using Xunit;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>Books are kept per unit: who holds the units, in how many pieces and under which names, changes no unit's state.</summary>
public sealed class HolderProperties
{
    [Fact]
    public void MergingAllHoldersIntoOne_ChangesNoUnit() => Law.Holds(150, history =>
    {
        var file = Accepted(history);
        AssertSameUnits(file, file with { Events = [.. file.Events.Select(vaultEvent => Rename(vaultEvent, _ => RandomHistory.BackerOf(0)))] });
    });

    [Fact]
    public void TheOrderOfBackers_ChangesNoUnit() => Law.Holds(150, history =>
    {
        var file = Accepted(history);
        var turned = Enumerable.Range(0, 5).ToDictionary(RandomHistory.BackerOf, i => RandomHistory.BackerOf(4 - i));
        AssertSameUnits(file, file with { Events = [.. file.Events.Select(vaultEvent => Rename(vaultEvent, backer => turned[backer]))] });
    });

    [Fact]
    public void SplittingEveryActIntoSingleUnits_ChangesNoUnit() => Law.Holds(150, history =>
    {
        var file = Accepted(history);
        AssertSameUnits(file, file with { Events = [.. file.Events.SelectMany(Split)] });
    });

    [Fact]
    public void SplittingEachBackerInTwo_ChangesNoUnit() => Law.Holds(150, history =>
    {
        // Every deposit is half another person's, who hands the units over as soon as they live.
        var file = Accepted(history);
        var events = new List<VaultEvent>();
        var books = file.Begin();
        foreach (var vaultEvent in file.Events)
        {
            if (vaultEvent is Settle)
            {
                var waiting = books.WaitingUnits;
                foreach (var (id, units) in waiting)
                {
                    events.Add(new CancelDeposit(id.Backer, id.Terms, units, id.Payout));
                    events.Add(new Deposit(Twin(id.Backer), id.Terms, units, id.Payout));
                }

                events.Add(vaultEvent);
                if (!books.IsWindingDown) events.AddRange(waiting.Select(one => new Transfer(Twin(one.Key.Backer), one.Key.Backer, new SeriesId(one.Key.Terms, books.LastWeek + 1, one.Key.Payout), one.Value)));
            }
            else
            {
                events.Add(vaultEvent);
            }

            books = books.Apply(vaultEvent).Books;
        }

        // While the vault winds down or the house is in debt nobody new may deposit, and the two histories differ for that reason alone.
        var other = file with { Events = [.. events] };
        if (other.Replay().Errors.IsEmpty) AssertSameUnits(file, other);
    });

    [Fact]
    public void UnitsGoingToAndFro_ChangeNoUnit() => Law.Holds(150, history =>
    {
        var file = Accepted(history);
        var events = new List<VaultEvent>();
        var books = file.Begin();
        foreach (var vaultEvent in file.Events)
        {
            foreach (var series in books.Series.Values)
            {
                foreach (var backer in series.Holders.ByBacker.Keys.Where(backer => !series.FreeOf(backer).IsZero))
                {
                    events.Add(new Transfer(backer, Twin(backer), series.Id, series.FreeOf(backer)));
                    events.Add(new Transfer(Twin(backer), backer, series.Id, series.FreeOf(backer)));
                }
            }

            events.Add(vaultEvent);
            books = books.Apply(vaultEvent).Books;
        }

        AssertSameUnits(file, file with { Events = [.. events] });
    });

    /// <summary>The history without the events that were refused: what is refused may well depend on who holds what.</summary>
    private static ReplayFile Accepted(RandomHistory history)
    {
        var file = history.ToReplayFile();
        var refused = file.Replay().Errors.Select(error => error.Event).ToHashSet();
        return file with { Events = [.. file.Events.Where((_, i) => !refused.Contains(i))] };
    }

    private static void AssertSameUnits(ReplayFile one, ReplayFile other)
    {
        var (books, others) = (one.Replay(), other.Replay());
        Assert.Empty(books.Errors);
        Assert.Empty(others.Errors);
        Assert.Equal(books.Weeks.Select(WithoutReceivers), others.Weeks.Select(WithoutReceivers));
    }

    private static string WithoutReceivers(WeekEntry week)
    {
        var toBackers = week.Payments.Where(payment => payment.To != Payment.Owner).Aggregate(Nmr.Zero, (sum, payment) => sum + payment.Amount);
        return $"{Encoding.UTF8.GetString(BooksDocument.WriteWeek(week with { Payments = [.. week.Payments.Where(payment => payment.To == Payment.Owner)] }))} to backers {toBackers}";
    }

    private static Backer Twin(Backer backer) => new($"0xf{backer.Address[3..]}");

    private static VaultEvent Rename(VaultEvent vaultEvent, Func<Backer, Backer> name) => vaultEvent switch
    {
        Deposit one => one with { Backer = name(one.Backer) },
        CancelDeposit one => one with { Backer = name(one.Backer) },
        Exit one => one with { Backer = name(one.Backer) },
        CancelExit one => one with { Backer = name(one.Backer) },
        Transfer one => one with { Backer = name(one.Backer), To = name(one.To) },
        _ => vaultEvent,
    };

    private static IEnumerable<VaultEvent> Split(VaultEvent vaultEvent) => vaultEvent switch
    {
        Deposit one => Times(one.Units, one with { Units = new Units(1) }),
        CancelDeposit one => Times(one.Units, one with { Units = new Units(1) }),
        Exit one => Times(one.Units, one with { Units = new Units(1) }),
        CancelExit one => Times(one.Units, one with { Units = new Units(1) }),
        Transfer one => Times(one.Units, one with { Units = new Units(1) }),
        _ => [vaultEvent],
    };

    private static IEnumerable<VaultEvent> Times(Units units, VaultEvent vaultEvent) => Enumerable.Repeat(vaultEvent, (int)units.Count);
}

using Azure.Core;
using Azure.Core.Pipeline;
using Backstake.Accounting;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Settlement;

namespace Backstake.Faults.Tests.Rows;

/// <summary>FAULTS.md C: several workers on one vault, and clocks that differ.</summary>
[Collection(StorageGround.Collection)]
public sealed class ConcurrencyRows(StorageGround ground)
{
    [Fact]
    public async Task C_01_SixteenWorkersOnOneVault_MakeOneLinearLog()
    {
        const int Workers = 16;
        const int EventsEach = 6;
        var vault = await History.Begin(ground.NewMachine());
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var machine = ground.NewMachine();
            for (var i = 0; i < EventsEach; i++)
                await Until(() => machine.Append(vault, History.Deposited(100 * (worker + 1) + i)));
        }));
        var entries = await ground.NewMachine().ReadAll(vault); // reading proves the chain of hashes and that there is no gap
        Assert.Equal(3 + Workers * EventsEach, entries.Count);
        Assert.Equal(entries.Count, entries.Select(entry => entry.Key).Distinct(StringComparer.Ordinal).Count());
        foreach (var worker in Enumerable.Range(1, Workers)) // each worker's own come in its order
            Assert.Equal(Enumerable.Range(0, EventsEach).Select(i => $"deposit|0xfeed|{100 * worker + i}"),
                entries.Select(entry => entry.Key).Where(key => key.StartsWith($"deposit|0xfeed|{worker}", StringComparison.Ordinal) && key.Length == $"deposit|0xfeed|{100 * worker}".Length));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task C_02_EveryInterleavingOfTwoAppends_EndsInTheSameState(bool sameEvent)
    {
        const int Turns = 6; // a warm append asks twice, a lost race twice more
        string? first = null;
        for (var schedule = 0; schedule < 1 << Turns; schedule++)
        {
            var turns = new Turns(schedule, Turns);
            var vault = await History.Begin(ground.NewMachine());
            Machine[] machines = [Worker(turns, 0), Worker(turns, 1)];
            await Task.WhenAll(machines.Select(async (machine, number) =>
            {
                await turns.Begin(number);
                await Until(() => machine.Append(vault, History.Deposited(sameEvent ? 7 : 7 + number)));
                turns.End(number);
            }));
            var entries = await ground.NewMachine().ReadAll(vault);
            var end = string.Join(' ', entries.Select(entry => entry.Key).Order(StringComparer.Ordinal));
            Assert.Equal(first ??= end, end);
            Assert.Equal(sameEvent ? 4 : 5, entries.Count);
        }
    }

    [Fact]
    public void C_05_Weeks_FollowTheCalendarWithoutAGap_FromTwentyTwentyToTwentyForty()
    {
        const int Weeks = 21 * 53;
        var first = new DateTimeOffset(2020, 1, 5, 18, 0, 0, TimeSpan.Zero);
        var added = (VaultAdded)History.Added("0x1").Event with { FirstCut = first };
        var record = new VaultRecord { Vault = added };
        var cuts = Enumerable.Range(1, Weeks).Select(record.Cut).ToList();
        Assert.All(cuts, cut => Assert.Equal((DayOfWeek.Sunday, 18, TimeSpan.Zero), (cut.DayOfWeek, cut.Hour, cut.Offset)));
        Assert.All(cuts.Zip(cuts.Skip(1)), pair => Assert.Equal(TimeSpan.FromDays(7), pair.Second - pair.First));
        Assert.Contains(cuts, cut => cut is { Year: 2032, Month: 2, Day: 29 }); // a Sunday
        Assert.Equal(53, cuts.Count(cut => cut.Year == 2023));
        Assert.True(cuts[^1].Year >= 2040);
    }

    [Fact]
    public async Task C_06_DepositsThatStreamIn_EachBelongToOneSettlement()
    {
        const int Weeks = 12;
        var (settler, watcher) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(settler);
        for (var week = 1; week <= Weeks; week++)
        {
            var settled = week;
            await Task.WhenAll(
                Until(() => settler.Store.Run(vault, async work =>
                {
                    if (work.State.Books.LastWeek.Number < settled)
                        await new VaultSettlement(settler.Blobs).Settle(work, default);
                }, default)),
                Task.Run(async () =>
                {
                    for (var i = 0; i < 4; i++)
                        await Until(() => watcher.Append(vault, History.Deposited(1000 * settled + i)));
                }));
        }

        // The units of a week's series are those whose deposits stand between its settlement and the one before.
        var (expected, waiting) = (new Dictionary<int, long>(), 0L);
        foreach (var entry in await settler.ReadAll(vault))
        {
            if (entry.Event is Booked { Event: Deposit deposit })
                waiting += deposit.Units.Count;
            else if (entry.Event is VaultSettled settled)
                (expected[settled.Week], waiting) = (waiting, 0);
        }

        var books = (await ground.NewMachine().Store.Load(vault, default)).Books;
        Assert.Equal(Weeks, books.LastWeek.Number);
        Assert.Equal(expected.Where(it => it.Value > 0), books.Series.ToDictionary(it => it.Key.EntryWeek.Number, it => it.Value.Units.Count).OrderBy(it => it.Key));
        Assert.Equal(2 + 4 * Weeks, books.Series.Values.Sum(series => series.Units.Count) + waiting);
    }

    Machine Worker(Turns turns, int number) =>
        App.Machine(App.Connect(ground.ConnectionString, App.Through(new FaultyTransport(async _ =>
        {
            await turns.Take(number);
            return Storm.None;
        }))));

    /// <summary>What the queue does with a message that lost every race: it comes back.</summary>
    static async Task Until(Func<Task> step)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (HeadMovedException) when (tries < 200)
            {
                // Again.
            }
        }
    }

    /// <summary>Lets one of two workers make its next request at a time, as a schedule says; when one has ended, or the schedule is over, everybody goes.</summary>
    sealed class Turns(int schedule, int length)
    {
        readonly Lock gate = new();
        readonly TaskCompletionSource?[] waiting = new TaskCompletionSource?[2];
        readonly bool[] ended = new bool[2];
        int turn;

        public Task Begin(int worker) => Task.Run(() => { });

        public Task Take(int worker)
        {
            lock (gate)
            {
                if (turn >= length || ended[1 - worker])
                    return Task.CompletedTask;
                waiting[worker] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var wanted = waiting[worker]!.Task;
                Advance();
                return wanted;
            }
        }

        public void End(int worker)
        {
            lock (gate)
            {
                ended[worker] = true;
                Advance();
            }
        }

        /// <summary>Both want to go on (or one has ended): the schedule says who.</summary>
        void Advance()
        {
            if (ended[0] || ended[1] || turn >= length)
            {
                Release(0);
                Release(1);
            }
            else if (waiting[0] is not null && waiting[1] is not null)
            {
                Release((schedule >> turn++) & 1);
            }
        }

        void Release(int worker)
        {
            waiting[worker]?.SetResult();
            waiting[worker] = null;
        }
    }
}

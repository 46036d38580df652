using System.Diagnostics;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Storage;
using Backstake.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>
/// The operator's drill (FAULTS.md K-7): of a deployment that has run for six weeks everything stored is lost, and a backup of 30 days, a day or an hour ago is put in its place.
/// </summary>
public sealed class RestoreDrillTests(ITestOutputHelper output)
{
    const int Vaults = 8;
    const int Weeks = 6;
    const int FoundInAMinute = 25; // Numerai is asked for each new model's name
    static readonly TimeSpan[] Ages = [TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromHours(1)];
    static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);
    static readonly string[] Tables = [LogTable.TableName, OutboxTable.TableName, VaultRegistry.TableName];

    static DateTimeOffset Lost => Setting.CutOf(Weeks) + Setting.Window + TimeSpan.FromHours(3); // a week is accepted since the day before

    [Fact]
    public void K_07_BackupOfAnyAge_CatchesUpWithTheChain_AndNoTransactionIsRepeated() => Deployment.OnItsOwnThread(() =>
    {
        var vaults = Enumerable.Range(1, Vaults).Select(number => Deployment.Facts(number, Setting.CutOf(1))).ToList();
        var world = new Deployment(vaults, finalityBlocks: 8);
        PlanPeople(world);
        var host = world.Start();
        var backups = new Dictionary<TimeSpan, MemoryAccount>();
        foreach (var age in Ages)
            world.Loop.At(Lost - age, () => backups[age] = Copy(world));
        Run(Ticks(vaults.Count), Lost);
        var (before, made) = (vaults.ToDictionary(it => it.Vault, it => Money(world, it.Vault)), world.Chain.World.Nonces);
        Assert.All(before.Values, money => Assert.True(money.Count(entry => entry.Contains("vaultSettled", StringComparison.Ordinal)) == Weeks));
        Assert.True(made.Values.Max() >= (ulong)(2 * Weeks * vaults.Count)); // each week proposed and accepted, and claims beside them

        foreach (var (age, backup) in backups.OrderByDescending(it => it.Key))
        {
            var watch = Stopwatch.StartNew();
            host.End();
            world.Account = backup;
            var behind = vaults.Sum(it => before[it.Vault].Count - Money(world, it.Vault).Count);
            Assert.True(behind >= vaults.Count);
            host = world.Start();
            Run([world.Loop.Now.AddMinutes(1)], world.Loop.Now + HalfAnHour);
            foreach (var it in vaults) // all that the chain knows is there again, before anybody has done anything
                Assert.Equal(before[it.Vault], Money(world, it.Vault));

            // Of the transactions since the backup nothing is stored: nothing is signed before a person has looked.
            Assert.Equal(age > TimeSpan.FromHours(1), world.Account.Tables.Find(OutboxTable.TableName, OutboxTable.Partition(Setting.Settler.Address), "head")!.Text("Halted") is not null);
            world.Run(host, app => app.GetRequiredService<TransactionOutbox>().Resume(Role.Settler, "somebody", "restored from a backup", default));
            Run([world.Loop.Now.AddMinutes(1), world.Loop.Now.AddMinutes(16)], world.Loop.Now + HalfAnHour);
            Assert.Equal(made, world.Chain.World.Nonces);
            foreach (var it in vaults)
                Assert.Equal(before[it.Vault], Money(world, it.Vault));
            output.WriteLine($"{vaults.Count} vaults, {age.TotalHours:0} h: {behind} events of money behind; {watch.Elapsed.TotalSeconds:0.0} s");
        }

        // And the next week is settled, proposed and accepted as ever.
        var next = Setting.CutOf(Weeks + 1) + Setting.Window + TimeSpan.FromHours(3);
        Run(TicksOfWeek(Weeks + 1), next);
        foreach (var it in vaults)
            Assert.Equal((uint)(Weeks + 1), world.Chain.World.Vaults[it.Vault].LastAccepted);
        Assert.All(world.Chain.Blocks.SelectMany(block => block.Transactions), mined => Assert.Null(mined.Refusal));

        void Run(IEnumerable<DateTimeOffset> ticks, DateTimeOffset until)
        {
            foreach (var tick in ticks)
            {
                foreach (var (timer, place) in World.Simulation.Timers.Except(World.Simulation.Seldom).Select((timer, place) => (timer, place)))
                    world.Loop.At(tick.AddSeconds(20 * place), () => host.Fire(AppFunction.Named(timer)));
            }

            world.Loop.RunUntil(until);
        }
    });

    /// <summary>In each vault: a house, deposits every week, somebody who leaves, and more of them within the last day and the last hour.</summary>
    static void PlanPeople(Deployment world)
    {
        var terms = new VaultTerms { UnitSize = BigInteger.Pow(10, 18), CompoundingWeeks = 52 };
        var (anna, first) = (History.Anna.Address, SeriesId.Of(History.TermsOne, false, 1).ToNumber());
        foreach (var facts in world.Vaults)
        {
            var begin = Setting.Start.AddHours(12); // all are created by then
            world.Act(begin, facts, facts.Owner, "offer", (vault, call) => vault.Offer(call, History.TermsOne, terms));
            world.Act(begin.AddMinutes(10), facts, facts.Owner, "addHouse", (vault, call) => vault.AddHouse(call, BigInteger.Pow(10, 19)));
            for (var week = 0; week < Weeks; week++)
                Deposit(begin.AddDays((7 * week) + 2), 10 + week);
            foreach (var week in new[] { 1, 3 })
                world.Act(begin.AddDays((7 * week) + 3), facts, anna, "exit", (vault, call) => vault.Exit(call, first, 2));
            Deposit(Lost.AddHours(-20), 3);
            Deposit(Lost.AddMinutes(-50), 4);

            void Deposit(DateTimeOffset at, long units) => world.Act(at, facts, anna, "deposit", (vault, call) => vault.Deposit(call, History.TermsOne, units, pay: false));
        }
    }

    static IEnumerable<DateTimeOffset> Ticks(int vaults) => Enumerable.Range(0, (vaults / FoundInAMinute) + 2).Select(minute => Setting.Start.AddHours(6).AddMinutes(2 * minute))
        .Concat(Enumerable.Range(1, Weeks).SelectMany(TicksOfWeek)).Append(Lost.AddMinutes(-30));

    static IEnumerable<DateTimeOffset> TicksOfWeek(int week) => new[] { 0.4, 0.9, 1.4, 40.9, 41.4, 41.9, 90 }.Select(hours => Setting.CutOf(week).AddHours(hours));

    /// <summary>What a backup keeps: the log, the outbox, the registry and the documents. All else is found again.</summary>
    static MemoryAccount Copy(Deployment world)
    {
        var copy = new MemoryAccount(() => world.Loop.Now);
        foreach (var table in Tables)
        {
            foreach (var row in world.Account.Tables.Rows(table))
                copy.Tables.Put(table, row);
        }

        foreach (var (name, content) in world.Account.Blobs.Of(BlobStore.Settlements))
            copy.Blobs.Put(BlobStore.Settlements, name, content);
        return copy;
    }

    /// <summary>What the log says of money and chain, in order. When attempts failed and payments were sent is the app's own affair, and so is the record of that beside the books.</summary>
    static List<string> Money(Deployment world, string vault)
    {
        var (chain, sequence, money) = (LogEntry.Genesis, 0L, new List<string>());
        foreach (var row in world.Account.Tables.Rows(LogTable.TableName, VaultPartition.Of(vault)).Where(row => row.Key.StartsWith("e|", StringComparison.Ordinal)))
        {
            var entry = LogEntryJson.Read((int)row.Number("Version")!, row.Text("Entry")!, chain);
            Assert.Equal(++sequence, entry.Sequence);
            Assert.Equal(row.Text("Chain"), Convert.ToHexStringLower(chain = entry.Chain));
            var said = entry.Event is VaultSettled settled ? settled with { RecordDigest = "" } : entry.Event;
            if (entry.Source is not null || entry.Event.InBooks() is not null)
                money.Add($"{entry.Key} {Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(0, entry.Key, said, entry.At, entry.Source).AsSpan(1))}");
        }

        return money;
    }
}

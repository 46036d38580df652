using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Tests.Storage;

/// <summary>The log as it is stored: what was written is read, or the row that differs is named (DESIGN.md, "Appending"; FAULTS.md D-1, D-2, D-11).</summary>
[Collection(StorageGround.Collection)]
public sealed class LogTableTests(StorageGround ground)
{
    [Fact]
    public async Task FirstAppend_ToATakenPartition_IsToldThatTheHeadMoved()
    {
        var (machine, vault) = (ground.NewMachine(), StorageGround.NewVault());
        Assert.Equal(Appended.Done, (await AppendAt(machine, vault, LogHead.None, History.Added(vault))).Result);
        Assert.Equal(Appended.HeadMoved, (await AppendAt(machine, vault, LogHead.None, History.Offered())).Result);
    }

    [Fact]
    public async Task Append_WithAStaleHead_ChangesNothing()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var stale = await machine.Log.Head(vault, default);
        await machine.Append(vault, History.Deposited(2));
        var (result, _) = await AppendAt(machine, vault, stale, History.Deposited(3));
        Assert.Equal(Appended.HeadMoved, result);
        Assert.False(await machine.Log.Holds(vault, History.Deposited(3), default));
    }

    [Fact]
    public async Task Append_OfTheSameKey_IsAlreadyThere_OrAConflict()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var head = await machine.Log.Head(vault, default);
        Assert.Equal(Appended.Already, (await AppendAt(machine, vault, head, History.Deposited(1, 2))).Result);
        await Assert.ThrowsAsync<EventConflictException>(() => AppendAt(machine, vault, head, History.Deposited(1, 3)));
        Assert.Equal(head, await machine.Log.Head(vault, default) with { Chain = head.Chain });
    }

    [Fact]
    public async Task Append_TakesFortyNineEventsTogether_NotFifty()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var head = await machine.Log.Head(vault, default);
        var news = Enumerable.Range(100, LogTable.EventsMost + 1).Select(place => History.Deposited(place)).ToArray();
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAt(machine, vault, head, news));
        Assert.Equal(Appended.Done, (await AppendAt(machine, vault, head, news[..LogTable.EventsMost])).Result);
        Assert.Equal(Enumerable.Range(1, 3 + LogTable.EventsMost).Select(it => (long)it), (await machine.ReadAll(vault)).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Append_OfTheHeadWithAnyETag_IsRefused()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var head = await machine.Log.Head(vault, default);
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAt(machine, vault, head with { ETag = ETag.All }, History.Deposited(2)));
    }

    [Fact]
    public async Task Entries_AreReadAsTheyWerePlaced()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        NewEntry[] news = [History.Added(vault), History.Offered(), History.Deposited(1, 2)];
        var chain = LogEntry.Genesis;
        foreach (var (entry, i) in (await machine.ReadAll(vault)).Select((entry, i) => (entry, i)))
        {
            var placed = LogEntry.Place(news[i], i + 1, chain);
            Assert.Equal(placed with { Chain = entry.Chain }, entry);
            Assert.Equal(placed.Chain, entry.Chain);
            chain = entry.Chain;
        }
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "content", "e|000000000003" }, { "chain", "e|000000000003" }, { "removed", "e|000000000003" }, { "removedLast", "e|000000000005" },
        { "removedLastTwo", "e|000000000004" }, { "swapped", "e|000000000003" }, { "copied", "e|000000000004" }, { "version", "e|000000000003" },
        { "unknownType", "e|000000000003" }, { "unknownField", "e|000000000003" }, { "empty", "e|000000000003" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task DamagedRow_IsFoundOnReading_AndNamed(string damage, string row)
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        await machine.Append(vault, History.Deposited(2), History.Deposited(3));
        await Damage(vault, damage);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20)); // an endless search would be no answer
        var found = await Assert.ThrowsAsync<LogDamagedException>(() => ground.NewMachine().Store.Load(vault, limit.Token));
        Assert.Contains(row, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedHead_IsFoundOnReading()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var head = (await Table.GetEntityAsync<TableEntity>(VaultPartition.Of(vault), VaultPartition.Head)).Value;
        head["Chain"] = new string('0', 64);
        await Table.UpdateEntityAsync(head, ETag.All, TableUpdateMode.Replace);
        await Assert.ThrowsAsync<LogDamagedException>(() => ground.NewMachine().Store.Load(vault, default));
    }

    [Fact]
    public async Task OneDamagedVault_IsNotTheOthersTrouble()
    {
        var machine = ground.NewMachine();
        var (damaged, whole) = (await History.Begin(machine), await History.Begin(machine));
        await machine.Append(damaged, History.Deposited(2), History.Deposited(3));
        await Damage(damaged, "content");
        Assert.Equal(3, (await ground.NewMachine().Store.Load(whole, default)).Sequence);
    }

    [Theory]
    [InlineData("a/b"), InlineData(@"a\b"), InlineData("a#b"), InlineData("a?b"), InlineData("a b"), InlineData("ä€"), InlineData("a%2Fb"), InlineData("a|b")]
    public async Task NaturalKey_MayHoldAnyCharacter(string key)
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var news = new NewEntry(key, new SettlementVetoed(1), History.FirstCut);
        await machine.Store.Run(vault, work => work.Append(default, news with { Event = new OwnerPaid("house", Accounting.Nmr.Zero) }), default);
        Assert.True(await machine.Log.Holds(vault, news with { Event = new OwnerPaid("house", Accounting.Nmr.Zero) }, default));
        await Assert.ThrowsAsync<EventConflictException>(() => machine.Log.Holds(vault, news, default));
    }

    [Fact]
    public async Task Cursor_IsWhatWasStoredLast()
    {
        var (machine, vault) = (ground.NewMachine(), StorageGround.NewVault());
        Assert.Null(await machine.Log.Cursor(vault, default));
        await machine.Log.SetCursor(vault, new(12, "0xaa", 11, 3), default);
        await machine.Log.SetCursor(vault, new(9, null, 8, 0), default);
        Assert.Equal(new ChainCursor(9, null, 8, 0), await machine.Log.Cursor(vault, default));
        await machine.Log.ForgetCursor(vault, default);
        Assert.Null(await machine.Log.Cursor(vault, default));
    }

    TableClient Table => ground.Clients.Tables.GetTableClient(LogTable.TableName);

    static Task<(Appended Result, LogHead Head)> AppendAt(Machine machine, string vault, LogHead head, params NewEntry[] news)
    {
        var (entries, chain) = (new List<LogEntry>(), head.Chain);
        foreach (var entry in news)
        {
            entries.Add(LogEntry.Place(entry, head.Sequence + entries.Count + 1, chain));
            chain = entries[^1].Chain;
        }

        return machine.Log.Append(vault, head, news, entries, default);
    }

    async Task Damage(string vault, string damage)
    {
        var partition = VaultPartition.Of(vault);
        async Task<TableEntity> Row(int sequence) => (await Table.GetEntityAsync<TableEntity>(partition, VaultPartition.EventRow(sequence))).Value;
        async Task Change(int sequence, Action<TableEntity> change)
        {
            var row = await Row(sequence);
            change(row);
            await Table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
        }

        void Replace(TableEntity row, string was, string becomes)
        {
            Assert.Contains(was, row.GetString("Entry"), StringComparison.Ordinal);
            row["Entry"] = row.GetString("Entry").Replace(was, becomes, StringComparison.Ordinal);
        }

        Task Remove(int sequence) => Table.DeleteEntityAsync(partition, VaultPartition.EventRow(sequence), ETag.All);
        async Task Copy(int from, int to)
        {
            var source = await Row(from);
            await Change(to, row => (row["Entry"], row["Chain"]) = (source["Entry"], source["Chain"]));
        }

        switch (damage)
        {
            case "content": await Change(3, row => Replace(row, "\"units\":2", "\"units\":3")); break;
            case "chain": await Change(3, row => row["Chain"] = new string('a', 64)); break;
            case "removed": await Remove(3); break;
            case "removedLast": await Remove(5); break;
            case "removedLastTwo": await Remove(5); await Remove(4); break;
            case "swapped":
                var third = await Row(3);
                await Copy(4, 3);
                await Change(4, row => (row["Entry"], row["Chain"]) = (third["Entry"], third["Chain"]));
                break;
            case "copied": await Copy(3, 4); break;
            case "version": await Change(3, row => row["Version"] = LogEntryJson.Version + 1); break;
            case "unknownType": await Change(3, row => Replace(row, "\"type\":\"booked\"", "\"type\":\"booted\"")); break;
            case "unknownField": await Change(3, row => Replace(row, "\"sequence\":3", "\"sequence\":3,\"more\":1")); break;
            default: await Change(3, row => row.Remove("Entry")); break;
        }
    }
}

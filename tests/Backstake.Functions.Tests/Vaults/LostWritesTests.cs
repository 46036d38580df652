using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Vaults;

/// <summary>Storage went back under a process that remembers what is lost: what is stored counts, and no log is called damaged for it (FAULTS.md K-7).</summary>
[Collection(StorageGround.Collection)]
public sealed class LostWritesTests(StorageGround ground)
{
    [Fact]
    public async Task WhatStorageLost_IsNotRemembered()
    {
        var machine = ground.NewMachine();
        var (vault, stories) = (await History.Begin(machine), new VaultStories(machine.Log));
        var stored = await Rows(vault);
        await machine.Append(vault, History.Deposited(2), History.Deposited(3));
        Assert.Equal(5, (await stories.Of(await machine.Store.Load(vault, default), default)).State.Sequence);
        await PutBack(vault, stored);

        var state = await machine.Store.Load(vault, default);
        Assert.Equal(3, state.Sequence);
        Assert.Equal(3, (await stories.Of(state, default)).State.Sequence);
        await machine.Append(vault, History.Deposited(2));
        Assert.Equal(["deposit|0xfeed|1", "deposit|0xfeed|2"], (await machine.ReadAll(vault)).Skip(2).Select(entry => entry.Key));
    }

    /// <summary>Another machine appended to what was left: less, as much, or more than was lost.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task LogThatWentOnOtherwise_IsReadAnew_ByWhoRemembersWhatWasLost(int appended)
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var (vault, stories) = (await History.Begin(one), new VaultStories(one.Log));
        var stored = await Rows(vault);
        await one.Append(vault, History.Deposited(2), History.Deposited(3));
        await stories.Of(await one.Store.Load(vault, default), default);
        await PutBack(vault, stored);
        for (var place = 4; place < 4 + appended; place++)
            await other.Append(vault, History.Deposited(place));

        var (seen, newest) = (await one.Store.Load(vault, default), await other.Store.Load(vault, default));
        Assert.Equal((newest.Sequence, Convert.ToHexString(newest.Chain)), (seen.Sequence, Convert.ToHexString(seen.Chain)));
        Assert.Equal(newest.Chain, (await stories.Of(seen, default)).State.Chain);
        await one.Append(vault, History.Deposited(2));
        Assert.Equal(4 + appended, (await other.Store.Load(vault, default)).Sequence);
    }

    TableClient Table => ground.Clients.Tables.GetTableClient(LogTable.TableName);

    async Task<List<TableEntity>> Rows(string vault) =>
        await Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)}")).ToListAsync();

    async Task PutBack(string vault, List<TableEntity> stored)
    {
        foreach (var row in await Rows(vault))
            await Table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
        foreach (var row in stored)
            await Table.AddEntityAsync(row);
    }
}

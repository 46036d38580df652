using System.Numerics;
using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Single rows: writing, reading, types, conditions.</summary>
[Collection(StorageCollection.Name)]
public sealed class EntityTests(StorageFixture storage)
{
    private static readonly DateTimeOffset s_time = new DateTimeOffset(2026, 11, 21, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);

    [Fact]
    public async Task EveryType_ComesBackAsItWas()
    {
        var table = await storage.NewTable();
        var id = Guid.NewGuid();
        var entity = new TableEntity("p", "r")
        {
            ["Text"] = "é€😀'\"\\",
            ["Flag"] = true,
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["Small"] = 7L,
            ["Double"] = 0.1,
            ["Whole"] = 1.0,
            ["Time"] = s_time,
            ["DateTime"] = s_time.UtcDateTime,
            ["Guid"] = id,
            ["Bytes"] = new byte[] { 0, 1, 255 },
            ["Data"] = BinaryData.FromBytes(new byte[] { 7 }),
            ["Null"] = null,
        };

        await table.AddEntityAsync(entity);
        var stored = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal("é€😀'\"\\", stored.GetString("Text"));
        Assert.True(stored.GetBoolean("Flag"));
        Assert.Equal(int.MinValue, stored.GetInt32("Int"));
        Assert.Equal(long.MaxValue, stored.GetInt64("Long"));
        Assert.Equal(7L, stored.GetInt64("Small"));
        Assert.Equal(0.1, stored.GetDouble("Double"));
        Assert.Equal(1.0, stored.GetDouble("Whole"));
        Assert.Equal(s_time, stored.GetDateTimeOffset("Time"));
        Assert.Equal(s_time.UtcDateTime, stored.GetDateTime("DateTime"));
        Assert.Equal(DateTimeKind.Utc, stored.GetDateTime("Time")!.Value.Kind);
        Assert.Equal(id, stored.GetGuid("Guid"));
        Assert.Equal([0, 1, 255], stored.GetBinary("Bytes"));
        Assert.Equal([7], stored.GetBinaryData("Data").ToArray());
        Assert.False(stored.ContainsKey("Null"));
        Assert.NotEqual(default, stored.ETag);
        Assert.NotNull(stored.Timestamp);
    }

    [Fact]
    public async Task ATypeOfOnesOwn_ComesBackAsItWas_UnderItsNames()
    {
        var table = await storage.NewTable();
        var row = new Row
        {
            PartitionKey = "p", RowKey = "r", Week = 3, Ticks = long.MinValue, Wei = long.MaxValue, Ratio = 2.0, At = s_time, When = s_time.UtcDateTime,
            Id = Guid.NewGuid(), Digest = [1, 2], Kind = DayOfWeek.Tuesday, Maybe = null, Renamed = "x", Ignored = "y",
        };

        await table.AddEntityAsync(row);
        var stored = (await table.GetEntityAsync<Row>("p", "r")).Value;
        var raw = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(
            (row.Week, row.Ticks, row.Wei, row.Ratio, row.At, row.When, row.Id, row.Kind, row.Maybe, row.Renamed, null),
            (stored.Week, stored.Ticks, stored.Wei, stored.Ratio, stored.At, stored.When, stored.Id, stored.Kind, stored.Maybe, stored.Renamed, stored.Ignored));
        Assert.Equal(row.Digest, stored.Digest);
        Assert.NotEqual(default, stored.ETag);
        Assert.NotNull(stored.Timestamp);
        Assert.Equal("x", raw.GetString("Other"));
        Assert.Equal("Tuesday", raw.GetString("Kind"));
        Assert.Equal(long.MaxValue, raw.GetInt64("Wei"));
    }

    [Fact]
    public async Task WhatCannotBeStored_IsRefused()
    {
        var table = await storage.NewTable();

        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Wei"] = BigInteger.One }));
        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Kind"] = DayOfWeek.Monday }));
        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Time"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) }));
    }

    [Fact]
    public void AnEntity_KeepsANumbersType_AndRefusesToReadAnother()
    {
        var entity = new TableEntity("p", "r") { ["Long"] = 1L, ["Double"] = 1.5, ["Text"] = "x" };

        entity["Long"] = 2;
        entity["Double"] = 2;
        entity.Add("Text", "y");

        Assert.Equal(2L, entity.GetInt64("Long"));
        Assert.Equal(2.0, entity.GetDouble("Double"));
        Assert.Equal("y", entity["Text"]);
        Assert.Throws<InvalidOperationException>(() => entity.GetInt32("Long"));
        Assert.Null(entity.GetString("Absent"));
        Assert.Null(entity["Absent"]);
    }

    [Theory]
    [InlineData("it's", "deposit|0xab|3")]
    [InlineData("é€😀", "100%25")]
    [InlineData("a b+c&d=e", "(x),'y';$filter")]
    [InlineData("''", "")]
    public async Task KeysOfEveryKind_AreFoundAgain(string partition, string row)
    {
        var table = await storage.NewTable();

        await table.AddEntityAsync(new TableEntity(partition, row) { ["Step"] = 1 });
        var stored = (await table.GetEntityAsync<TableEntity>(partition, row)).Value;
        Assert.Equal((partition, row), (stored.PartitionKey, stored.RowKey));
        stored["Step"] = 2;
        await table.UpdateEntityAsync(stored, stored.ETag, TableUpdateMode.Replace);
        await table.UpsertEntityAsync(new TableEntity(partition, row) { ["More"] = 3 });
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey eq {row}");
        stored = Assert.Single(await table.QueryAsync<TableEntity>(filter).ToListAsync());
        Assert.Equal((2, 3), (stored.GetInt32("Step"), stored.GetInt32("More")));
        Assert.Equal(204, (await table.DeleteEntityAsync(stored, stored.ETag)).Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>(partition, row)).HasValue);
    }

    [Fact]
    public async Task WhatIsNotThere_Is404_WithItsCode()
    {
        var table = await storage.NewTable();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "none"));
        Assert.Equal(404, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.ResourceNotFound);

        var answer = await table.GetEntityIfExistsAsync<TableEntity>("p", "none");
        Assert.False(answer.HasValue);
        Assert.Equal(404, answer.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => answer.Value);

        Assert.Equal(404, (await table.DeleteEntityAsync("p", "none")).Status);
        failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All));
        Assert.Equal(404, failure.Status);
    }

    [Fact]
    public async Task ATableThatIsNotThere_Is404_WithItsCode()
    {
        var table = new TableServiceClient(storage.Azurite.ConnectionString).GetTableClient(StorageFixture.NewName());

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(404, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.TableNotFound);
    }

    [Fact]
    public async Task ATable_IsMadeOnce_AndFoundAgain()
    {
        var service = new TableServiceClient(storage.Azurite.ConnectionString);
        var name = StorageFixture.NewName();

        Assert.Equal(204, (await service.CreateTableIfNotExistsAsync(name)).GetRawResponse().Status);
        var again = await service.CreateTableIfNotExistsAsync(name);

        Assert.Equal(409, again.GetRawResponse().Status);
        Assert.Equal(name, again.Value.Name);
    }

    [Fact]
    public async Task AnAddOfARowThatIsThere_Is409()
    {
        var table = await storage.NewTable();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(409, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.EntityAlreadyExists);
    }

    [Fact]
    public async Task AnUpdate_NeedsTheVersionItNames_AndMustNameOne()
    {
        var table = await storage.NewTable();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        var first = (await table.GetEntityAsync<TableEntity>("p", "r")).Value.ETag;

        var written = await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, first);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), first));

        Assert.Equal(412, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied);
        var stored = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal(written.Headers.ETag, stored.ETag);
        Assert.Equal((1, 2), (stored.GetInt32("A"), stored.GetInt32("B")));
        await Assert.ThrowsAsync<ArgumentException>(() => table.UpdateEntityAsync(stored, default));
        failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync(stored, first));
        Assert.Equal(412, failure.Status);
    }

    [Fact]
    public async Task ADeleteOfAnEntity_IgnoresTheVersionItCarries()
    {
        var table = await storage.NewTable();
        await table.AddEntityAsync(new TableEntity("p", "r"));
        var stale = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["New"] = 1 });

        Assert.Equal(204, (await table.DeleteEntityAsync(stale)).Status);
    }

    [Fact]
    public async Task ASelection_BringsTheNamedPropertiesOnly()
    {
        var table = await storage.NewTable();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });

        var stored = (await table.GetEntityAsync<TableEntity>("p", "r", ["RowKey", "B"])).Value;

        Assert.Equal("r", stored.RowKey);
        Assert.Equal(2, stored.GetInt32("B"));
        Assert.False(stored.ContainsKey("A"));
        Assert.Null(stored.PartitionKey);
    }

    private sealed record Row : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Week { get; init; }

        public long Ticks { get; init; }

        public ulong Wei { get; init; }

        public double? Ratio { get; init; }

        public DateTimeOffset At { get; init; }

        public DateTime When { get; init; }

        public Guid Id { get; init; }

        public byte[] Digest { get; init; } = [];

        public DayOfWeek Kind { get; init; }

        public int? Maybe { get; init; }

        [DataMember(Name = "Other")]
        public string? Renamed { get; init; }

        [IgnoreDataMember]
        public string? Ignored { get; init; }
    }
}

using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Entity group transactions: what the service documents, and the surprises of AZURE.md, findings 1 and 2.</summary>
[Collection(StorageCollection.Name)]
public sealed class TransactionTests(StorageFixture storage)
{
    [Fact]
    public async Task AnAppend_WritesAll_AndAnswersEachActionWithItsETag()
    {
        var table = await storage.NewTable();
        var head = await Head(table, version: 1);

        var answers = await table.SubmitTransactionAsync(Append(head, head.ETag, number: 2));

        Assert.Equal(3, answers.Value.Count);
        Assert.All(answers.Value, answer => Assert.Equal(204, answer.Status));
        var stored = await table.GetEntityAsync<TableEntity>("vault", "head");
        Assert.Equal(stored.Value.ETag, answers.Value[2].Headers.ETag);
        Assert.NotEqual(head.ETag, stored.Value.ETag);
        Assert.Equal(2, stored.Value.GetInt32("Version"));
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("vault", "event|2")).HasValue);
    }

    [Fact]
    public async Task AStaleHead_Is412_AtItsIndex_AndNothingIsWritten()
    {
        var table = await storage.NewTable();
        var stale = await Head(table, version: 1);
        await table.UpdateEntityAsync(new TableEntity("vault", "head") { ["Version"] = 7 }, stale.ETag, TableUpdateMode.Replace);

        var failure = await Refused(table, Append(stale, stale.ETag, number: 2));

        Assert.Equal(412, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied);
        Assert.Equal(2, failure.FailedTransactionActionIndex);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("vault", "event|2")).HasValue);
        Assert.Equal(7, (await table.GetEntityAsync<TableEntity>("vault", "head")).Value.GetInt32("Version"));
    }

    [Fact]
    public async Task ADuplicateKey_Is409_AtItsIndex_AndNothingIsWritten()
    {
        var table = await storage.NewTable();
        var head = await Head(table, version: 1);
        await table.AddEntityAsync(new TableEntity("vault", "key|2"));

        var failure = await Refused(table, Append(head, head.ETag, number: 2));

        Assert.Equal(409, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.EntityAlreadyExists);
        Assert.Equal(0, failure.FailedTransactionActionIndex);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("vault", "event|2")).HasValue);
        Assert.Equal(head.ETag, (await table.GetEntityAsync<TableEntity>("vault", "head")).Value.ETag);
    }

    [Theory]   // which comes first, status, failed index
    [InlineData("key", 409, 0)]
    [InlineData("head", 412, 0)]
    public async Task OfTwoFailures_TheFirstInTheBatchIsTold(string first, int status, int index)
    {
        var table = await storage.NewTable();
        var stale = await Head(table, version: 1);
        await table.UpsertEntityAsync(new TableEntity("vault", "head") { ["Version"] = 7 });
        await table.AddEntityAsync(new TableEntity("vault", "key|2"));
        var batch = Append(stale, stale.ETag, number: 2);

        var failure = await Refused(table, first == "key" ? batch : batch.Reverse());

        Assert.Equal(status, failure.Status);
        Assert.Equal(index, failure.FailedTransactionActionIndex);
    }

    [Theory]
    [InlineData(TableTransactionActionType.UpdateReplace)]
    [InlineData(TableTransactionActionType.UpdateMerge)]
    public async Task AnUpdateWithoutETagArgument_OverwritesANewerRow_WhateverTheEntityCarries(TableTransactionActionType type)
    {
        var table = await storage.NewTable();
        var stale = await Head(table, version: 1);
        await table.UpdateEntityAsync(new TableEntity("vault", "head") { ["Version"] = 7 }, stale.ETag, TableUpdateMode.Replace);
        stale["Version"] = 2;

        await table.SubmitTransactionAsync([new(type, stale)]);

        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("vault", "head")).Value.GetInt32("Version"));
    }

    [Fact]
    public async Task AnUpdateWithoutETagArgument_InsertsARowThatIsNotThere()
    {
        var table = await storage.NewTable();

        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateReplace, new TableEntity("vault", "head"))]);

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("vault", "head")).HasValue);
    }

    [Fact]
    public async Task ADeleteWithoutETagArgument_DeletesAnyVersion_WithOneOnlyThat()
    {
        var table = await storage.NewTable();
        var stale = await Head(table, version: 1);
        await table.UpsertEntityAsync(new TableEntity("vault", "head") { ["Version"] = 7 });

        var failure = await Refused(table, [new(TableTransactionActionType.Delete, stale, stale.ETag)]);
        Assert.Equal(412, failure.Status);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, stale)]);

        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("vault", "head")).HasValue);
    }

    [Fact]
    public async Task ADeleteOfNothing_FailsTheTransaction()
    {
        var table = await storage.NewTable();

        var failure = await Refused(table, [new(TableTransactionActionType.Delete, new TableEntity("vault", "none"))]);

        Assert.Equal(404, failure.Status);
    }

    [Fact]
    public async Task Upserts_MergeOrReplace_AsTheyAreCalled()
    {
        var table = await storage.NewTable();
        await table.AddEntityAsync(new TableEntity("vault", "a") { ["Old"] = 1 });
        await table.AddEntityAsync(new TableEntity("vault", "b") { ["Old"] = 1 });

        await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpsertMerge, new TableEntity("vault", "a") { ["New"] = 2 }),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("vault", "b") { ["New"] = 2 }),
        ]);

        Assert.Equal(1, (await table.GetEntityAsync<TableEntity>("vault", "a")).Value.GetInt32("Old"));
        Assert.Null((await table.GetEntityAsync<TableEntity>("vault", "b")).Value.GetInt32("Old"));
    }

    [Fact]
    public async Task TheSameRowTwice_IsRefused()
    {
        var table = await storage.NewTable();

        var failure = await Refused(table, [Add("vault", "1"), Add("vault", "1")]);

        Assert.Equal(400, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.InvalidDuplicateRow);
        Assert.Equal(1, failure.FailedTransactionActionIndex);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task AHundredActions_AreTheLimit(int actions, bool taken)
    {
        var table = await storage.NewTable();
        var batch = Enumerable.Range(0, actions).Select(number => Add("vault", $"{number}")).ToList();

        if (taken)
        {
            Assert.Equal(actions, (await table.SubmitTransactionAsync(batch)).Value.Count);
            return;
        }

        var failure = await Refused(table, batch);
        Assert.Equal(400, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.InvalidInput);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("vault", "0")).HasValue);
    }

    [Fact]
    public async Task NoAction_IsAMistakeOfTheCaller()
    {
        var table = await storage.NewTable();

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    [Fact]
    public async Task ABodyWithTextOfEveryKind_ComesBackWhole()
    {
        var table = await storage.NewTable();
        const string Text = "--changeset_1--\r\n\r\nHTTP/1.1 409\n\"'é€😀|%25";

        await table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("it's é|%25", "it's é|%25") { ["Text"] = Text })]);

        Assert.Equal(Text, (await table.GetEntityAsync<TableEntity>("it's é|%25", "it's é|%25")).Value.GetString("Text"));
    }

    internal static Task<TableTransactionFailedException> Refused(TableClient table, IEnumerable<TableTransactionAction> batch) =>
        Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(batch));

    internal static TableTransactionAction Add(string partition, string row) => new(TableTransactionActionType.Add, new TableEntity(partition, row));

    private static async Task<TableEntity> Head(TableClient table, int version)
    {
        await table.AddEntityAsync(new TableEntity("vault", "head") { ["Version"] = version });
        return await table.GetEntityAsync<TableEntity>("vault", "head");
    }

    private static TableTransactionAction[] Append(TableEntity head, ETag etag, int number) =>
    [
        Add("vault", $"key|{number}"),
        Add("vault", $"event|{number}"),
        new(TableTransactionActionType.UpdateReplace, new TableEntity(head) { ["Version"] = number }, etag),
    ];
}

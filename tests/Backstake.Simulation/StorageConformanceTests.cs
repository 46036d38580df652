using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Backstake.Servers;
using Backstake.Simulation.Storage;
using Xunit;

namespace Backstake.Simulation;

/// <summary>The storage in memory answers as Azurite does, through the very clients that the app uses, to everything that the app asks.</summary>
public sealed class StorageConformanceTests : IAsyncLifetime
{
    Azurite? azurite;

    public async Task InitializeAsync() => azurite = await Azurite.StartAsync();

    public async Task DisposeAsync()
    {
        if (azurite is not null)
            await azurite.DisposeAsync();
    }

    [Fact]
    public async Task Memory_AnswersAsAzurite()
    {
        var account = new MemoryAccount(() => DateTimeOffset.UnixEpoch.AddYears(56));
        var transport = new MemoryTransport(request => Task.FromResult(account.Answer(request)));
        var inMemory = await new Script(MemoryAccount.ConnectionString, options => options.Transport = transport).Run();
        var real = await new Script(azurite!.ConnectionString, _ => { }).Run();
        Assert.Equal(real, inMemory);
        Assert.True(real.Count >= 40, $"{real.Count} answers were compared.");
    }

    /// <summary>What the emulator lacks is checked against Azure's documentation (LIMITS.md, facts 2 and 3).</summary>
    [Fact]
    public async Task Memory_HasAzuresLimits()
    {
        var account = new MemoryAccount(() => DateTimeOffset.UnixEpoch.AddYears(56));
        var client = new TableClientOptions { Transport = new MemoryTransport(request => Task.FromResult(account.Answer(request))) };
        var table = new TableServiceClient(MemoryAccount.ConnectionString, client).GetTableClient("limits");
        await table.CreateIfNotExistsAsync();
        var many = Enumerable.Range(0, 101).Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"r{number}"))).ToList();
        Assert.Equal(400, (await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(many))).Status);
        Assert.Equal(100, (await table.SubmitTransactionAsync(many.Take(100))).Value.Count);
        var twice = new[] { many[100], many[100] };
        Assert.Equal("InvalidDuplicateRow", (await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(twice))).ErrorCode);
        Assert.Equal(400, (await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "long") { ["Text"] = new string('x', 32 * 1024 + 1) }))).Status);
        var across = new TableTransactionAction[] { new(TableTransactionActionType.Add, new TableEntity("p", "x")), new(TableTransactionActionType.Add, new TableEntity("q", "x")) };
        Assert.Equal(400, (await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(across))).Status);
        Assert.Equal(100, account.Tables.Rows("limits").Count());
    }

    sealed class Script
    {
        readonly TableServiceClient tables;
        readonly BlobServiceClient blobs;
        readonly QueueServiceClient queues;
        readonly List<string> answers = [];

        public Script(string connection, Action<ClientOptions> change)
        {
            var (table, blob, queue) = (new TableClientOptions(), new BlobClientOptions(), new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
            foreach (var options in new ClientOptions[] { table, blob, queue })
                change(options);
            (tables, blobs, queues) = (new TableServiceClient(connection, table), new BlobServiceClient(connection, blob), new QueueServiceClient(connection, queue));
        }

        public async Task<List<string>> Run()
        {
            await Rows();
            await Transactions();
            await Queries();
            await Documents();
            await Messages();
            return answers;
        }

        async Task Rows()
        {
            var table = tables.GetTableClient("things");
            await Say("create", async () => (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
            await Say("create again", async () => (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
            await Say("no row", async () => (await table.GetEntityIfExistsAsync<TableEntity>("p", "none")).HasValue);
            await Say("no row, asked for", async () => (await table.GetEntityAsync<TableEntity>("p", "none")).Value);
            await Say("no table", async () => (await tables.GetTableClient("nothere").GetEntityAsync<TableEntity>("p", "none")).Value);
            var entity = new TableEntity("p", "k|a b'c%2F|é")
            {
                ["Text"] = "it's \"quoted\" \\ and é€\n", ["Whole"] = 7, ["Long"] = 1234567890123L, ["Flag"] = true, ["Bytes"] = new byte[] { 0, 1, 255 },
                ["Time"] = new DateTimeOffset(2026, 1, 5, 1, 2, 3, TimeSpan.Zero),
            };
            await Say("add", async () => (await table.AddEntityAsync(entity)).Status);
            await Say("add again", async () => (await table.AddEntityAsync(entity)).Status);
            await Say("read", async () => Shown((await table.GetEntityAsync<TableEntity>("p", entity.RowKey)).Value));
            await Say("upsert", async () => (await table.UpsertEntityAsync(new TableEntity("p", "u") { ["Long"] = 1L }, TableUpdateMode.Replace)).Status);
            await Say("upsert again", async () => (await table.UpsertEntityAsync(new TableEntity("p", "u") { ["Other"] = 2L }, TableUpdateMode.Replace)).Status);
            await Say("replaced", async () => Shown((await table.GetEntityAsync<TableEntity>("p", "u")).Value));
            await Say("merge", async () => (await table.UpsertEntityAsync(new TableEntity("p", "u") { ["Third"] = "3" }, TableUpdateMode.Merge)).Status);
            await Say("merged", async () => Shown((await table.GetEntityAsync<TableEntity>("p", "u")).Value));
            await Say("stale", async () => (await table.UpdateEntityAsync(new TableEntity("p", "u"), new ETag("W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\""), TableUpdateMode.Replace)).Status);
            await Say("update of nothing", async () => (await table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All, TableUpdateMode.Replace)).Status);
            await Say("delete", async () => (await table.DeleteEntityAsync("p", "u")).Status);
            await Say("delete again", async () => (await table.DeleteEntityAsync("p", "u")).Status);
        }

        async Task Transactions()
        {
            var table = tables.GetTableClient("things");
            TableTransactionAction Add(string key) => new(TableTransactionActionType.Add, new TableEntity("t", key) { ["Text"] = key });
            TableTransactionAction Head(long number, ETag seen) => new(TableTransactionActionType.UpdateReplace, new TableEntity("t", "head") { ["Next"] = number }, seen);
            await Say("first", async () => (await table.SubmitTransactionAsync([Add("k|1"), Add("e|1"), Add("head")])).Value.Count);
            var head = (await table.GetEntityAsync<TableEntity>("t", "head")).Value.ETag;
            ETag moved = default;
            await Say("second", async () =>
            {
                var results = await table.SubmitTransactionAsync([Add("k|2"), Add("e|2"), Head(2, head)]);
                moved = results.Value[^1].Headers.ETag!.Value;
                return string.Join(' ', results.Value.Select(result => result.Status));
            });
            await Say("the etag is the row's", async () => (await table.GetEntityAsync<TableEntity>("t", "head")).Value.ETag == moved);
            await Say("stale head", async () => (await table.SubmitTransactionAsync([Add("k|3"), Add("e|3"), Head(3, head)])).Value.Count);
            await Say("nothing of it", async () => (await table.GetEntityIfExistsAsync<TableEntity>("t", "k|3")).HasValue);
            await Say("key there", async () => (await table.SubmitTransactionAsync([Add("k|4"), Add("e|2"), Head(4, moved)])).Value.Count);
            await Say("the head stayed", async () => (await table.GetEntityAsync<TableEntity>("t", "head")).Value.ETag == moved);
            await Say("nothing of that", async () => (await table.GetEntityIfExistsAsync<TableEntity>("t", "k|4")).HasValue);
            await Say("update of nothing", async () => (await table.SubmitTransactionAsync([Add("k|5"), new(TableTransactionActionType.UpdateReplace, new TableEntity("t", "none"), moved)])).Value.Count);
            await Say("upsert and delete", async () => (await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, new TableEntity("t", "k|6")), new(TableTransactionActionType.Delete, new TableEntity("t", "k|1"))])).Value.Count);
        }

        async Task Queries()
        {
            var table = tables.GetTableClient("pages");
            await table.CreateIfNotExistsAsync();
            for (var number = 0; number < 25; number++)
                await table.AddEntityAsync(new TableEntity(number < 20 ? "a'b" : "b", $"e|{number:D12}") { ["Time"] = new DateTimeOffset(2026, 1, 1 + number, 0, 0, 0, TimeSpan.Zero), ["Odd"] = number % 2 == 1 });
            async Task<string> Keys(FormattableString filter, int? page)
            {
                var keys = new List<string>();
                await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(filter), page))
                    keys.Add(row.RowKey);
                return string.Join(' ', keys);
            }

            await Say("partition", () => Keys($"PartitionKey eq {"a'b"}", null));
            await Say("pages", () => Keys($"PartitionKey eq {"a'b"}", 3));
            await Say("range", () => Keys($"PartitionKey eq {"a'b"} and RowKey gt {"e|000000000004"} and RowKey lt {"f"}", 4));
            await Say("time", () => Keys($"PartitionKey eq {"a'b"} and Time gt {new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero)}", null));
            await Say("truth", () => Keys($"Odd eq {true} and RowKey gt {"e|000000000012"}", null));
            await Say("nothing", () => Keys($"PartitionKey eq {"none"}", null));
        }

        async Task Documents()
        {
            var container = blobs.GetBlobContainerClient("settlements");
            await Say("no container", async () => (await container.GetBlobClient("x").DownloadContentAsync()).Value.Content.ToString());
            await Say("create container", async () => (await container.CreateIfNotExistsAsync())?.GetRawResponse().Status);
            await Say("create container again", async () => (await container.CreateIfNotExistsAsync()) is null);
            var (blob, once) = (container.GetBlobClient("v/one.json"), new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } });
            await Say("upload", async () => (await blob.UploadAsync(BinaryData.FromString("{\"a\":1}"), once)).GetRawResponse().Status);
            await Say("upload again", async () => (await blob.UploadAsync(BinaryData.FromString("{\"a\":2}"), once)).GetRawResponse().Status);
            await Say("download", async () => (await blob.DownloadContentAsync()).Value.Content.ToString());
            await Say("no blob", async () => (await container.GetBlobClient("v/none.json").DownloadContentAsync()).Value.Content.ToString());
            await container.GetBlobClient("v/two.json").UploadAsync(BinaryData.FromString("2"));
            await container.GetBlobClient("w/three.json").UploadAsync(BinaryData.FromString(""));
            async Task<string> Names(string prefix)
            {
                var names = new List<string>();
                await foreach (var item in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, default))
                    names.Add($"{item.Name} {item.Properties.ContentLength}");
                return string.Join(", ", names);
            }

            await Say("list", () => Names("v/"));
            await Say("list none", () => Names("x/"));
        }

        async Task Messages()
        {
            var queue = queues.GetQueueClient("watch");
            await Say("no queue", async () => (await queue.SendMessageAsync("x")).GetRawResponse().Status);
            await Say("create queue", async () => (await queue.CreateIfNotExistsAsync())?.Status);
            await Say("create queue again", async () => (await queue.CreateIfNotExistsAsync())?.Status);
            await Say("send", async () => (await queue.SendMessageAsync(BinaryData.FromString("{\"a\":\"é<&\"}"))).Value.MessageId.Length > 0);
            await Say("send later", async () =>
            {
                var sent = await queue.SendMessageAsync(BinaryData.FromString("later"), TimeSpan.FromMinutes(3), null);
                return (sent.Value.TimeNextVisible - sent.Value.InsertionTime).TotalSeconds;
            });
            await Say("count", async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
            await Say("count of none", async () => (await queues.GetQueueClient("none").GetPropertiesAsync()).Value.ApproximateMessagesCount);
            await Say("get of none", async () => (await queues.GetQueueClient("none").ReceiveMessagesAsync(5)).Value.Length);
            var got = (await queue.ReceiveMessagesAsync(5)).Value;
            await Say("get", () => Task.FromResult(string.Join(", ", got.Select(message => $"{message.Body} {message.DequeueCount}"))));
            await Say("get again", async () => (await queue.ReceiveMessagesAsync(5)).Value.Length);
            await Say("delete with another receipt", async () => (await queue.DeleteMessageAsync(got[0].MessageId, "AgAAAAMAAAAAAAAAAAAAAAAAAAA=")).Status);
            await Say("delete", async () => (await queue.DeleteMessageAsync(got[0].MessageId, got[0].PopReceipt)).Status);
            await Say("delete again", async () => (await queue.DeleteMessageAsync(got[0].MessageId, got[0].PopReceipt)).Status);
            await Say("count after", async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
        }

        static string Shown(TableEntity entity) => string.Join("; ", entity.Where(it => it.Key is not ("odata.etag" or "Timestamp")).OrderBy(it => it.Key, StringComparer.Ordinal)
            .Select(it => $"{it.Key}={(it.Value is byte[] bytes ? Convert.ToHexString(bytes) : it.Value)}:{it.Value?.GetType().Name}"));

        async Task Say<T>(string what, Func<Task<T>> ask)
        {
            try
            {
                answers.Add($"{what}: {await ask()}");
            }
            catch (TableTransactionFailedException failed)
            {
                answers.Add($"{what}: {failed.Status} {failed.ErrorCode} at {failed.FailedTransactionActionIndex}");
            }
            catch (RequestFailedException failed)
            {
                answers.Add($"{what}: {failed.Status} {failed.ErrorCode}");
            }
        }
    }
}

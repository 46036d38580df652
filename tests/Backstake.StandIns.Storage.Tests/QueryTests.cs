using Azure;
using Azure.Data.Tables;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Queries: order, pages, filters.</summary>
[Collection(StorageCollection.Name)]
public sealed class QueryTests(StorageFixture storage)
{
    [Fact]
    public async Task Rows_ComeInOrdinalOrder_PageAfterPage_AndGoOnFromAContinuation()
    {
        var table = await storage.NewTable();
        await Fill(table, rows: 250);

        var pages = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'", maxPerPage: 100).AsPages().ToListAsync();

        Assert.Equal([100, 100, 50], pages.Select(page => page.Values.Count));
        Assert.Null(pages[2].ContinuationToken);
        Assert.Equal(Enumerable.Range(0, 250).Select(Row), pages.SelectMany(page => page.Values).Select(row => row.RowKey));

        var rest = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages(pages[0].ContinuationToken, pageSizeHint: 60).ToListAsync();
        Assert.Equal([60, 60, 30], rest.Select(page => page.Values.Count));
        Assert.Equal(Row(100), rest[0].Values[0].RowKey);
    }

    [Fact]
    public async Task ARowDeletedBetweenPages_DoesNotMoveTheOthers()
    {
        var table = await storage.NewTable();
        await Fill(table, rows: 30);
        var rows = table.QueryAsync<TableEntity>(maxPerPage: 10);
        var first = await rows.AsPages().FirstAsync();
        await table.DeleteEntityAsync("p", Row(10));

        var second = await rows.AsPages(first.ContinuationToken).FirstAsync();

        Assert.Equal(Row(11), second.Values[0].RowKey);
    }

    [Fact]
    public async Task Enumerating_CrossesThePages_AndSelects()
    {
        var table = await storage.NewTable();
        await Fill(table, rows: 25);

        var rows = await table.QueryAsync<TableEntity>(maxPerPage: 10, select: ["RowKey"]).ToListAsync();

        Assert.Equal(25, rows.Count);
        Assert.All(rows, row => Assert.False(row.ContainsKey("Number")));
    }

    [Fact]
    public async Task Filters_TakeEveryType()
    {
        var table = await storage.NewTable();
        var id = Guid.NewGuid();
        var time = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).AddTicks(7);
        await table.AddEntityAsync(new TableEntity("p", "r")
        {
            ["Text"] = "it's é|%25 and 'more'", ["Int"] = 1, ["Long"] = 5_000_000_000, ["Double"] = 0.5, ["Flag"] = true, ["Id"] = id, ["Time"] = time,
        });
        await table.AddEntityAsync(new TableEntity("p", "another"));

        FormattableString[] filters =
        [
            $"Text eq {"it's é|%25 and 'more'"}", $"Int eq {1}", $"Long eq {5_000_000_000}", $"Double eq {0.5}", $"Flag eq {true}",
            $"Id eq {id}", $"Time eq {time}", $"PartitionKey eq {"p"} and RowKey ge {"r"} and RowKey lt {"s"}",
        ];
        foreach (var filter in filters)
            Assert.Equal(["r"], await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(filter)).Select(row => row.RowKey).ToListAsync());
    }

    [Fact]
    public void Literals_AreAsThePackageWritesThem()
    {
        var time = new DateTimeOffset(2026, 11, 21, 4, 5, 6, TimeSpan.FromHours(1));
        var id = Guid.Parse("00010203-0405-0607-0809-0a0b0c0d0e0f");

        Assert.Equal("A eq 'it''s' and B eq 5L", TableClient.CreateQueryFilter($"A eq {"it's"} and B eq {5L}"));
        Assert.Equal("A eq true and B eq 1.5", TableClient.CreateQueryFilter($"A eq {true} and B eq {1.5}"));
        Assert.Equal("A eq datetime'2026-11-21T03:05:06Z'", TableClient.CreateQueryFilter($"A eq {time}"));
        Assert.Equal($"A eq guid'{id}'", TableClient.CreateQueryFilter($"A eq {id}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));
    }

    [Fact]
    public async Task AFilterThatSaysNothing_IsRefused()
    {
        var table = await storage.NewTable();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.QueryAsync<TableEntity>("PartitionKey eq").ToListAsync().AsTask());

        Assert.Equal(400, failure.Status);
    }

    [Fact]
    public async Task NoRows_AreOneEmptyPage()
    {
        var table = await storage.NewTable();

        var page = Assert.Single(await table.QueryAsync<TableEntity>().AsPages().ToListAsync());

        Assert.Empty(page.Values);
    }

    private static string Row(int number) => $"{number:0000}";

    private static async Task Fill(TableClient table, int rows)
    {
        foreach (var chunk in Enumerable.Range(0, rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(number =>
                new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", Row(number)) { ["Number"] = number })));
        }
    }
}

using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>
/// What Azure refuses, Azurite takes, and the stand-in therefore refuses itself (LIMITS.md 0.2). The package leaves it to the service,
/// so these do not run with the package against Azurite.
/// </summary>
[Collection(StorageCollection.Name)]
public sealed class AzureLimitTests(StorageFixture storage)
{
    [Fact]
    public async Task TwoPartitions_AreRefused_AsAzureDoes()
    {
        var table = await storage.NewTable();

        var failure = await TransactionTests.Refused(table, [TransactionTests.Add("vault", "1"), TransactionTests.Add("vault", "2"), TransactionTests.Add("another", "1")]);

        Assert.Equal(400, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.CommandsInBatchActOnDifferentPartitions);
        Assert.Equal(2, failure.FailedTransactionActionIndex);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("vault", "1")).HasValue);
    }

    [Fact]
    public async Task ALargeEntity_IsRefused_AtItsIndex()
    {
        var table = await storage.NewTable();

        var failure = await TransactionTests.Refused(table, [TransactionTests.Add("vault", "1"), new(TableTransactionActionType.Add, OfBytes(1024 * 1024 + 1))]);

        Assert.True(failure.ErrorCode == TableErrorCode.EntityTooLarge);
        Assert.Equal(1, failure.FailedTransactionActionIndex);
    }

    [Theory]   // own properties, taken?
    [InlineData(252, true)]
    [InlineData(253, false)]
    public async Task TwoHundredAndFiftyTwoProperties_AreTheLimit(int properties, bool taken)
    {
        var table = await storage.NewTable();
        var entity = new TableEntity("p", "r") { ["Dropped"] = null };
        for (var number = 1; number <= properties; number++)
            entity[$"P{number}"] = number;

        await EntityLimitTests.TakenOrRefused(() => table.AddEntityAsync(entity), taken ? null : TableErrorCode.TooManyProperties.ToString());
        await EntityLimitTests.TakenOrRefused(() => table.UpsertEntityAsync(entity), taken ? null : TableErrorCode.TooManyProperties.ToString());
    }

    [Theory]   // bytes as Azure counts them, taken?
    [InlineData(1024 * 1024, true)]
    [InlineData((1024 * 1024) + 1, false)]
    public async Task OneMebibyte_IsTheLimit(int bytes, bool taken)
    {
        var table = await storage.NewTable();

        await EntityLimitTests.TakenOrRefused(() => table.AddEntityAsync(OfBytes(bytes)), taken ? null : TableErrorCode.EntityTooLarge.ToString());

        // Taken updates are left out: Azurite counts the bytes of the JSON there, and refuses one a little under Azure's limit.
        if (!taken)
            await EntityLimitTests.TakenOrRefused(() => table.UpdateEntityAsync(OfBytes(bytes), ETag.All), TableErrorCode.EntityTooLarge.ToString());
    }

    /// <summary>An entity of so many bytes, as Azure counts: 4 and 2 a character of the keys; 8, 2 a character of its name and 4 for each binary, and its bytes.</summary>
    internal static TableEntity OfBytes(int bytes)
    {
        const int PieceMax = 64 * 1024;
        var entity = new TableEntity("vault", "large");
        var left = bytes - 4 - (2 * ("vault".Length + "large".Length));
        for (var number = 10; left > 0; number++)
        {
            var piece = Math.Min(left - (8 + (2 * 3) + 4), PieceMax);

            // A remainder that is smaller than a property's own cost would fit nowhere: leave the next one enough.
            if (left - piece - 18 is > 0 and < 18)
                piece -= 18;
            entity[$"B{number}"] = new byte[piece];
            left -= piece + 18;
        }

        return entity;
    }
}

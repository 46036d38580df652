using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Sizes: what Azure documents, refused by the stand-in where Azurite would take it (LIMITS.md 0.2).</summary>
[Collection(StorageCollection.Name)]
public sealed class EntityLimitTests(StorageFixture storage)
{
    [Theory]   // own properties, taken?
    [InlineData(252, true)]
    [InlineData(253, false)]
    public async Task TwoHundredAndFiftyTwoProperties_AreTheLimit(int properties, bool taken)
    {
        var table = await storage.NewTable();
        var entity = new TableEntity("p", "r") { ["Dropped"] = null };
        for (var number = 1; number <= properties; number++)
            entity[$"P{number}"] = number;

        await TakenOrRefused(() => table.AddEntityAsync(entity), taken ? null : TableErrorCode.TooManyProperties.ToString());
        await TakenOrRefused(() => table.UpsertEntityAsync(entity), taken ? null : TableErrorCode.TooManyProperties.ToString());
    }

    [Theory]   // bytes as Azure counts them, taken?
    [InlineData(1024 * 1024, true)]
    [InlineData((1024 * 1024) + 1, false)]
    public async Task OneMebibyte_IsTheLimit(int bytes, bool taken)
    {
        var table = await storage.NewTable();

        await TakenOrRefused(() => table.AddEntityAsync(OfBytes(bytes)), taken ? null : TableErrorCode.EntityTooLarge.ToString());

        // Taken updates are left out: Azurite counts the bytes of the JSON there, and refuses one a little under Azure's limit.
        if (!taken)
            await TakenOrRefused(() => table.UpdateEntityAsync(OfBytes(bytes), ETag.All), TableErrorCode.EntityTooLarge.ToString());
    }

    [Theory]   // characters, taken?
    [InlineData(32_768, true)]
    [InlineData(32_769, false)]
    public async Task AString_HasAtMost64KiB(int characters, bool taken)
    {
        var table = await storage.NewTable();

        await TakenOrRefused(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = new string('x', characters) }),
            taken ? null : TableErrorCode.PropertyValueTooLarge.ToString());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    public async Task AKeyWithAForbiddenCharacter_IsRefused(string key)
    {
        var table = await storage.NewTable();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", key)));

        Assert.Equal(400, failure.Status);
    }

    [Fact]
    public async Task AKeyOf513Characters_IsRefused()
    {
        var table = await storage.NewTable();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", new string('k', 513))));

        Assert.Equal(400, failure.Status);
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

    private static async Task TakenOrRefused(Func<Task<Response>> write, string? refusal)
    {
        if (refusal is null)
        {
            Assert.False((await write()).IsError);
            return;
        }

        var failure = await Assert.ThrowsAsync<RequestFailedException>(write);
        Assert.Equal(400, failure.Status);
        Assert.True(failure.ErrorCode == new TableErrorCode(refusal), failure.ErrorCode);
    }
}

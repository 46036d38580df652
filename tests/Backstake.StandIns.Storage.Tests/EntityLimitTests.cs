using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>Keys and values that the service itself refuses.</summary>
[Collection(StorageCollection.Name)]
public sealed class EntityLimitTests(StorageFixture storage)
{
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

    internal static async Task TakenOrRefused(Func<Task<Response>> write, string? refusal)
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

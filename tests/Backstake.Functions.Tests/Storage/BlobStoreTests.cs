using Azure.Storage.Blobs;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Tests.Storage;

/// <summary>Documents by digest: written once, checked on reading (FAULTS.md D-10).</summary>
[Collection(StorageGround.Collection)]
public sealed class BlobStoreTests(StorageGround ground)
{
    static readonly byte[] Content = "{\"a\":1}"u8.ToArray();

    [Fact]
    public async Task Put_Twice_WritesOnce()
    {
        var (machine, vault) = (ground.NewMachine(), StorageGround.NewVault());
        var digest = await machine.Blobs.Put(vault, Content, default);
        var written = (await Blob(vault, digest).GetPropertiesAsync()).Value.ETag;
        Assert.Equal(digest, await machine.Blobs.Put(vault, Content, default));
        Assert.Equal(written, (await Blob(vault, digest).GetPropertiesAsync()).Value.ETag);
        Assert.Equal(Content, await machine.Blobs.Get(vault, digest, default));
        Assert.Equal("015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", digest);
    }

    [Fact]
    public async Task Put_InParallel_IsOneDocument()
    {
        var (machine, vault) = (ground.NewMachine(), StorageGround.NewVault());
        var digests = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => machine.Blobs.Put(vault, Content, default)));
        Assert.Single(digests.Distinct(StringComparer.Ordinal));
        Assert.Equal(Content, await machine.Blobs.Get(vault, digests[0], default));
    }

    [Fact]
    public async Task Get_OfAChangedDocument_IsRefused_AtEveryByte()
    {
        var (machine, vault) = (ground.NewMachine(), StorageGround.NewVault());
        var digest = await machine.Blobs.Put(vault, Content, default);
        for (var i = 0; i < Content.Length; i++)
        {
            var changed = (byte[])Content.Clone();
            changed[i] ^= 1;
            await Refused(changed);
        }

        await Refused(Content[..^1]);
        await Refused([]);

        async Task Refused(byte[] changed)
        {
            await Blob(vault, digest).UploadAsync(BinaryData.FromBytes(changed), overwrite: true);
            var damage = await Assert.ThrowsAsync<LogDamagedException>(() => machine.Blobs.Get(vault, digest, default));
            Assert.Contains(digest, damage.Message, StringComparison.Ordinal);
        }
    }

    BlobClient Blob(string vault, string digest) =>
        ground.Clients.Blobs.GetBlobContainerClient(BlobStore.Settlements).GetBlobClient($"{vault}/{digest}.json");
}

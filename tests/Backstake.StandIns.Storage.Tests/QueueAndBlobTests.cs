using System.Text;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;

namespace Backstake.StandIns.Storage.Tests;

/// <summary>The genuine blob and queue clients over the System.IO.Hashing that comes with the SDK.</summary>
[Collection(StorageCollection.Name)]
public sealed class QueueAndBlobTests(StorageFixture storage)
{
    [Fact]
    public async Task AMessage_IsBase64OnTheWire_WhereTheEncodingSaysSo_AndPlainByDefault()
    {
        var name = StorageFixture.NewName();
        var plain = new QueueClient(storage.Azurite.ConnectionString, name);
        var encoded = new QueueClient(storage.Azurite.ConnectionString, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await plain.CreateIfNotExistsAsync();

        await encoded.SendMessageAsync("""{"vault":"é"}""");
        var raw = (await plain.PeekMessageAsync()).Value;
        var read = (await encoded.ReceiveMessageAsync()).Value;

        Assert.Equal("""{"vault":"é"}""", Encoding.UTF8.GetString(Convert.FromBase64String(raw.MessageText)));
        Assert.Equal("""{"vault":"é"}""", read.Body.ToString());
        Assert.Equal(1, read.DequeueCount);
        await encoded.DeleteMessageAsync(read.MessageId, read.PopReceipt);

        await plain.SendMessageAsync("plain");
        Assert.Equal("plain", (await plain.PeekMessageAsync()).Value.MessageText);
        await Assert.ThrowsAsync<FormatException>(() => encoded.ReceiveMessageAsync());
    }

    [Fact]
    public async Task AnInvisibleMessage_IsCounted()
    {
        var queue = new QueueClient(storage.Azurite.ConnectionString, StorageFixture.NewName());
        await queue.CreateIfNotExistsAsync();

        await queue.SendMessageAsync("later", visibilityTimeout: TimeSpan.FromHours(1));

        Assert.Null((await queue.ReceiveMessageAsync()).Value);
        Assert.Equal(1, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task ABlobWrittenOnce_IsNotOverwritten()
    {
        var container = new BlobContainerClient(storage.Azurite.ConnectionString, StorageFixture.NewName());
        await container.CreateIfNotExistsAsync();
        var blob = container.GetBlobClient("books");
        var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };

        await blob.UploadAsync(BinaryData.FromString("first"), once);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(BinaryData.FromString("second"), once));

        Assert.Equal(409, failure.Status);
        Assert.Equal(BlobErrorCode.BlobAlreadyExists.ToString(), failure.ErrorCode);
        Assert.Equal("first", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task AnUploadWithAChecksum_HasTheHashingItNeeds_ThoughAzuriteKnowsNoCrc64()
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        var container = new BlobContainerClient(storage.Azurite.ConnectionString, StorageFixture.NewName(), options);
        await container.CreateIfNotExistsAsync();
        var checksum = new BlobUploadOptions { TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.StorageCrc64 } };

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => container.GetBlobClient("large").UploadAsync(BinaryData.FromString("x"), checksum));

        Assert.Equal("FeatureNotSupported", failure.ErrorCode);
    }
}

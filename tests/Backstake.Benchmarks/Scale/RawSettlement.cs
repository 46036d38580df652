using System.Globalization;
using System.Text.Json;
using Azure.Storage.Sas;
using Backstake.Functions.Settlement;
using Backstake.Functions.Storage;
using Backstake.Servers;

namespace Backstake.Benchmarks.Scale;

/// <summary>What a settlement of a vault reads, and the sizes of what it writes.</summary>
/// <param name="Result">A result as the log holds it, JSON in JSON.</param>
/// <param name="Settlement">The settlement, likewise.</param>
internal sealed record SettlementShape(string Vault, long Settled, IReadOnlyList<string> Documents, IReadOnlyList<int> DocumentBytes, string Result, string Settlement)
{
    /// <summary>Of a vault whose week 3 waits for its results.</summary>
    public static async Task<SettlementShape> Of(Worker worker, string vault)
    {
        var state = await worker.Store.Load(vault, default);
        LogEntry? last = null;
        await foreach (var entry in worker.Log.ReadFrom(vault, state.SettledSequence, default)) last ??= entry;
        var settled = (VaultSettled)last!.Event;
        var results = VaultWeek.Results(settled.Week + 1);
        var before = results.Aggregate(state, static (next, result) => next.Apply(LogEntry.Place(result, next.Sequence + 1, next.Chain)));
        return new(
            vault, state.SettledSequence, [settled.BooksDigest, settled.RecordDigest], [.. SettlementDocuments.Of(before).All.Select(document => document.Length)],
            TextOf(LogEntry.Place(results[0], state.Sequence + 1, state.Chain)), TextOf(last));
    }

    private static string TextOf(LogEntry entry) =>
        JsonSerializer.Serialize(Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(entry.Sequence, entry.Key, entry.Event, entry.At, entry.Source).AsSpan(1)));
}

/// <summary>The storage operations that a settlement by a worker without memory of the vault needs, spoken by hand: head, log, two documents; results, four documents, settlement.</summary>
internal sealed class RawSettlement(Azurite azurite) : IDisposable
{
    public const int Requests = 10;

    private const string Digest = "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

    private readonly RawTables _log = new(azurite, LogTable.TableName);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _blobs = azurite.BlobEndpoint.AbsoluteUri + "/" + BlobStore.Settlements;
    private readonly string _signature = new AccountSasBuilder(
        AccountSasPermissions.All, TimeProvider.System.GetUtcNow().AddHours(6), AccountSasServices.Blobs, AccountSasResourceTypes.Object)
        .ToSasQueryParameters(new Azure.Storage.StorageSharedKeyCredential(Azurite.AccountName, Azurite.AccountKey)).ToString();

    private int _vaults;

    public void Dispose()
    {
        _log.Dispose();
        _http.Dispose();
    }

    public async Task Do(SettlementShape shape)
    {
        var read = VaultPartition.Of(shape.Vault);
        await _log.Get(read, VaultPartition.Head);
        await _log.Query(read, VaultPartition.EventRow(shape.Settled - 1), "f");
        foreach (var document in shape.Documents) await Get($"{shape.Vault}/{document}.json");

        var vault = string.Create(CultureInfo.InvariantCulture, $"raw{Interlocked.Increment(ref _vaults)}");
        var partition = VaultPartition.Of(vault);
        var etag = await _log.Transact(partition, [.. Enumerable.Range(1, VaultWeek.Rounds).SelectMany(number => Rows(number, shape.Result)), Head("5")]);
        foreach (var (index, length) in shape.DocumentBytes.Index()) await Put($"{vault}/{Digest}{index}.json", length);
        await _log.Transact(partition, [.. Rows(VaultWeek.Rounds + 1, shape.Settlement), Head("6", etag)]);
    }

    private static IEnumerable<RawRow> Rows(int sequence, string entry)
    {
        yield return new($"k|resolve|{sequence}", $"\"Digest\":\"{Digest}\",\"Sequence\":\"{sequence}\",\"Sequence@odata.type\":\"Edm.Int64\"");
        yield return new(VaultPartition.EventRow(sequence), $"\"Version\":1,\"Entry\":{entry},\"Chain\":\"{Digest}\"");
    }

    private static RawRow Head(string sequence, string? etag = null) => new(
        VaultPartition.Head,
        $"\"Sequence\":\"{sequence}\",\"Sequence@odata.type\":\"Edm.Int64\",\"Chain\":\"{Digest}\",\"SettledSequence\":\"1\",\"SettledSequence@odata.type\":\"Edm.Int64\"", etag);

    private async Task Get(string name)
    {
        var content = await _http.GetByteArrayAsync($"{_blobs}/{name}?{_signature}");
        if (content.Length == 0) throw new InvalidOperationException($"{name} is empty.");
    }

    private async Task Put(string name, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{_blobs}/{name}?{_signature}") { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
        request.Headers.TryAddWithoutValidation("x-ms-version", "2021-12-02");
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}

using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues.Models;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Nodes;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Rounds;
using Backstake.Functions.Tests.Storage;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Http;

/// <summary>Secrets that stand nowhere else are given to an app and its callers; then everything that it wrote is searched for them: its log, its answers, every table, blob and queue.</summary>
[Collection(StorageGround.Collection)]
public sealed partial class CanaryRows(ApiGround ground) : IClassFixture<ApiGround>
{
    [Fact]
    public async Task J_13_NoSecret_StandsInAnythingThatWasWritten()
    {
        string Canary() => "canary" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Numerai__SecretKey"] = Canary(), ["Webhook__Key"] = Canary(),
            ["Ethereum__CommitterKey"] = "0x" + RandomNumberGenerator.GetHexString(64, lowercase: true), ["Ethereum__StakerKey"] = "0x" + RandomNumberGenerator.GetHexString(64, lowercase: true),
            ["Ethereum__SettlerKey"] = "0x" + RandomNumberGenerator.GetHexString(64, lowercase: true), ["Ethereum__RpcUrl"] = "http://127.0.0.1:9/v2/" + Canary(), ["Ethereum__CheckRpcUrl"] = "http://127.0.0.1:9/v3/" + Canary(),
            ["Numerai__Endpoint"] = "http://127.0.0.1:9", ["Nodes__Allowed"] = "127.0.0.1:9",
        };
        var vault = await History.TwoWeeks(ground.Machine);
        await ground.Register(vault);
        var key = await ground.KeyOf(History.Owner, ApiScope.Submit(vault));
        var webhooks = Options.Create(new WebhookSettings { Key = settings["Webhook__Key"] });
        var path = new Webhooks(webhooks, TimeProvider.System).SecretOf(vault);
        await using var app = await ground.Start([.. settings.Select(it => (it.Key, it.Value))]);
        var heard = new Heard();
        using var http = new HttpClient(heard) { BaseAddress = app.Address };
        var secrets = new ConcurrentBag<string>([.. settings.Where(it => it.Key is not ("Numerai__Endpoint" or "Nodes__Allowed")).Select(it => it.Value[^32..]), key[^43..], path, new NodeSignature(new OutgoingSecrets(webhooks)).Secret(vault, 1)[^32..]]);

        // Every route by everybody, with what they have as it should be sent and as it shouldn't.
        foreach (var operation in OpenApi.Operations.Where(it => it.Method is "GET" or "POST" or "PUT" or "DELETE"))
        {
            foreach (var holder in new[] { History.Anna.Address, History.Owner })
            {
                var token = await ground.SessionOf(holder);
                secrets.Add(token[12..]);
                foreach (var bearer in new[] { token, key, ApiGround.Key })
                {
                    using var request = new DocumentedCall(operation, vault) { Key = ApiGround.Key, Bearer = bearer, Body = operation.Id is "PutNode" or "PutNotifications" ? """{"url":"http://127.0.0.1:9/"}""" : null }.Request();
                    request.Headers.TryAddWithoutValidation("Idempotency-Key", token);
                    using var answer = await http.SendAsync(request);
                }

                using var misplaced = await http.GetAsync(new Uri($"api/vaults?terms={token}&code={key}", UriKind.Relative));
                using var wrong = new HttpRequestMessage(HttpMethod.Post, new Uri("api/quotes", UriKind.Relative)) { Content = new StringContent($$"""{"vault":"{{token}}"}""") };
                wrong.Headers.Authorization = new AuthenticationHeaderValue("Basic", key);
                using var refused = await http.SendAsync(wrong);
            }
        }

        using var triggered = await http.PostAsync(new Uri($"api/webhooks/{vault}/{path}", UriKind.Relative), null);
        Assert.Equal(200, (int)triggered.StatusCode);
        Assert.All(heard.ToldOnce, secrets.Add);
        Assert.True(heard.ToldOnce.Count >= 3, $"{heard.ToldOnce.Count} secrets were told.");

        var written = new List<(string Where, string Text)>(heard.Answers);
        // The local host says which address it was asked for; in Azure that is the platform's own log.
        written.AddRange(File.ReadAllLines(app.LogFile).Where(line => !HostsLine().IsMatch(line)).Select(line => ("log", line)));
        await foreach (var place in Stored())
            written.Add(place);
        Assert.All(new[] { "log", "table", "blob", "queue", "answer" }, kind => Assert.Contains(written, it => it.Where.StartsWith(kind, StringComparison.Ordinal)));
        var found = written.Where(it => secrets.Any(secret => it.Text.Contains(secret, StringComparison.OrdinalIgnoreCase))).Select(it => $"{it.Where}: {it.Text}").ToList();
        Assert.True(found.Count == 0, string.Join('\n', found.Take(20)));
        // In storage also those of all other tests: whatever has a secret's form.
        var formed = written.Where(it => !it.Where.StartsWith("answer", StringComparison.Ordinal) && SecretForm().IsMatch(it.Text)).Select(it => $"{it.Where}: {it.Text}").ToList();
        Assert.True(formed.Count == 0, string.Join('\n', formed.Take(20)));
    }

    async IAsyncEnumerable<(string Where, string Text)> Stored()
    {
        var clients = ground.Storage.Clients;
        var tables = typeof(Endpoint).Assembly.GetTypes().Select(type => type.GetField("TableName")?.GetValue(null)).OfType<string>().ToList();
        Assert.True(tables.Count >= 8, string.Join(' ', tables));
        foreach (var table in tables)
        {
            await foreach (var row in clients.Tables.GetTableClient(table).QueryAsync<TableEntity>())
                yield return ($"table {table}", string.Join('|', row.Select(cell => cell.Value is byte[] bytes ? Encoding.Latin1.GetString(bytes) + Convert.ToHexStringLower(bytes) : $"{cell.Value}")));
        }

        await foreach (BlobContainerItem container in clients.Blobs.GetBlobContainersAsync())
        {
            var blobs = clients.Blobs.GetBlobContainerClient(container.Name);
            await foreach (BlobItem blob in blobs.GetBlobsAsync())
                yield return ($"blob {container.Name}/{blob.Name}", Encoding.Latin1.GetString((await blobs.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content));
        }

        await foreach (QueueItem queue in clients.Queues.GetQueuesAsync())
        {
            foreach (PeekedMessage message in (await clients.RawQueues.GetQueueClient(queue.Name).PeekMessagesAsync(32)).Value)
                yield return ($"queue {queue.Name}", message.MessageText + Encoding.UTF8.GetString(Convert.TryFromBase64String(message.MessageText, new byte[message.MessageText.Length], out _) ? Convert.FromBase64String(message.MessageText) : []));
            yield return ($"queue {queue.Name}", "");
        }
    }

    /// <summary>What is answered; what some answers tell once is kept apart.</summary>
    sealed class Heard() : DelegatingHandler(new DocumentedTraffic())
    {
        public List<(string Where, string Text)> Answers { get; } = [];

        public List<string> ToldOnce { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var (text, path) = (await answer.Content.ReadAsStringAsync(cancellationToken), request.RequestUri!.AbsolutePath);
            var isTold = OpenApi.Of(request.Method.Method, path["/api".Length..]) is { } operation && Endpoint.Of(operation.Id).Needs.AnswerIsSecret && answer.IsSuccessStatusCode;
            if (isTold)
                ToldOnce.AddRange(new[] { "token", "key", "secret" }.Select(name => (string?)JsonNode.Parse(text)![name]).OfType<string>().Select(told => told[^32..]));
            Answers.Add(($"answer {request.Method} {path}", answer.Headers + (isTold ? "" : text)));
            return answer;
        }
    }

    [GeneratedRegex(@"info Function\.\w+: (succeeded|failed) \(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostsLine();

    [GeneratedRegex(@"bst_[0-9a-f]{16}_[A-Za-z0-9_-]{43}|bss_[0-9a-f]{8}[A-Za-z0-9_-]{43}|whsec_[A-Za-z0-9+/]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretForm();
}

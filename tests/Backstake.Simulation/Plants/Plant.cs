using System.Text.Json;
using Backstake.Functions.Numerai;
using Backstake.Simulation.Checks;
using Backstake.Simulation.Engine;
using Backstake.Simulation.Storage;
using Backstake.Simulation.World;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Simulation.Plants;

/// <summary>A bug that the app doesn't have: a guard is made ineffective at the seam where it works. The checks that may find it are named.</summary>
public sealed record Plant(string Name, Func<Play, Play> Into, params string[] FoundBy)
{
    const string Log = "vaultlog";
    const string Outbox = "outbox";

    public static readonly IReadOnlyList<Plant> All =
    [
        // The append
        new("an append overwrites what is there", Rewriting(Log, change => change with { Method = "PUT", IfMatch = null }), Check.Overwritten),
        new("natural keys aren't stored", Dropping(Log, change => change.Key.StartsWith("k|", StringComparison.Ordinal)), Check.KeyRow),
        new("the head isn't moved on", Dropping(Log, change => change is { Key: "head", Method: "PUT" }), Check.Head),
        new("half an append is kept", play => play with { Rewrite = Of(Log, changes => changes.Count > 3 ? [.. changes.Take(changes.Count / 2)] : changes) }, Check.Head, Check.KeyRow, Check.Gap),
        new("the digest beside a natural key is another's", Rewriting(Log, change => change.Key.StartsWith("k|", StringComparison.Ordinal) ? With(change, "Digest", "\"00\"") : change), Check.KeyRow),
        new("the chain of hashes isn't over what is stored", Rewriting(Log, change => change.Key.StartsWith("e|", StringComparison.Ordinal) ? Edited(change, "Entry", "\\u0022at\\u0022:\\u00222026", "\\u0022at\\u0022:\\u00222025") : change), Check.HashChain),
        new("events are stored without their place", Rewriting(Log, change => change.Key.StartsWith("e|", StringComparison.Ordinal) ? change with { Key = "e|" + change.Key[3..] + "0" } : change), Check.Gap),

        // Reading the log and the chain
        new("the next page is never read", play => play with { Storage = (request, next) => Without(next(request with { Uri = new Uri(request.Uri.AbsoluteUri.Replace("top=1000", "top=7", StringComparison.Ordinal)) }), "x-ms-continuation") }, Check.Unfinished, Check.OtherEnd),
        new("the cursor runs ahead of what was read", Rewriting(Log, change => change.Key == "cursor" ? Ahead(change) : change), Check.ChainOrder, Check.Halted, Check.Unfinished, Check.OtherEnd),
        new("blocks are read before they are final", play => play with { Chain = (call, next) => next(Edited(call, "\"finalized\"", "\"latest\"")) }, Check.NotFinal),
        new("the last log of a block is passed over", play => play with { Chain = WithoutTheLastLog }, Check.ChainOrder, Check.BooksRefuse, Check.Halted, Check.Unfinished, Check.OtherEnd),
        new("logs are believed whose transaction is another", play => play with { Chain = WithAnotherTransaction }, Check.NotOnChain),

        // Settlements
        new("stored books are changed on their way", play => play with { Storage = ChangedDocuments }, Check.StoredBooks),
        new("documents are said to be stored and aren't", play => play with { Storage = (request, next) => IsDocument(request) ? Answer.Empty(201, ("ETag", "\"1\""), ("Last-Modified", "Mon, 05 Jan 2026 00:00:00 GMT")) : next(request) }, Check.StoredBooks),

        // The outbox
        new("transactions are sent that weren't stored", Dropping(Outbox, _ => true), Check.Unstored),
        new("a purpose leaves no trace", Dropping(Outbox, change => change.Key.StartsWith("k|", StringComparison.Ordinal)), Check.PurposeTwice, Check.Unstored),
        new("a nonce is chosen without the store", play => play with { Rewrite = Of(Outbox, changes => [.. changes.Select(change => change with { Method = "PUT", IfMatch = null })]), Storage = StaleHead }, Check.NonceReused, Check.NonceGap, Check.Unfinished), // the signer halts
        new("the stored hash isn't the transaction's", Rewriting(Outbox, change => With(change, "Hash", "\"0x" + new string('0', 64) + "\"")), Check.Unstored),
        new("nonces leave gaps", Rewriting(Outbox, change => change.Key == "head" ? With(change, "Next", $"\"{long.Parse(change.Properties.First(it => it.Name == "Next").Json.Trim('"')) + 1}\"") : change), Check.NonceGap),
        new("transactions are never sent again", Forgetful, Check.Unfinished, Check.OtherEnd),
        new("transactions are never sent", play => play with { Chain = (call, next) => call.Name == "eth_sendRawTransaction" ? Answer.Json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x00\"}") : next(call) }, Check.Unfinished, Check.OtherEnd),
        new("a stake is given up that is being signed", play => play with { Storage = GivenUpAtOnce }, Check.StakeUndecided, Check.Unfinished, Check.OtherEnd),

        // Numerai
        new("another file than the vault's is uploaded", play => play with { Change = services => Wrap(services, numerai => new OtherFile(numerai)) }, Check.WrongFile, Check.OtherEnd),
        new("claims are asked for a wei too much", play => play with { Change = services => Wrap(services, numerai => new Generous(numerai)) }, Check.Unfinished),

        // Timers
        new("what is due is never sent", play => play with { Storage = (request, next) => request is { Method: "POST", Path: "/settlements/messages" or "/collects/messages" } ? Answer.Empty(201) : next(request) }, Check.Unfinished),
        new("the chain isn't watched", play => play with { Muted = ["WatchChain"] }, Check.Unfinished),
        new("rounds aren't polled", play => play with { Muted = ["OpenRounds"] }, Check.OtherEnd, Check.Unfinished),
    ];

    static Func<Play, Play> Rewriting(string table, Func<TableChange, TableChange> change) => play => play with { Rewrite = Of(table, changes => [.. changes.Select(change)]) };

    static Func<Play, Play> Dropping(string table, Func<TableChange, bool> which) => play => play with { Rewrite = Of(table, changes => [.. changes.Where(change => !which(change))]) };

    static Func<IReadOnlyList<TableChange>, IReadOnlyList<TableChange>> Of(string table, Func<IReadOnlyList<TableChange>, IReadOnlyList<TableChange>> rewrite) =>
        changes => changes[0].Table == table ? rewrite(changes) : changes;

    static TableChange With(TableChange change, string name, string json) =>
        change with { Properties = [.. change.Properties.Select(property => property.Name == name ? (name, json) : property)] };

    static TableChange Edited(TableChange change, string name, string from, string to) =>
        change with { Properties = [.. change.Properties.Select(property => property.Name == name ? (name, property.Json.Replace(from, to, StringComparison.Ordinal)) : property)] };

    static TableChange Ahead(TableChange change) => With(change, "Block", $"\"{long.Parse(change.Properties.First(it => it.Name == "Block").Json.Trim('"')) + 2000}\"");

    static Answer Without(Answer answer, string header) => answer with { Headers = [.. answer.Headers.Where(it => !it.Name.StartsWith(header, StringComparison.Ordinal))] };

    static HttpCall Edited(HttpCall call, string from, string to)
    {
        var text = Encoding.UTF8.GetString(call.Body).Replace(from, to, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        return call with { Body = Encoding.UTF8.GetBytes(text), Json = json.RootElement.Clone() };
    }

    static Answer WithoutTheLastLog(HttpCall call, Func<HttpCall, Answer> next)
    {
        var answer = next(call);
        var text = Encoding.UTF8.GetString(answer.Body);
        var last = text.LastIndexOf(",{\"removed\"", StringComparison.Ordinal);
        return call.Name == "eth_getLogs" && last > 0 ? answer with { Body = Encoding.UTF8.GetBytes(text[..last] + "]}") } : answer;
    }

    static Answer WithAnotherTransaction(HttpCall call, Func<HttpCall, Answer> next)
    {
        var answer = next(call);
        return call.Name == "eth_getLogs" && !call.Json!.Value.GetRawText().Contains(Setting.AddressOf(0x90, 1), StringComparison.OrdinalIgnoreCase)
            ? answer with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(answer.Body).Replace("\"transactionHash\":\"0x", "\"transactionHash\":\"0xffff", StringComparison.Ordinal)) }
            : answer;
    }

    static bool IsDocument(StorageRequest request) => request.Method == "PUT" && request.Path.StartsWith("/settlements/", StringComparison.Ordinal);

    static Answer ChangedDocuments(StorageRequest request, Func<StorageRequest, Answer> next) => next(IsDocument(request) ? request with { Body = [.. request.Body, (byte)' '] } : request);

    /// <summary>The signer's head is read as it was three reads ago.</summary>
    static Answer StaleHead(StorageRequest request, Func<StorageRequest, Answer> next)
    {
        var answer = next(request);
        if (request.Method != "GET" || !request.Path.StartsWith("/outbox(", StringComparison.Ordinal) || !request.Path.Contains("RowKey='head'", StringComparison.Ordinal) || answer.Status != 200)
            return answer;
        return answer with { Body = Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(Encoding.UTF8.GetString(answer.Body), "\"Next\":\"(?<next>[0-9]+)\"",
            match => $"\"Next\":\"{Math.Max(0, long.Parse(match.Groups["next"].Value) - 1)}\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))) };
    }

    /// <summary>Only the first sending of some bytes reaches the node, and every third of those is lost there.</summary>
    static Play Forgetful(Play play)
    {
        HashSet<string> sent = [];
        return play with
        {
            Chain = (call, next) => call.Name == "eth_sendRawTransaction" && (!sent.Add(call.Json!.Value.GetProperty("params")[0].GetString()!) || sent.Count % 3 == 0)
                ? Answer.Json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x00\"}")
                : next(call),
        };
    }

    /// <summary>A stake's row is there before it is asked for, so every stake is given up, and its transaction overwrites the row.</summary>
    static Answer GivenUpAtOnce(StorageRequest request, Func<StorageRequest, Answer> next) =>
        request.Method == "GET" && request.Path.StartsWith("/outbox(", StringComparison.Ordinal) && Uri.UnescapeDataString(Uri.UnescapeDataString(request.Path)).Contains("|stake|", StringComparison.Ordinal)
        && next(request) is { Status: 404 }
            ? new Answer(200, "{\"odata.etag\":\"x\",\"PartitionKey\":\"p\",\"RowKey\":\"r\",\"Timestamp\":\"2026-01-05T00:00:00Z\"}"u8.ToArray(), "application/json")
            : next(request);

    static void Wrap(IServiceCollection services, Func<INumerai, INumerai> around)
    {
        services.AddSingleton<NumeraiClient>();
        services.AddSingleton(all => around(all.GetRequiredService<NumeraiClient>()));
    }

    class Through(INumerai numerai) : INumerai
    {
        public Task<NumeraiAccount> Account(NumeraiKey key, CancellationToken stop) => numerai.Account(key, stop);

        public Task<ModelAccount> AccountOf(VaultModel model, CancellationToken stop) => numerai.AccountOf(model, stop);

        public Task<NumeraiRound?> CurrentRound(int tournament, CancellationToken stop) => numerai.CurrentRound(tournament, stop);

        public Task<NumeraiRound?> Round(int tournament, int number, CancellationToken stop) => numerai.Round(tournament, number, stop);

        public Task<string> ModelName(string modelId, CancellationToken stop) => numerai.ModelName(modelId, stop);

        public Task<IReadOnlySet<string>> LiveIds(int tournament, int round, CancellationToken stop) => numerai.LiveIds(tournament, round, stop);

        public virtual Task<string> Submit(int tournament, VaultModel model, byte[] file, string? triggerId, CancellationToken stop) => numerai.Submit(tournament, model, file, triggerId, stop);

        public Task<IReadOnlyList<NumeraiSubmission>> Submissions(VaultModel model, CancellationToken stop) => numerai.Submissions(model, stop);

        public virtual Task<byte[]> Download(VaultModel model, string submissionId, CancellationToken stop) => numerai.Download(model, submissionId, stop);

        public virtual Task<StakeAuthorisation> Authorise(VaultModel model, string submissionId, string staker, BigInteger maxAmountWei, CancellationToken stop) => numerai.Authorise(model, submissionId, staker, maxAmountWei, stop);

        public virtual Task<StakeClaim?> Claim(int round, VaultModel model, string staker, CancellationToken stop) => numerai.Claim(round, model, staker, stop);
    }

    /// <summary>A space too much in the file, and nobody who compares.</summary>
    sealed class OtherFile(INumerai numerai) : Through(numerai)
    {
        public override Task<string> Submit(int tournament, VaultModel model, byte[] file, string? triggerId, CancellationToken stop) =>
            base.Submit(tournament, model, [.. file, (byte)'\n'], triggerId, stop);

        public override async Task<byte[]> Download(VaultModel model, string submissionId, CancellationToken stop) => (await base.Download(model, submissionId, stop))[..^1];

        public override async Task<StakeAuthorisation> Authorise(VaultModel model, string submissionId, string staker, BigInteger maxAmountWei, CancellationToken stop)
        {
            var file = await Download(model, submissionId, stop);
            return await base.Authorise(model, submissionId, staker, maxAmountWei, stop) with { SubmissionHash = "0x" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)) };
        }
    }

    sealed class Generous(INumerai numerai) : Through(numerai)
    {
        public override async Task<StakeClaim?> Claim(int round, VaultModel model, string staker, CancellationToken stop) =>
            await base.Claim(round, model, staker, stop) is { } claim ? claim with { PayoutAmountWei = claim.PayoutAmountWei + 1 } : null;
    }
}

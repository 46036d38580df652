using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Numerai;

/// <summary>Numerai's GraphQL API over HTTP. Queries name only what is used; answers are read all or nothing.</summary>
/// <param name="http">The way to Numerai.</param>
/// <param name="settings">Where it is, and who we are there.</param>
/// <param name="calls">How many calls were made.</param>
/// <param name="owners">The keys of owners whose models lie in their own accounts; null: all lie in the operator's.</param>
/// <param name="callLimit">Time for one call; null: 20 seconds, well below a step's own limit.</param>
public sealed class NumeraiClient(HttpClient http, IOptions<NumeraiSettings> settings, NumeraiCalls calls, TimeSpan? callLimit = null, OwnersKeys? owners = null) : INumerai
{
    readonly TimeSpan callLimit = callLimit ?? TimeSpan.FromSeconds(20);
    static readonly IReadOnlyDictionary<int, string> ExamplePredictions = new Dictionary<int, string>
    {
        [8] = "v5.0/live_example_preds.csv", [11] = "signals/v1.0/live_example_preds.csv", [12] = "crypto/v1.0/live_example_preds.csv",
    };

    // Live ids change with the round alone; a vault's retries ask for them again and again.
    readonly System.Collections.Concurrent.ConcurrentDictionary<(int Tournament, int Round), IReadOnlySet<string>> liveIds = new();

    const int Signals = 11;
    const int Current = 0; // asked for by this number, the round that is open

    public Task<NumeraiRound?> CurrentRound(int tournament, CancellationToken stop) => Round(tournament, Current, stop);

    public async Task<NumeraiRound?> Round(int tournament, int number, CancellationToken stop)
    {
        var rounds = await Ask("rounds", """
            query($tournament: Int!, $number: Int!) {
              rounds(tournament: $tournament, number: $number) { number openTime closeTime closeStakingTime scoreTime resolveTime }
            }
            """, new { tournament, number }, Operator, stop);
        // Between rounds the answer may be null or empty: that is "no round open", not a fault (NUMERAI.md, "Rounds").
        if (rounds.ValueKind is JsonValueKind.Null
            || (rounds.ValueKind is JsonValueKind.Array && rounds.EnumerateArray().All(round => round.ValueKind is JsonValueKind.Null)))
            return null;
        var told = Read(rounds, "rounds", list =>
        {
            var round = list[0];
            return new NumeraiRound(
                round.GetProperty("number").GetInt32(), Utc(round, "openTime"), Utc(round, "closeStakingTime"), Utc(round, "resolveTime"));
        });
        return number is Current || told.Number == number ? told : null; // what is told of another round says nothing of this one
    }

    public async Task<string> ModelName(string modelId, CancellationToken stop)
    {
        calls.Count(NumeraiCalls.ModelName);
        try
        {
            var model = await Ask("model", "query($modelId: String!) { model(modelId: $modelId) { name } }", new { modelId }, Operator, stop);
            return Read(model, "model", it => Text(it, "name"));
        }
        catch (NumeraiException refused) when (refused.Cause == NumeraiException.RefusedCause)
        {
            return modelId;
        }
    }

    public async Task<NumeraiAccount> Account(NumeraiKey key, CancellationToken stop)
    {
        var account = await Ask("account", "query { account { models { id } apiTokens { public_id scopes } } }", new { }, key, stop);
        return Read(account, "account", it => new NumeraiAccount(
            it.GetProperty("apiTokens").EnumerateArray().Where(token => Text(token, "public_id") == key.PublicId)
                .Select(token => token.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!).ToList()).FirstOrDefault(),
            it.GetProperty("models").EnumerateArray().Select(model => Text(model, "id")).ToList()));
    }

    public async Task<ModelAccount> AccountOf(VaultModel model, CancellationToken stop)
    {
        var key = await KeyOf(model, stop);
        try
        {
            return new(key != Operator, (await Account(key, stop)).Models);
        }
        catch (NumeraiException refused) when (refused.Cause == NumeraiException.RefusedCause && key != Operator)
        {
            throw OwnersKeyRefused();
        }
    }

    public async Task<IReadOnlySet<string>> LiveIds(int tournament, int round, CancellationToken stop)
    {
        if (liveIds.TryGetValue((tournament, round), out var known))
            return known;
        var dataset = await Ask("dataset", """
            query($filename: String!, $round: Int, $tournament: Int) { dataset(filename: $filename, round: $round, tournament: $tournament) }
            """, new { filename = ExamplePredictions[tournament], round, tournament }, Operator, stop);
        var file = await Get(Read(dataset, "dataset", it => new Uri(it.GetString()!)), "the round's live ids", stop);
        var ids = Encoding.UTF8.GetString(file)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Skip(1)
            .Select(line => line.Split(',')[0])
            .ToHashSet(StringComparer.Ordinal);
        if (ids.Count == 0)
            throw NumeraiException.Unreadable($"The live ids of round {round} are an empty file.");
        liveIds.Clear(); // one round is open at a time
        return liveIds[(tournament, round)] = ids;
    }

    public async Task<string> Submit(int tournament, VaultModel model, byte[] file, string? triggerId, CancellationToken stop)
    {
        var key = await KeyOf(model, stop);
        return tournament == Signals ? await SubmitSignals(model.Id, file, triggerId, key, stop) : await SubmitOther(tournament, model.Id, file, triggerId, key, stop);
    }

    async Task<string> SubmitOther(int tournament, string modelId, byte[] file, string? triggerId, NumeraiKey key, CancellationToken stop)
    {
        var auth = await Ask("submissionUploadAuth", """
            query($filename: String!, $tournament: Int!, $modelId: String) {
              submissionUploadAuth(filename: $filename, tournament: $tournament, modelId: $modelId) { filename url }
            }
            """, new { filename = "predictions.csv", tournament, modelId }, key, stop);
        var address = Read(auth, "submissionUploadAuth", Address);
        await Put(address.Url, file, stop);
        var created = await Ask("createSubmission", """
            mutation($filename: String!, $tournament: Int!, $modelId: String, $triggerId: String, $source: String) {
              createSubmission(filename: $filename, tournament: $tournament, modelId: $modelId, triggerId: $triggerId, source: $source) { id }
            }
            """, new { filename = address.Filename, tournament, modelId, triggerId, source = "backstake" }, key, stop);
        return Read(created, "createSubmission", it => Text(it, "id"));
    }

    // The same with other names, and its submission without a tournament (NUMERAI.md, "API").
    async Task<string> SubmitSignals(string modelId, byte[] file, string? triggerId, NumeraiKey key, CancellationToken stop)
    {
        var auth = await Ask("submissionUploadSignalsAuth", """
            query($filename: String!, $tournament: Int!, $modelId: String) {
              submissionUploadSignalsAuth(filename: $filename, tournament: $tournament, modelId: $modelId) { filename url }
            }
            """, new { filename = "predictions.csv", tournament = Signals, modelId }, key, stop);
        var address = Read(auth, "submissionUploadSignalsAuth", Address);
        await Put(address.Url, file, stop);
        var created = await Ask("createSignalsSubmission", """
            mutation($filename: String!, $modelId: String, $triggerId: String, $source: String) {
              createSignalsSubmission(filename: $filename, modelId: $modelId, triggerId: $triggerId, source: $source) { id }
            }
            """, new { filename = address.Filename, modelId, triggerId, source = "backstake" }, key, stop);
        return Read(created, "createSignalsSubmission", it => Text(it, "id"));
    }

    public async Task<IReadOnlyList<NumeraiSubmission>> Submissions(VaultModel model, CancellationToken stop)
    {
        var told = await Ask("model", """
            query($modelId: String!) {
              model(modelId: $modelId) { submissions { id filename selected status triggerId insertedAt errorInfo round { number tournament } } }
            }
            """, new { modelId = model.Id }, await KeyOf(model, stop), stop);
        return Read(told, "model", it => it.GetProperty("submissions").EnumerateArray().Select(submission => new NumeraiSubmission(
            Text(submission, "id"), Text(submission, "filename"), submission.GetProperty("selected").GetBoolean(),
            submission.GetProperty("triggerId").GetString(),
            submission.GetProperty("round").GetProperty("number").GetInt32(),
            submission.GetProperty("round").GetProperty("tournament").GetInt32())).ToList());
    }

    public async Task<byte[]> Download(VaultModel model, string submissionId, CancellationToken stop)
    {
        var auth = await Ask("submissionDownloadAuth",
            "query($id: String!) { submissionDownloadAuth(id: $id) { filename url } }", new { id = submissionId }, await KeyOf(model, stop), stop);
        return await Get(Read(auth, "submissionDownloadAuth", Address).Url, "the submission's file", stop);
    }

    public async Task<StakeAuthorisation> Authorise(VaultModel model, string submissionId, string staker, BigInteger maxAmountWei, CancellationToken stop)
    {
        var auth = await Ask("v3StakeAuth", """
            query($submissionId: ID!, $staker: String!, $maxAmount: String!) {
              v3StakeAuth(submissionId: $submissionId, staker: $staker, maxAmount: $maxAmount) {
                chainId deadline maxAmount modelId nmrAddress nonce roundId signature staker stakingAddress submissionId submissionHash tournamentId
              }
            }
            """, new { submissionId, staker, maxAmount = maxAmountWei.ToString(CultureInfo.InvariantCulture) }, await KeyOf(model, stop), stop);
        return Read(auth, "v3StakeAuth", it => new StakeAuthorisation(
            Whole(it, "chainId"), Text(it, "stakingAddress"), Text(it, "nmrAddress"), Text(it, "staker"), Text(it, "modelId"),
            (int)Whole(it, "roundId"), (int)Whole(it, "tournamentId"), Text(it, "submissionId"), Text(it, "submissionHash"),
            Whole(it, "maxAmount"), Whole(it, "nonce"), Whole(it, "deadline"), Text(it, "signature")));
    }

    public async Task<StakeClaim?> Claim(int round, VaultModel model, string staker, CancellationToken stop)
    {
        var claim = await Ask("v3StakeClaim", """
            query($roundId: String!, $modelId: ID!, $staker: String!) {
              v3StakeClaim(roundId: $roundId, modelId: $modelId, staker: $staker) { modelId burnAmountWei payoutAmountWei proof roundId staker }
            }
            """, new { roundId = round.ToString(CultureInfo.InvariantCulture), modelId = model.Id, staker }, await KeyOf(model, stop), stop);
        return claim.ValueKind is JsonValueKind.Null
            ? null
            : Read(claim, "v3StakeClaim", it => new StakeClaim(
                (int)Whole(it, "roundId"), Text(it, "modelId"), Text(it, "staker"), Whole(it, "payoutAmountWei"), Whole(it, "burnAmountWei"),
                it.GetProperty("proof").EnumerateArray().Select(hash => hash.GetString()!).ToList()));
    }

    NumeraiKey Operator => new(settings.Value.PublicId, settings.Value.SecretKey);

    async Task<NumeraiKey> KeyOf(VaultModel model, CancellationToken stop) => owners is not null && await owners.Find(model.Vault, stop) is { } key ? key : Operator;

    /// <summary>Asks; where an owner's key is refused, the failure says so: the key is asked for its own account, which Numerai refuses to a key that isn't valid any more alone.</summary>
    async Task<JsonElement> Ask(string field, string query, object variables, NumeraiKey key, CancellationToken stop)
    {
        try
        {
            return await AskOnce(field, query, variables, key, stop);
        }
        catch (NumeraiException refused) when (refused.Cause == NumeraiException.RefusedCause && key != Operator && field != "account")
        {
            if (await IsTaken(key, stop))
                throw;
            throw OwnersKeyRefused();
        }
    }

    static NumeraiException OwnersKeyRefused() => NumeraiException.OwnersKeyRefused("Numerai refuses the key that the vault's owner brought: bring another, or take it back.");

    async Task<bool> IsTaken(NumeraiKey key, CancellationToken stop)
    {
        try
        {
            await Account(key, stop);
            return true;
        }
        catch (NumeraiException failure)
        {
            return failure.Cause != NumeraiException.RefusedCause;
        }
    }

    async Task<JsonElement> AskOnce(string field, string query, object variables, NumeraiKey key, CancellationToken stop)
    {
        calls.Count(field);
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Value.Endpoint) { Content = JsonContent.Create(new { query, variables }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", key.Token);
        var body = await Send(request, field, stop);
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Array && errors.GetArrayLength() > 0)
                throw NumeraiException.Refused($"{field}: {string.Join("; ", errors.EnumerateArray().Select(error => Text(error, "message")))}");
            return root.GetProperty("data").GetProperty(field).Clone();
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NumeraiException.Unreadable($"{field}: the answer is not what the API describes.", failure);
        }
    }

    async Task<byte[]> Get(Uri url, string what, CancellationToken stop) => await Send(new HttpRequestMessage(HttpMethod.Get, url), what, stop);

    async Task Put(Uri url, byte[] file, CancellationToken stop) =>
        await Send(new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(file) }, "the upload", stop);

    // The address is not in any message: upload and download links are secrets.
    async Task<byte[]> Send(HttpRequestMessage request, string what, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(callLimit);
        try
        {
            using (request)
            using (var response = await http.SendAsync(request, limit.Token))
            {
                if (!response.IsSuccessStatusCode)
                    throw NumeraiException.Unreachable($"{what}: HTTP {(int)response.StatusCode}.");
                return await response.Content.ReadAsByteArrayAsync(limit.Token);
            }
        }
        catch (HttpRequestException failure)
        {
            throw NumeraiException.Unreachable($"{what}: {failure.HttpRequestError}.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw NumeraiException.Unreachable($"{what}: no answer within {callLimit.TotalSeconds:0} s.");
        }
    }

    static T Read<T>(JsonElement element, string field, Func<JsonElement, T> read)
    {
        try
        {
            return read(element);
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException or UriFormatException or IndexOutOfRangeException)
        {
            throw NumeraiException.Unreadable($"{field}: the answer is not what the API describes.", failure);
        }
    }

    static FileAddress Address(JsonElement it) => new(Text(it, "filename"), new Uri(Text(it, "url")));

    static string Text(JsonElement it, string name) => it.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    static DateTimeOffset Utc(JsonElement it, string name) =>
        DateTimeOffset.Parse(Text(it, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>A whole number, sent as a JSON number or as a decimal string; nothing but digits is taken.</summary>
    static BigInteger Whole(JsonElement it, string name)
    {
        var value = it.GetProperty(name);
        var digits = value.ValueKind is JsonValueKind.Number ? value.GetRawText() : value.GetString() ?? "";
        return BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}

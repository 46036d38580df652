using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Backstake.Accounting;
using Backstake.Chain.Numerai;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Backstake.Sandbox;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Sandbox.Time;
using Backstake.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.JsonRpc.Client;

namespace Backstake.Faults.Tests.Rows;

/// <summary>FAULTS.md E: a tournament that answers wrongly, slowly or with another's file.</summary>
[Collection(StorageGround.Collection)]
public sealed class NumeraiRows(StorageGround ground) : IAsyncLifetime
{
    const int Number = 843;
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    readonly VirtualClock clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    Tournament tournament = null!;

    public async Task InitializeAsync()
    {
        var (corr, mmc) = (ScoreTable.Read(new StringReader("roundNumber,A\n843,0.02\n"), "corr"), ScoreTable.Read(new StringReader("roundNumber,A\n843,0.01\n"), "mmc"));
        tournament = await Tournament.StartAsync(new TournamentOptions
        {
            Clock = clock, Calendar = new RoundCalendar(Number, new DateOnly(2026, 11, 24)), Scores = new SandboxScores(corr, mmc, "test"), LiveIds = 20,
        });
    }

    public async Task DisposeAsync()
    {
        await tournament.DisposeAsync();
        clock.Dispose();
    }

    SandboxModel Model => tournament.FindModel("A")!;

    VaultModel Mine => new("v", Model.Id.ToString());

    [Fact]
    public async Task E_03_EveryFieldOfEveryAnswer_ThatIsNull_IsRefused_OrNotNeeded()
    {
        var mine = await Client(new Evil()).Submit(8, Mine, File("mine"), null, default);
        var (refused, same) = (0, 0);
        foreach (var (name, ask) in new (string, Func<NumeraiClient, Task<object?>>)[]
        {
            ("rounds", async client => await client.CurrentRound(8, default)),
            ("model", async client => await client.ModelName(Model.Id.ToString(), default)),
            ("model", async client => await client.Submissions(Mine, default)),
            ("dataset", async client => (await client.LiveIds(8, Number, default)).Count),
            ("submissionDownloadAuth", async client => Convert.ToHexString(await client.Download(Mine, mine, default))),
            ("v3StakeAuth", async client => await client.Authorise(Mine, mine, "0x01", 5, default)),
            ("v3StakeClaim", async client => await client.Claim(Number, Mine, "0x01", default)),
        })
        {
            var honest = new Evil();
            var right = Words(await ask(Client(honest)));
            foreach (var path in Paths(honest.Last!).Append([]))
            {
                var client = Client(new Evil { Change = (field, data) => field == name ? WithNull(data, path) : data });
                try
                {
                    var answer = await ask(client);
                    Assert.True(Words(answer) == right || (answer is null && (path.Length == 0 || (path.Length == 1 && name == "rounds"))), $"{name} {string.Join('.', path)}: {Words(answer)}");
                    same++;
                }
                catch (NumeraiException failure)
                {
                    Assert.Equal("numeraiUnreadable", failure.Cause);
                    refused++;
                }
            }
        }

        Assert.True(refused > 30 && same > 5, $"{refused} refused, {same} the same");
    }

    [Fact]
    public async Task E_04_AnswerThatNeverEnds_EndsWithOurOwnDeadline_AndTheOthersGoOn()
    {
        var hangs = Client(new Evil { HangsAfterHeaders = true }, Short);
        var waiting = Enumerable.Range(0, 8).Select(_ => hangs.CurrentRound(8, default)).ToList();
        for (var i = 0; i < 20; i++)
            Assert.Equal(Number, (await Client(new Evil(), TimeSpan.FromSeconds(20)).CurrentRound(8, default))!.Number);
        foreach (var call in waiting)
            Assert.Equal("numeraiUnreachable", (await Assert.ThrowsAsync<NumeraiException>(() => call)).Cause);
    }

    [Fact]
    public async Task E_05_FiveHundredVaults_NeverCallMoreThanIsAllowed_AndAllComeThrough()
    {
        var time = new StoppedClock(clock.GetUtcNow());
        var seen = new Counting(time);
        var client = new NumeraiClient(new HttpClient(seen), Options.Create(new NumeraiSettings { Endpoint = tournament.Address }), new NumeraiCalls(time));
        var waiting = Enumerable.Range(0, 500).ToList();
        var refused = 0;
        var begin = time.Now;
        while (waiting.Count > 0 && time.Now < begin.AddHours(1))
        {
            foreach (var vault in waiting.ToList())
            {
                try
                {
                    await client.CurrentRound(8, default);
                    await AskForModel(client, $"{vault}");
                    waiting.Remove(vault);
                }
                catch (NumeraiException limit) when (limit.Cause == "numeraiLimit")
                {
                    refused++;
                }
            }

            time.Now += TimeSpan.FromSeconds(7);
        }

        Assert.Empty(waiting);
        Assert.True(refused > 500);
        static async Task AskForModel(NumeraiClient client, string model)
        {
            try
            {
                await client.Submissions(new("v", model), default);
            }
            catch (NumeraiException unknown) when (unknown.Cause != NumeraiException.LimitCause)
            {
                // It counts, though there is no such model.
            }
        }

        foreach (var (query, most) in new[] { ("rounds", 250), ("model", 100) })
            Assert.Equal(most, seen.Calls.Max(first => seen.Calls.Count(call => call.Query == query && first.At <= call.At && call.At <= first.At + TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public async Task E_06_RoundThatMoves_IsTakenWithItsNewDeadline_AndAnEarlierRoundIsNot()
    {
        var moved = (DateTimeOffset?)null;
        var number = (int?)null;
        await using var app = Start(new Evil
        {
            Change = (field, data) =>
            {
                if (field == "rounds" && data?[0] is { } round)
                {
                    round["closeStakingTime"] = moved?.ToString("O") ?? round["closeStakingTime"]!.GetValue<string>();
                    round["number"] = number ?? round["number"]!.GetValue<int>();
                }

                return data;
            },
        });
        var (vault, machine) = (await Begin(app), ground.NewMachine());
        var (opening, rounds, submission) = (app.GetRequiredService<RoundOpening>(), app.GetRequiredService<OpenRounds>(), app.GetRequiredService<VaultSubmission>());
        var first = (await app.GetRequiredService<INumerai>().CurrentRound(8, default))!;
        await opening.Poll(8, default);
        await submission.Submit(RoundOpening.Message(vault, first, null), default);
        Assert.Equal(first.CloseStakingTime, (await machine.Store.Load(vault, default)).Record.Rounds[Number].ClosesStaking);

        moved = first.CloseStakingTime.AddMinutes(-20);
        var second = (await app.GetRequiredService<INumerai>().CurrentRound(8, default))!;
        await opening.Poll(8, default);
        Assert.Contains(await rounds.At(8, clock.GetUtcNow(), default), round => round.CloseStakingTime == moved);
        await submission.Submit(RoundOpening.Message(vault, second, null), default);
        await submission.Submit(RoundOpening.Message(vault, first, null), default); // an old message comes late
        Assert.Equal(moved, (await machine.Store.Load(vault, default)).Record.Rounds[Number].ClosesStaking);
        Assert.Single(await machine.ReadAll(vault), entry => entry.Event is RoundMoved);

        number = Number - 1; // the number goes back
        await opening.Poll(8, default);
        await submission.Submit(RoundOpening.Message(vault, (await app.GetRequiredService<INumerai>().CurrentRound(8, default))!, null), default);
        Assert.Equal(Number, (await machine.Store.Load(vault, default)).Record.LastRound);
        Assert.Single(await machine.ReadAll(vault), entry => entry.Event is RoundOpened);

        number = Number + 3; // and jumps: what lies between was missed, in order
        await opening.Poll(8, default);
        await submission.Submit(RoundOpening.Message(vault, (await app.GetRequiredService<INumerai>().CurrentRound(8, default))!, null), default);
        var opened = (await machine.ReadAll(vault)).Select(entry => entry.Event).OfType<RoundOpened>().Select(it => it.Round).ToList();
        Assert.Equal(opened.Order(), opened);
        Assert.Equal((Number, Number + 3), (opened[0], opened[^1]));
    }

    [Fact]
    public async Task E_08_AnyTextAsAnAmount_IsTakenExactly_OrRefused()
    {
        const int Texts = 20_000;
        var random = new Random(8);
        string text = "";
        var evil = new Evil
        {
            Change = (field, data) =>
            {
                if (field == "v3StakeClaim")
                    data!["payoutAmountWei"] = text;
                return data;
            },
        };
        var client = Client(evil);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < Texts; i++)
        {
            if (i % 100 == 0)
                client = Client(evil); // another process: each has its own count of calls, and no minute passes here
            text = new string([.. Enumerable.Range(0, random.Next(1, random.Next(2, 30))).Select(_ => random.Next(8) == 0 ? "-+.,eENa \u0661_x"[random.Next(12)] : (char)('0' + random.Next(10)))]);
            try
            {
                var claim = await client.Claim(Number, Mine, "s", default);
                Assert.True(text.All(char.IsAsciiDigit), text);
                Assert.Equal(BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), claim!.PayoutAmountWei);
                taken++;
            }
            catch (NumeraiException failure)
            {
                Assert.Equal("numeraiUnreadable", failure.Cause);
                Assert.False(text.All(char.IsAsciiDigit), text);
                refused++;
            }
        }

        Assert.True(taken > Texts / 5 && refused > Texts / 5, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public async Task E_09_StaleSelectedSubmission_IsNeverStaked()
    {
        var stale = await Client(new Evil()).Submit(8, Mine, File("another"), null, default);
        await using var app = Start(new Evil
        {
            Change = (field, data) =>
            {
                foreach (var submission in (data as JsonObject)?["submissions"] as JsonArray ?? [])
                    submission!["selected"] = submission["id"]!.GetValue<string>() == stale; // whatever comes after it
                return data;
            },
        });
        var (vault, machine) = (await Begin(app), ground.NewMachine());
        await Store(vault, File("mine"));
        await app.GetRequiredService<VaultSubmission>().Submit(await Message(app, vault), default);
        var events = (await machine.ReadAll(vault)).Select(entry => entry.Event).ToList();
        Assert.Equal(Cause.Stale, Assert.Single(events.OfType<AttemptFailed>()).Cause);
        Assert.DoesNotContain(events, it => it is PredictionsSubmitted or StakeIntended);
        Assert.Equal(2, tournament.SubmissionsOf(Model).Count); // ours was sent, and it isn't the one that counts
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task E_10_FileThatIsReplacedAfterOurCheck_IsFoundAtTheLastLook_AndNotStaked(bool isReplaced)
    {
        await using var app = Start(new Evil());
        var (vault, machine) = (await Begin(app), ground.NewMachine());
        var message = await Message(app, vault);
        var mine = await Client(new Evil()).Submit(8, Mine, File("mine"), null, default);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File("mine")));
        await machine.Append(vault, Opened(message), Seen("submit", new PredictionsSubmitted(Number, mine, hash)), Seen("commit", new PredictionsCommitted(Number, hash)));
        clock.MoveTo(message.ClosesStaking - TimeSpan.FromMinutes(5));
        if (isReplaced)
            await Client(new Evil()).Submit(8, Mine, File("another"), null, default);
        await app.GetRequiredService<VaultSubmission>().Submit(message, default);
        var round = (await machine.Store.Load(vault, default)).Record.Rounds[Number];
        Assert.Equal((1, isReplaced), (round.Looks, round.Stale));
        Assert.DoesNotContain(await machine.ReadAll(vault), entry => entry.Event is StakeIntended);
    }

    public static TheoryData<string, string?> Fields => new()
    {
        { "", null }, { "chainId", "1" }, { "staker", "0x00000000000000000000000000000000000000b1" }, { "maxAmount", "4999999999999999999" }, { "roundId", "844" }, { "tournamentId", "11" },
        { "modelId", "0x" + "11" }, { "submissionId", "0x" + "22" }, { "submissionHash", "0x" + "33" }, { "deadline", "1790000000" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task E_11_AuthorisationForAnythingElse_IsNotUsed(string field, string? value)
    {
        var (mine, hash) = (await Client(new Evil()).Submit(8, Mine, File("mine"), null, default), Convert.ToHexStringLower(SHA256.HashData(File("mine"))));
        await using var app = Start(new Evil { Change = (asked, data) =>
        {
            if (asked == "v3StakeAuth" && field.Length > 0)
                data![field] = value;
            return data;
        }, Hash = hash, Model = Model.Id, Submission = Guid.Parse(mine) });
        var (vault, machine) = (await Begin(app), ground.NewMachine());
        var message = await Message(app, vault);
        await machine.Append(vault, Opened(message), Seen("submit", new PredictionsSubmitted(Number, mine, hash)),
            Seen("commit", new PredictionsCommitted(Number, hash)), Seen("stake", new StakeIntended(Number, 1, Nmr.FromNmr(5), 0)));
        if (field.Length == 0)
        {
            // All as it must be: the next thing is the node, which answers nothing more.
            await Assert.ThrowsAnyAsync<Exception>(() => app.GetRequiredService<VaultSubmission>().Submit(message, default));
            return;
        }

        await app.GetRequiredService<VaultSubmission>().Submit(message, default);
        var events = (await machine.ReadAll(vault)).Select(entry => entry.Event).ToList();
        Assert.Contains(field, Assert.Single(events.OfType<AttemptFailed>()).Detail, StringComparison.Ordinal);
        Assert.Equal("numeraiRefused", Assert.Single(events.OfType<StakeAbandoned>()).Cause);
        Assert.Equal(Outcome.Forgone, (await app.GetRequiredService<OutboxTable>().Find(Anvil.Addresses[3], vault, $"stake|{Number}|1", default))?.Outcome); // nothing was signed
    }

    ServiceProvider Start(Evil evil)
    {
        var app = App.Start(ground.ConnectionString, clock, new Transports(null, evil, new OwnStaker()),
        [
            ("Numerai:Endpoint", tournament.Address.ToString()), ("Numerai:PublicId", SandboxAccount.Default.Key.PublicId), ("Numerai:SecretKey", SandboxAccount.Default.Key.SecretKey),
            ("Ethereum:RpcUrl", "http://127.0.0.1:1"), ("Ethereum:ChainId", $"{EchoChain.ChainId}"), ("Ethereum:StakerKey", Anvil.PrivateKeys[3]),
        ]);
        app.GetRequiredService<StoragePreparation>().Prepare(default).GetAwaiter().GetResult();
        return app;
    }

    NumeraiClient Client(Evil evil, TimeSpan? limit = null) => new(new HttpClient(evil), Options.Create(new NumeraiSettings
    {
        Endpoint = tournament.Address, PublicId = SandboxAccount.Default.Key.PublicId, SecretKey = SandboxAccount.Default.Key.SecretKey,
    }), new NumeraiCalls(new HastyClock(clock.GetUtcNow())), limit);

    /// <summary>A vault of the tournament's model, registered, with the staker that the authorisations name.</summary>
    async Task<string> Begin(ServiceProvider app)
    {
        var vault = StorageGround.NewVault();
        var added = (VaultAdded)History.Added(vault).Event with { ModelId = Model.Id.ToString() };
        await ground.NewMachine().Append(vault, History.Added(vault) with { Event = added });
        await app.GetRequiredService<VaultRegistry>().Add(new RegisteredVault(vault, 8, Model.Id.ToString()), default);
        return vault;
    }

    static async Task<SubmitRound> Message(ServiceProvider app, string vault)
    {
        var round = (await app.GetRequiredService<INumerai>().CurrentRound(8, default))!;
        await app.GetRequiredService<OpenRounds>().Remember(8, round, default);
        return RoundOpening.Message(vault, round, null);
    }

    async Task Store(string vault, byte[] file)
    {
        var container = new BlobServiceClient(ground.ConnectionString).GetBlobContainerClient("predictions");
        await container.CreateIfNotExistsAsync();
        await container.GetBlobClient($"{vault}/8/{Number}/20261124T120000000Z.csv").UploadAsync(BinaryData.FromBytes(file), overwrite: true);
    }

    byte[] File(string author) => tournament.Live.Predictions(TournamentKind.Classic, Number, author);

    NewEntry Opened(SubmitRound message) => new($"open|{Number}", new RoundOpened(Number, message.Opens, message.ClosesStaking, message.Resolves), message.Opens);

    NewEntry Seen(string key, LogEvent seen) => new($"{key}|{Number}", seen, clock.GetUtcNow());

    static string Words(object? answer) => answer is IEnumerable list and not string ? string.Join('\n', list.Cast<object>()) : $"{answer}";

    static IEnumerable<string[]> Paths(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => new[] { new[] { field.Key } }.Concat(field.Value is null ? [] : Paths(field.Value).Select(rest => (string[])[field.Key, .. rest]))),
        JsonArray items => items.SelectMany((item, i) => new[] { new[] { $"{i}" } }.Concat(item is null ? [] : Paths(item).Select(rest => (string[])[$"{i}", .. rest]))),
        _ => [],
    };

    static JsonNode? WithNull(JsonNode? data, string[] path)
    {
        if (path.Length == 0)
            return null;
        var node = data;
        foreach (var step in path[..^1])
            node = node is JsonArray items ? items[int.Parse(step, CultureInfo.InvariantCulture)] : node![step];
        if (node is JsonArray list)
            list[int.Parse(path[^1], CultureInfo.InvariantCulture)] = null;
        else
            node![path[^1]] = null;
        return data;
    }

    /// <summary>The way to the tournament, where its answers are changed; what a tournament without a chain can't answer is made up rightly first.</summary>
    sealed class Counting(TimeProvider time) : HttpMessageHandler
    {
        public List<(string Query, DateTimeOffset At)> Calls { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isRounds = (await request.Content!.ReadAsStringAsync(cancellationToken)).Contains("rounds(", StringComparison.Ordinal);
            Calls.Add((isRounds ? "rounds" : "model", time.GetUtcNow()));
            return new HttpResponseMessage { Content = new StringContent(isRounds ? """{"data":{"rounds":null}}""" : """{"data":{"model":{"name":"A"}}}""") };
        }
    }

    sealed class Evil() : DelegatingHandler(new HttpClientHandler())
    {
        public Guid Submission { get; init; }

        public Func<string, JsonNode?, JsonNode?> Change { get; init; } = (_, data) => data;

        public bool HangsAfterHeaders { get; init; }

        public string Hash { get; init; } = new('a', 64);

        public Guid Model { get; init; }

        /// <summary>The last answer's data, before it was changed.</summary>
        public JsonNode? Last { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.Method == HttpMethod.Post ? await request.Content!.ReadAsStringAsync(cancellationToken) : "";
            if (HangsAfterHeaders)
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) };
            if (asked.Contains("v3StakeAuth", StringComparison.Ordinal))
                return Answer("v3StakeAuth", Authorisation());
            if (asked.Contains("v3StakeClaim", StringComparison.Ordinal))
                return Answer("v3StakeClaim", JsonNode.Parse("""{"modelId":"0x01","burnAmountWei":"0","payoutAmountWei":"12","proof":["0xaa"],"roundId":843,"staker":"0x02"}"""));
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method != HttpMethod.Post)
                return response;
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            if (answer["data"] is not JsonObject { Count: > 0 } data)
                return new HttpResponseMessage(response.StatusCode) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
            var (field, value) = data.First();
            return Answer(field, value?.DeepClone());
        }

        HttpResponseMessage Answer(string field, JsonNode? data)
        {
            Last = data?.DeepClone();
            var answer = new JsonObject { ["data"] = new JsonObject { [field] = Change(field, data) } };
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
        }

        JsonObject Authorisation() => new()
        {
            ["chainId"] = EchoChain.ChainId, ["stakingAddress"] = "0x00000000000000000000000000000000000000d1", ["nmrAddress"] = "0x00000000000000000000000000000000000000d2",
            ["staker"] = "0x00000000000000000000000000000000000000bb", ["modelId"] = UuidWord.Of(Model).ToHex(prefix: true), ["roundId"] = Number, ["tournamentId"] = 8,
            ["submissionId"] = UuidWord.Of(Submission).ToHex(prefix: true), ["submissionHash"] = "0x" + Hash, ["maxAmount"] = "5000000000000000000", ["nonce"] = "0",
            ["deadline"] = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), ["signature"] = "0x" + new string('1', 130),
        };
    }

    sealed class Endless : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => 0; set => throw new NotSupportedException(); }
        public override void Flush() => throw new NotSupportedException();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}

using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Numerai;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Backstake.Servers;
using Nethereum.Hex.HexConvertors.Extensions;
using Xunit.Abstractions;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>More vaults on one address than Numerai takes in a minute: each is submitted and its stake sent, with few tries, and no query is ever asked too often (FAULTS.md E-5).</summary>
[Collection(StorageGround.Collection)]
public sealed class CrowdTests : SubmissionGround
{
    const int Vaults = 150; // two minutes' worth, and two for their stakes
    const int TriesMost = 6; // refused, uploaded, refused, staked; and each time once too late for its turn
    static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    readonly ITestOutputHelper output;
    readonly CountingNumerai numerai;

    public CrowdTests(StorageGround ground, ITestOutputHelper output) : base(ground) => (this.output, numerai) = (output, new(Clock));

    protected override Transports Ways => new(null, numerai, new QuietNode { Staker = CountingNumerai.Staker });

    [Fact]
    public async Task E_05_ManyVaultsAtOnce_EachIsStaked_InFewTries_AndNoLimitIsEverPassed()
    {
        var vaults = new List<RegisteredVault>();
        for (var i = 0; i < Vaults; i++)
            vaults.Add(await Begin(Tournament.AddModel($"model {i}", TournamentKind.Classic, SandboxAccount.Default)));
        var round = await Open();
        foreach (var vault in vaults)
            await The<PredictionStore>().Add(PredictionStore.FolderOf(vault.Id, 8, Number), Clock.GetUtcNow(), Hash(vault), File(vault.Id), default);

        var tries = vaults.ToDictionary(vault => vault.Id, _ => 0, StringComparer.Ordinal);
        var waiting = vaults.ToList();
        for (; waiting.Count > 0 && Clock.GetUtcNow() < round.CloseStakingTime; Clock.Advance(Step))
        {
            foreach (var vault in waiting)
                await The<DueSender>().Send(await The<VaultStore>().Load(vault.Id, default), default); // the sweep, far more often than it runs
            foreach (var message in await Messages(tries.ContainsKey))
            {
                tries[message.Vault]++;
                await The<VaultSubmission>().Submit(message, default);
            }

            foreach (var vault in waiting.ToList())
            {
                var record = (await The<VaultStore>().Load(vault.Id, default)).Record.Rounds[Number];
                if (await The<OutboxTable>().Find(Anvil.Addresses[3], vault.Id, $"stake|{Number}|1", default) is not null)
                    waiting.Remove(vault);
                else if (record is { Hash: { } hash, CommittedHash: null })
                    await SeeCommitted(vault, record, hash);
            }
        }

        var minutes = (Clock.GetUtcNow() - round.OpenTime).TotalMinutes;
        output.WriteLine($"{Vaults} vaults in {minutes:0.0} minutes; tries: {string.Join(", ", tries.Values.CountBy(it => it).OrderBy(it => it.Key).Select(it => $"{it.Value} of {it.Key}"))}");
        output.WriteLine(string.Join(", ", numerai.Calls.CountBy(call => call.Query).Select(it => $"{it.Value} {it.Key}")));
        Assert.Empty(waiting);
        Assert.All(tries.Values, count => Assert.InRange(count, 2, TriesMost));
        Assert.All(NumeraiCalls.Most, limit => Assert.InRange(numerai.MostInAMinute(limit.Key), 0, limit.Value));
        Assert.Equal(2 * Vaults, numerai.Calls.Count(call => call.Query == "model")); // read back, and before the stake
        foreach (var query in new[] { "submissionUploadAuth", "createSubmission", "submissionDownloadAuth", "v3StakeAuth" })
            Assert.Equal(Vaults, numerai.Calls.Count(call => call.Query == query)); // none for nothing
        foreach (var vault in vaults)
            Assert.DoesNotContain(await Events(vault), it => it is AttemptFailed or StakeAbandoned); // waiting is no failure
    }

    /// <summary>A file whose name doesn't say its hash, as a delegate may put into storage, is read each time. A vault that asked for room to upload what is there would give its turn away for ever.</summary>
    [Fact]
    public async Task E_05_WhatIsSubmittedAlready_NeedsNoRoom_AndLosesNoTurn()
    {
        var vault = await Begin(Tournament.AddModel("model", TournamentKind.Classic, SandboxAccount.Default));
        var round = await Open();
        var files = Storage.Clients.Blobs.GetBlobContainerClient("predictions");
        await files.CreateIfNotExistsAsync();
        await files.GetBlobClient($"{PredictionStore.FolderOf(vault.Id, 8, Number)}20260101T000000000Z.csv").UploadAsync(BinaryData.FromBytes(File(vault.Id)));
        await Run(vault, round);
        Assert.Equal(Hash(vault), (await The<VaultStore>().Load(vault.Id, default)).Record.Rounds[Number].Hash);

        for (var made = numerai.Calls.Count(call => call.Query == "model"); made < NumeraiCalls.Most["model"]; made++)
            The<NumeraiCalls>().Count("model"); // a minute's calls are made: nobody gets room
        await Run(vault, round);
        Assert.False(The<SubmissionTurns>().MustWait(RoundOpening.Message(vault.Id, round, null)));
    }

    /// <summary>As the watcher does once the commitment is final; the stake is decided then.</summary>
    async Task SeeCommitted(RegisteredVault vault, RoundRecord record, string hash)
    {
        numerai.Submitted[record.SubmissionId!] = (vault.ModelId, hash);
        await Append(vault, $"commit|{Number}", new PredictionsCommitted(Number, hash));
        await Append(vault, $"stake|{Number}|1", new StakeIntended(Number, 1, Nmr.FromNmr(5), 0));
    }

    string Hash(RegisteredVault vault) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File(vault.Id)));

    /// <summary>Notes who asks what when; authorises every stake, as there is no chain.</summary>
    sealed class CountingNumerai(TimeProvider clock) : DelegatingHandler(new HttpClientHandler())
    {
        public const string Staker = "0x00000000000000000000000000000000000000bb";

        public List<(string Query, DateTimeOffset At)> Calls { get; } = [];

        public Dictionary<string, (string Model, string Hash)> Submitted { get; } = new(StringComparer.Ordinal);

        /// <summary>In any minute, both ends within.</summary>
        public int MostInAMinute(string query)
        {
            var times = Calls.Where(call => call.Query == query).Select(call => call.At).ToList();
            return times.Select(first => times.Count(at => first <= at && at <= first + TimeSpan.FromMinutes(1))).DefaultIfEmpty(0).Max();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Post)
                return await base.SendAsync(request, cancellationToken);
            var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            var text = asked["query"]!.GetValue<string>();
            var query = text[(text.IndexOf('{', StringComparison.Ordinal) + 1)..].Trim().Split('(', '{', ' ')[0];
            Calls.Add((query, clock.GetUtcNow()));
            return query == "v3StakeAuth" ? Authorised(asked["variables"]!["submissionId"]!.GetValue<string>()) : await base.SendAsync(request, cancellationToken);
        }

        HttpResponseMessage Authorised(string submission)
        {
            var (model, hash) = Submitted[submission];
            var answer = new JsonObject
            {
                ["chainId"] = QuietNode.ChainId, ["stakingAddress"] = "0x00000000000000000000000000000000000000d1", ["nmrAddress"] = "0x00000000000000000000000000000000000000d2", ["staker"] = Staker,
                ["modelId"] = UuidWord.Of(Guid.Parse(model)).ToHex(prefix: true), ["roundId"] = Number, ["tournamentId"] = 8, ["submissionId"] = UuidWord.Of(Guid.Parse(submission)).ToHex(prefix: true),
                ["submissionHash"] = "0x" + hash, ["maxAmount"] = "5000000000000000000", ["nonce"] = "0", ["deadline"] = clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), ["signature"] = "0x" + new string('1', 130),
            };
            return new() { Content = new StringContent(new JsonObject { ["data"] = new JsonObject { ["v3StakeAuth"] = answer } }.ToJsonString()) };
        }
    }
}

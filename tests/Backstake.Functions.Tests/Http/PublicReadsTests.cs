using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>What anyone may read, over <see cref="History.TwoWeeks"/>: held against the log itself.</summary>
[Collection(StorageGround.Collection)]
public sealed class PublicReadsTests(ApiGround ground) : IClassFixture<ApiGround>
{
    string Path => $"api/vaults/{ground.Vault}";

    [Fact]
    public async Task Vault_SaysWhatItsReserveCovers_AndHowReliableItIs()
    {
        var vault = await Get(Path);
        Assert.Equal("""{"staked":2,"missed":0,"bps":10000}""", vault["reliability"]!.ToJsonString());
        // Neither terms ask for a reserve or a house.
        Assert.Equal(["""null""", """null"""], vault["offers"]!.AsArray().Select(offer => offer!["freeUnits"]?.ToJsonString() ?? "null"));

        var covered = History.Terms with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000), HouseMinBps = new BasisPoints(1_000) };
        var other = await History.Begin(ground.Machine);
        await ground.Register(other);
        const string Id = "c3c3";
        await ground.Machine.Append(other,
            new NewEntry($"offer|{Id}", new TermsOffered(Id, covered), History.FirstCut.AddDays(-4)),
            Money("reserve", 101, new ReserveDeposit(Nmr.FromNmr(19))), Money("house", 102, new HouseDeposit(Nmr.FromNmr(2))));
        // A unit of 10 NMR takes 5 of the reserve and 1 of the spare house: 19 cover three, 2 back two.
        var offer = (await Get($"api/vaults/{other}"))["offers"]!.AsArray().Single(it => (string)it!["terms"]! == Id)!;
        Assert.Equal(2, (long)offer["freeUnits"]!);
        await ground.Machine.Append(other, new NewEntry($"withdraw|{Id}", new TermsWithdrawn(Id), History.FirstCut.AddDays(-3)));
        Assert.DoesNotContain((await Get($"api/vaults/{other}"))["offers"]!.AsArray(), it => (string)it!["terms"]! == Id);
        var story = (await Get($"api/vaults/{other}/terms"))["terms"]!.AsArray().Single(it => (string)it!["id"]! == Id)!;
        Assert.Equal("2026-01-01T18:00:00Z", (string)story["withdrawnAt"]!);
    }

    [Fact]
    public async Task List_IsWalkedPageByPage_AndFiltered()
    {
        var mine = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            mine.Add(await History.Begin(ground.Machine));
            await ground.Register(mine[^1]);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (mine.Except((await Get("api/vaults?limit=200"))["vaults"]!.AsArray().Select(vault => (string)vault!["id"]!)).Any())
            await Task.Delay(100, limit.Token); // which vaults there are is known two seconds late

        foreach (var sort in new[] { "id", "reliability", "freeUnits" })
        {
            var (walked, next) = (new List<string>(), (string?)$"/api/vaults?limit=2&sort={sort}");
            while (next is not null)
            {
                using var answer = await ground.Http.GetAsync(Address(next));
                var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                Assert.InRange(page["vaults"]!.AsArray().Count, 1, 2);
                walked.AddRange(page["vaults"]!.AsArray().Select(vault => (string)vault!["id"]!));
                var link = answer.Headers.TryGetValues("Link", out var links) ? Regex.Match(links.Single(), "^<(?<next>.*)>; rel=\"next\"$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["next"].Value : null;
                Assert.Equal(link is null, page["next"] is null);
                next = link;
            }

            Assert.Equal(walked.Distinct(), walked);
            Assert.Empty(mine.Append(ground.Vault).Except(walked));
            if (sort == "reliability")
                Assert.True(walked.IndexOf(ground.Vault) < mine.Min(walked.IndexOf), "Reliable vaults come first.");
        }

        Assert.Equal([ground.Vault], (await Get("api/vaults?minReliabilityBps=10000"))["vaults"]!.AsArray().Select(vault => (string)vault!["id"]!).Where(id => id == ground.Vault || mine.Contains(id)));
        Assert.Empty((await Get("api/vaults?tournament=11"))["vaults"]!.AsArray());
        Assert.Empty((await Get("api/vaults?status=booksClosed&terms=none"))["vaults"]!.AsArray());
    }

    [Theory]
    [InlineData("limit=0", "malformed", "limit")]
    [InlineData("limit=201", "malformed", "limit")]
    [InlineData("sort=return", "malformed", "sort")]
    [InlineData("tournament=x", "malformed", "tournament")]
    [InlineData("role=owner", "malformed", "query")]
    [InlineData("status=open&status=halted", "malformed", "status")]
    [InlineData("cursor=AAAA", "cursorInvalid", "cursor")]
    [InlineData("cursor=%00", "cursorInvalid", "cursor")]
    public async Task List_RefusesWhatItDoesNotKnow(string query, string code, string param)
    {
        using var answer = await ground.Http.GetAsync(Address($"api/vaults?{query}"));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.BadRequest, code, param), (answer.StatusCode, (string)problem["code"]!, (string)problem["param"]!));
    }

    [Fact]
    public async Task Cursor_BelongsToItsList()
    {
        var other = await History.Begin(ground.Machine);
        await ground.Register(other);
        var cursor = (string)(await Get("api/vaults?limit=1"))["next"]!;
        using var moved = await ground.Http.GetAsync(Address($"api/vaults?limit=1&sort=reliability&cursor={cursor}"));
        Assert.Equal(HttpStatusCode.BadRequest, moved.StatusCode);
        Assert.Single((await Get($"api/vaults?limit=1&cursor={cursor}"))["vaults"]!.AsArray());
    }

    [Fact]
    public async Task Terms_AreImmutable_AndDiffer()
    {
        using var answer = await ground.Http.GetAsync(Address($"{Path}/terms/{History.TermsOne}"));
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        var terms = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["terms"]!;
        Assert.Equal(("10", 2000, "weekly"), ((string)terms["unitSize"]!, (int)terms["profitShareBps"]!, (string)terms["crystallisation"]!));
        var second = "b2" + History.TermsOne[2..];
        Assert.Empty((await Get($"{Path}/terms/{History.TermsOne}/diff/{second}"))["changes"]!.AsArray());
        var other = await History.Begin(ground.Machine);
        await ground.Register(other);
        await ground.Machine.Append(other, new NewEntry("offer|d4", new TermsOffered("d4", History.Terms with { LockupWeeks = 3 }), History.FirstCut));
        Assert.Equal("""[{"field":"lockupWeeks","from":0,"to":3}]""", (await Get($"api/vaults/{other}/terms/{History.TermsOne}/diff/d4"))["changes"]!.ToJsonString());
        using var unknown = await ground.Http.GetAsync(Address($"{Path}/terms/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal([History.TermsOne, second], (await Get($"{Path}/terms"))["terms"]!.AsArray().Select(it => (string)it!["id"]!));
    }

    [Fact]
    public async Task Submissions_TellEachRound_AndWhyItWasMissed()
    {
        var rounds = (await Get($"{Path}/submissions"))["submissions"]!.AsArray();
        Assert.Equal(["onTime", "retried"], rounds.Select(round => (string)round!["status"]!));
        Assert.Equal("""[{"attempt":1,"cause":"noPredictions","at":"2026-01-13T12:00:00Z"}]""", rounds[1]!["failures"]!.ToJsonString());

        var vault = await History.TwoWeeks(ground.Machine);
        await ground.Register(vault);
        await ground.Machine.Append(vault, History.Opened(3),
            new NewEntry("submitted|3", new PredictionsSubmitted(3, "a-submission", new string('a', 64)), History.OpensAt(3)),
            new NewEntry("commit|3", new PredictionsCommitted(3, new string('a', 64)), History.OpensAt(3), new ChainSource(4_000, "0xc0", 0)),
            new NewEntry("check|3", new SubmissionChecked(3, "another", true), History.OpensAt(3)),
            new NewEntry("missed|3", new RoundMissed(3, Cause.Stale), History.OpensAt(3)),
            new NewEntry("close|3", new Booked(new Close(new Round(3), BasisPoints.Zero)), History.OpensAt(3)));
        var third = (await Get($"api/vaults/{vault}/submissions"))["submissions"]!.AsArray()[2]!;
        Assert.Equal(("stale", "stale", "0"), ((string)third["status"]!, (string)third["missedCause"]!, (string)third["staked"]!));
        Assert.Equal(("a-submission", "0xc0"), ((string)third["files"]![0]!["submissionId"]!, (string)third["committed"]!["transaction"]!));
        Assert.Single((await Get($"api/vaults/{vault}/submissions?limit=1"))["submissions"]!.AsArray());
        var reliability = await Get($"api/vaults/{vault}/reliability");
        Assert.Equal(["onTime nobody", "retried owner", "stale numerai"], reliability["rounds"]!.AsArray().Select(round => $"{round!["outcome"]} {round["blame"]}"));
        Assert.Equal("""{"owner":0,"us":0,"numerai":1}""", reliability["summary"]!["blamed"]!.ToJsonString());
    }

    [Fact]
    public async Task Performance_IsTheBooks_AndAUnitsAfterTheShare()
    {
        var performance = await Get($"{Path}/performance?terms={History.TermsOne}");
        var round = Assert.Single(performance["rounds"]!.AsArray())!;
        Assert.Equal((1, "1"), ((int)round["round"]!, (string)round["result"]!));
        var staked = Amount((string)round["staked"]!);
        Assert.Equal((double)Nmr.FromNmr(1).Wei / (double)staked.Wei, (double)round["return"]!, 12);
        Assert.Equal([0, 1], performance["weeks"]!.AsArray().Select(week => (int)week!["rounds"]!));
        Assert.Equal("21", (string)performance["weeks"]![1]!["value"]!); // two units of 10 NMR, and the result
        // A fifth of the profit is the owner's.
        Assert.Equal((double)round["return"]! * 0.8, (double)performance["unit"]!["rounds"]![0]!["net"]!, 6);
    }

    [Fact]
    public async Task Weeks_AreProvenByTheRoot_ThatTheChainIsTold()
    {
        var weeks = (await Get($"{Path}/weeks"))["weeks"]!.AsArray();
        Assert.Equal([1, 2], weeks.Select(week => (int)week!["week"]!));
        Assert.Equal(("0xacce", "2026-01-04T18:00:00Z"), ((string)weeks[0]!["acceptedIn"]!, (string)weeks[0]!["cut"]!));
        foreach (var week in weeks)
        {
            var proof = await Get($"{Path}/weeks/{week!["week"]}/proof");
            Assert.Equal((string)week["booksRoot"]!, (string)proof["booksRoot"]!);
            foreach (var leaf in proof["leaves"]!.AsArray())
            {
                var one = (await Get($"{Path}/weeks/{week["week"]}/proof?series={leaf!["series"]}&exitWeek={leaf["exitWeek"]}"))["proof"]!;
                Assert.Equal((string)week["booksRoot"]!, RootOf(one));
            }

            using var books = await ground.Http.GetAsync(Address($"{Path}/weeks/{week["week"]}/books"));
            Assert.Equal((string)week["booksDigest"]!, BlobStore.DigestOf(await books.Content.ReadAsByteArrayAsync()));
            Assert.Equal($"\"{week["booksDigest"]}\"", books.Headers.ETag!.Tag);
            using var proposal = await ground.Http.GetAsync(Address($"{Path}/weeks/{week["week"]}/proposal"));
            Assert.Equal((string)week["proposalDigest"]!, BlobStore.DigestOf(await proposal.Content.ReadAsByteArrayAsync()));
        }

        using var unknown = await ground.Http.GetAsync(Address($"{Path}/weeks/1/proof?series=abc"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    /// <summary>As the contract climbs: contracts/src/SumTree.sol.</summary>
    static string RootOf(JsonNode proof)
    {
        var leaf = proof["leaf"]!;
        var node = SumNode.Of(new BooksLeaf
        {
            Series = System.Numerics.BigInteger.Parse("0" + (string)leaf["series"]!, System.Globalization.NumberStyles.AllowHexSpecifier), ExitWeek = (uint)leaf["exitWeek"]!,
            Units = (ulong)leaf["units"]!, Value = Amount((string)leaf["value"]!).Wei,
        });
        var index = (int)proof["index"]!;
        foreach (var (sibling, sum) in proof["siblings"]!.AsArray().Zip(proof["sums"]!.AsArray()))
        {
            var other = new SumNode(Convert.FromHexString((string)sibling!), System.Numerics.BigInteger.Parse((string)sum!));
            node = index % 2 == 0 ? SumNode.Over(node, other) : SumNode.Over(other, node);
            index /= 2;
        }

        return Convert.ToHexStringLower(new Nethereum.ABI.ABIEncode().GetSha3ABIEncoded(
            new Nethereum.ABI.ABIValue("bytes32", node.Hash), new Nethereum.ABI.ABIValue("uint256", node.Sum),
            new Nethereum.ABI.ABIValue("uint256", System.Numerics.BigInteger.Parse((string)proof["cover"]!)), new Nethereum.ABI.ABIValue("bytes32", Convert.FromHexString((string)proof["digest"]!))));
    }

    [Fact]
    public async Task Log_StreamsItsEntries_AndTheirChainIsTheLogs()
    {
        var entries = await ground.Machine.ReadAll(ground.Vault);
        foreach (var after in new[] { 0, 3, entries.Count })
        {
            using var answer = await ground.Http.GetAsync(Address($"{Path}/log?after={after}"));
            Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
            var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(entries.Skip(after).Select(entry => Convert.ToHexStringLower(entry.Chain)), lines.Select(line => (string)JsonNode.Parse(line)!["chain"]!));
            var chain = after == 0 ? LogEntry.Genesis : entries[after - 1].Chain;
            foreach (var line in lines)
            {
                var at = line.LastIndexOf(",\"chain\":", StringComparison.Ordinal);
                chain = LogEntryJson.Read(1, line[..at] + "}", chain).Chain;
                Assert.Equal(Convert.ToHexStringLower(chain), (string)JsonNode.Parse(line)!["chain"]!);
            }
        }

        using var beyond = await ground.Http.GetAsync(Address($"{Path}/log?after={entries.Count + 1}"));
        Assert.Equal(HttpStatusCode.BadRequest, beyond.StatusCode);
    }

    static NewEntry Money(string what, int place, VaultEvent happened) => new($"{what}|0xfeed|{place}", new Booked(happened), History.FirstCut.AddDays(-4), new ChainSource(10 + place, "0xfeed", place));

    static Nmr Amount(string text) => Nmr.TryParse(text, out var amount) ? amount : throw new FormatException(text);

    static Uri Address(string path) => new(path.TrimStart('/'), UriKind.Relative);

    async Task<JsonNode> Get(string path)
    {
        using var answer = await ground.Http.GetAsync(Address(path));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}

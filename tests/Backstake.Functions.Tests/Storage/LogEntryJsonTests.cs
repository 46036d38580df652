using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Tests.Storage;

/// <summary>
/// The canonical bytes of the log's events, fixed by vectors: the chain of hashes is made over them, so within version 1 they never change. A vector
/// that fails means that every stored log would be refused, not that the vector is old.
/// </summary>
public sealed class LogEntryJsonTests
{
    const string Vault = "0x1111111111111111111111111111111111111111";
    const string Notices = "0x2222222222222222222222222222222222222222";
    const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    const string Root = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    static readonly DateTimeOffset At = new(2026, 1, 6, 12, 0, 0, 500, TimeSpan.Zero);
    static readonly Backer Anna = new("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    static readonly Backer Bert = new("0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    static readonly SeriesId Series = new(new TermsId("t1"), new Week(3), Payout.Pay);

    static readonly (LogEvent Event, string Json)[] Events =
    [
        (new Booked(new Close(new Round(843), new BasisPoints(9_999))), """{"type":"booked","event":{"type":"close","round":843,"shareBps":9999}}"""),
        (new Booked(new Resolve(new Round(843), new Nmr(-1))), """{"type":"booked","event":{"type":"resolve","round":843,"payout":"-0.000000000000000001"}}"""),
        (new Booked(new Deposit(Anna, new TermsId("t1"), new Units(2), Payout.Compound)),
            """{"type":"booked","event":{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"t1","units":2,"payout":"compound"}}"""),
        (new Booked(new CancelDeposit(Anna, new TermsId("t1"), new Units(1), Payout.Pay)),
            """{"type":"booked","event":{"type":"cancelDeposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"t1","units":1,"payout":"pay"}}"""),
        (new Booked(new Exit(Anna, Series, new Units(1))),
            """{"type":"booked","event":{"type":"exit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"t1","entryWeek":3,"payout":"pay","units":1}}"""),
        (new Booked(new CancelExit(Anna, Series, new Units(1))),
            """{"type":"booked","event":{"type":"cancelExit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"t1","entryWeek":3,"payout":"pay","units":1}}"""),
        (new Booked(new Transfer(Anna, Bert, Series, new Units(1))),
            """{"type":"booked","event":{"type":"transfer","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","to":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","terms":"t1","entryWeek":3,"payout":"pay","units":1}}"""),
        (new Booked(new HouseDeposit(Nmr.FromNmr(12))), """{"type":"booked","event":{"type":"houseDeposit","amount":"12"}}"""),
        (new Booked(new HouseWithdraw(Nmr.FromNmr(12))), """{"type":"booked","event":{"type":"houseWithdraw","amount":"12"}}"""),
        (new Booked(new ReserveDeposit(new Nmr(1_500_000_000_000_000_000))), """{"type":"booked","event":{"type":"reserveDeposit","amount":"1.5"}}"""),
        (new Booked(new ReserveWithdraw(new Nmr(1))), """{"type":"booked","event":{"type":"reserveWithdraw","amount":"0.000000000000000001"}}"""),
        (new Booked(new WindDown()), """{"type":"booked","event":{"type":"windDown"}}"""),
        (new VaultSettled(3, Hash, Root, Hash, Hash, Hash, new Nmr(7)),
            """{"type":"vaultSettled","week":3,"booksDigest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","booksRoot":"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752","recordDigest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","proposalDigest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","entryDigest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","ownerShare":"0.000000000000000007"}"""),
        (new VaultAdded(Vault, Notices, Anna.Address, Bert.Address, 8, "11111111-2222-3333-4444-555555555555", "A_MODEL", 64, At, 144_000, 12),
            """{"type":"vaultAdded","vault":"0x1111111111111111111111111111111111111111","notices":"0x2222222222222222222222222222222222222222","owner":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","staker":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","tournament":8,"modelId":"11111111-2222-3333-4444-555555555555","model":"A_MODEL","concurrentRounds":64,"firstCut":"2026-01-06T12:00:00.5Z","windowSeconds":144000,"block":12}"""),
        (new TermsOffered("t1", History.Terms with { LockupWeeks = 2, UpfrontFeeBps = new BasisPoints(100), HouseMinBps = new BasisPoints(1000) }),
            """{"type":"termsOffered","id":"t1","content":{"unitSize":"10","profitShareBps":2000,"lossShareBps":0,"reserveBps":0,"crystallisation":"weekly","clawBackWeeks":1,"compoundingWeeks":52,"lockupWeeks":2,"upfrontFeeBps":100,"houseMinBps":1000}}"""),
        (new TermsWithdrawn("t1"), """{"type":"termsWithdrawn","id":"t1"}"""),
        (new RoundOpened(843, At, At.AddHours(1), At.AddDays(31), "a-trigger"),
            """{"type":"roundOpened","round":843,"opens":"2026-01-06T12:00:00.5Z","closesStaking":"2026-01-06T13:00:00.5Z","resolves":"2026-02-06T12:00:00.5Z","triggerId":"a-trigger"}"""),
        (new RoundOpened(843, At, At.AddHours(1), At.AddDays(31), null),
            """{"type":"roundOpened","round":843,"opens":"2026-01-06T12:00:00.5Z","closesStaking":"2026-01-06T13:00:00.5Z","resolves":"2026-02-06T12:00:00.5Z"}"""),
        (new RoundMoved(843, At, At.AddDays(31)),
            """{"type":"roundMoved","round":843,"closesStaking":"2026-01-06T12:00:00.5Z","resolves":"2026-02-06T12:00:00.5Z"}"""),
        (new PredictionsSubmitted(843, "a-submission", Hash),
            """{"type":"predictionsSubmitted","round":843,"submissionId":"a-submission","hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"""),
        (new PredictionsCommitted(843, Hash),
            """{"type":"predictionsCommitted","round":843,"hash":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"""),
        (new SubmissionChecked(843, "a-submission", Stale: true),
            """{"type":"submissionChecked","round":843,"submissionId":"a-submission","stale":true}"""),
        (new AttemptFailed(Step.Submission, 843, 2, Cause.InvalidPredictions, "Line 2: \"quoted\" <b> ü"),
            """{"type":"attemptFailed","step":"submission","subject":843,"attempt":2,"cause":"invalidPredictions","detail":"Line 2: \u0022quoted\u0022 \u003Cb\u003E \u00FC"}"""),
        (new ModelChangeAnnounced(843, "more trees"),
            """{"type":"modelChangeAnnounced","fromRound":843,"note":"more trees"}"""),
        (new StakeIntended(843, 1, Nmr.FromNmr(5), 9),
            """{"type":"stakeIntended","round":843,"attempt":1,"amount":"5","collects":9}"""),
        (new StakeAbandoned(843, 1, "reverted"),
            """{"type":"stakeAbandoned","round":843,"attempt":1,"cause":"reverted"}"""),
        (new RoundMissed(843, Cause.Stale),
            """{"type":"roundMissed","round":843,"cause":"stale"}"""),
        (new SettlementProposed(3, Root, At),
            """{"type":"settlementProposed","week":3,"booksRoot":"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752","acceptableAt":"2026-01-06T12:00:00.5Z"}"""),
        (new SettlementVetoed(3),
            """{"type":"settlementVetoed","week":3}"""),
        (new SettlementAccepted(3),
            """{"type":"settlementAccepted","week":3}"""),
        (new CutMoved(9, -7_200),
            """{"type":"cutMoved","fromWeek":9,"shiftSeconds":-7200}"""),
        (new CutMoveRevoked(9),
            """{"type":"cutMoveRevoked","fromWeek":9}"""),
        (new VaultPaused(Deposits: true, Staking: false),
            """{"type":"vaultPaused","deposits":true,"staking":false}"""),
        (new StakerAdopted(Bert.Address),
            """{"type":"stakerAdopted","staker":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}"""),
        (new BooksClosed(),
            """{"type":"booksClosed"}"""),
        (new ReleasesSent(3),
            """{"type":"releasesSent","week":3}"""),
        (new Claimed(Anna.Address, Hash, 4, Nmr.FromNmr(5)),
            """{"type":"claimed","holder":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","series":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","exitWeek":4,"amount":"5"}"""),
        (new OwnerPaid("house", Nmr.FromNmr(5)),
            """{"type":"ownerPaid","from":"house","amount":"5"}"""),
        (new VaultHalted("AnException", "why"),
            """{"type":"vaultHalted","cause":"AnException","detail":"why"}"""),
        (new VaultResumed("somebody", "it is repaired"),
            """{"type":"vaultResumed","by":"somebody","reason":"it is repaired"}"""),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Events.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Event_HasTheseBytes_AndIsReadBackFromThem(int index)
    {
        var (@event, json) = Events[index];
        var source = index % 2 == 0 ? new ChainSource(17, "0xfeed", 2) : null;
        var bytes = LogEntryJson.CanonicalBytes(5, "a|key", @event, At, source);
        Assert.Equal(LogEntryJson.Version, bytes[0]);
        var text = Encoding.UTF8.GetString(bytes.AsSpan(1));
        var place = source is null ? "" : ""","source":{"block":17,"transaction":"0xfeed","logIndex":2}""";
        Assert.Equal($$"""{"sequence":5,"key":"a|key","at":"2026-01-06T12:00:00.5Z"{{place}},"event":{{json}}}""", text);

        var read = LogEntryJson.Read(bytes[0], text, LogEntry.Genesis);
        Assert.Equal(@event, read.Event);
        Assert.Equal((5L, "a|key", At, source), (read.Sequence, read.Key, read.At, read.Source));
        Assert.Equal(bytes, LogEntryJson.CanonicalBytes(read.Sequence, read.Key, read.Event, read.At, read.Source));
    }

    [Fact]
    public void EveryType_HasAVector()
    {
        var types = typeof(LogEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(it => it.DerivedType).ToHashSet();
        Assert.Equal(typeof(LogEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LogEvent))).ToHashSet(), types);
        Assert.Equal(types, Events.Select(it => it.Event.GetType()).ToHashSet());
        var booked = typeof(VaultEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(VaultEvent)) && type != typeof(Settle)).ToHashSet();
        Assert.Equal(booked, Events.Select(it => it.Event).OfType<Booked>().Select(it => it.Event.GetType()).ToHashSet());
    }

    [Fact]
    public void ChainOfHashes_IsThis()
    {
        var first = LogEntry.Place(new NewEntry("windDown", new Booked(new WindDown()), At), 1, LogEntry.Genesis);
        var second = LogEntry.Place(new NewEntry("accept|3", new SettlementAccepted(3), At, new ChainSource(17, "0xfeed", 2)), 2, first.Chain);
        Assert.Equal("183859ac660d052552453fabc73d485bdd246676558213f831ed8e1fd30e732a", Convert.ToHexStringLower(first.Chain));
        Assert.Equal("50f56e55a7158accb34c9b0105c83ef802ce6816c4ef940f9b5589e6ef14fee7", Convert.ToHexStringLower(second.Chain));
    }

    [Fact]
    public void Digest_IsOfTheHappening_NotOfItsTimeOrPlace()
    {
        var entry = History.Deposited(1);
        Assert.Equal(LogEntry.DigestOf(entry), LogEntry.DigestOf(entry with { At = At }));
        Assert.NotEqual(LogEntry.DigestOf(entry), LogEntry.DigestOf(entry with { Key = "deposit|0xfeed|9" }));
        Assert.NotEqual(LogEntry.DigestOf(entry), LogEntry.DigestOf(entry with { Source = null }));
        Assert.NotEqual(LogEntry.DigestOf(entry), LogEntry.DigestOf(entry with { Event = History.Deposited(1, 2).Event }));
    }

    [Theory]
    [InlineData(0), InlineData(2), InlineData(255), InlineData(257), InlineData(-1)]
    public void UnknownVersion_IsRefused(int version) =>
        Assert.Contains($"version {version}", Refused("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"settlementAccepted","week":3}}""", version), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z"}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":null}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"week":3}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"settlementRefused","week":3}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"settlementAccepted","week":3,"more":1}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"settlementAccepted"}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"settlementAccepted","week":"3"}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"yesterday","event":{"type":"settlementAccepted","week":3}}""")]
    [InlineData("""{"sequence":1,"at":"2026-01-06T12:00:00Z","event":{"type":"settlementAccepted","week":3}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"ownerPaid","from":"house","amount":"1e3"}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"ownerPaid","from":"house","amount":3}}""")]
    [InlineData("""{"sequence":1,"key":"k","at":"2026-01-06T12:00:00Z","event":{"type":"booked","event":{"type":"close"}}}""")]
    public void TextThatIsNoEntry_IsRefused(string json) => Refused(json, LogEntryJson.Version);

    static string Refused(string json, int version) => Assert.Throws<LogDamagedException>(() => LogEntryJson.Read(version, json, LogEntry.Genesis)).Message;
}

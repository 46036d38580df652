using System.Text;
using System.Text.RegularExpressions;
using Xunit;
using static Backstake.Accounting.Tests.TestVault;

namespace Backstake.Accounting.Tests;

/// <summary>ACCOUNTING.md 6: what a replay file may hold, and what stored books may.</summary>
public sealed class FormatTests
{
    private const string Backer = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string SomeTerms = """{"T1":{"unitSize":"100","profitShareBps":5000,"crystallisation":"atEnd","compoundingWeeks":12}}""";

    private static string File(string events, string vault = """{"id":"v","staking":"perRound"}""", string terms = SomeTerms) =>
        $$"""{"schema":"backstake-replay/1","vault":{{vault}},"terms":{{terms}},"events":[{{events}}]}""";

    private static Parsed<ReplayFile> Read(string text) => ReplayFile.Read(Encoding.UTF8.GetBytes(text));

    [Theory] // an event, the place that is named
    [InlineData("""{"type":"houseDeposit","amount":"-1"}""", "events[0].amount")]
    [InlineData("""{"type":"houseDeposit","amount":"1","amount":"1"}""", "events[0].amount")]
    [InlineData("""{"type":"houseDeposit","amount":"11000000.000000000000000001"}""", "events[0].amount")]
    [InlineData("""{"type":"houseDeposit","amount":null}""", "events[0].amount")]
    [InlineData("""{"type":"resolve","round":1,"payout":"-11000000.000000000000000001"}""", "events[0].payout")]
    [InlineData("""{"type":"resolve","round":1}""", "events[0].payout")]
    [InlineData("""{"type":"close","round":2147483648}""", "events[0].round")]
    [InlineData("""{"type":"close","round":-1}""", "events[0].round")]
    [InlineData("""{"type":"close","round":1.0}""", "events[0].round")]
    [InlineData("""{"type":"close","round":1e1}""", "events[0].round")]
    [InlineData("""{"type":"close","round":"1"}""", "events[0].round")]
    [InlineData("""{"type":"close","round":1,"shareBps":10001}""", "events[0].shareBps")]
    [InlineData("""{"type":"windDown"},{"type":"windDown","why":"x"}""", "events[1].why")]
    [InlineData("""{"type":"settle","week":99999999999999999999}""", "events[0].week")]
    [InlineData("""{"type":"Settle","week":1}""", "events[0].type")]
    [InlineData("""{"type":7}""", "events[0].type")]
    [InlineData("""{"week":1}""", "events[0]")]
    [InlineData("""[]""", "events[0]")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":1}""", "events[0].backer")]
    [InlineData("""{"type":"deposit","backer":"owner","terms":"T1","units":1}""", "events[0].backer")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":110001}""", "events[0].units")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T9","units":1000001}""", "events[0].units")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":1,"payout":"Pay"}""", "events[0].payout")]
    [InlineData("""{"type":"exit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":1}""", "events[0].entryWeek")]
    [InlineData("""{"type":"exit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","to":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","entryWeek":1,"units":1}""", "events[0].to")]
    [InlineData("""{"type":"transfer","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","entryWeek":1,"units":1}""", "events[0].to")]
    public void AMalformedEvent_IsNamedByItsPlace(string events, string place)
    {
        Assert.True(Read(File(events)).IsMalformed(out var malformed));
        Assert.Equal(place, malformed.Place);
        Assert.DoesNotContain('\n', malformed.ToString());
    }

    [Theory]
    [InlineData("""{"type":"houseDeposit","amount":"0"}""")]
    [InlineData("""{"type":"houseDeposit","amount":"11000000.000000000000000000"}""")]
    [InlineData("""{"type":"resolve","round":1,"payout":"-11000000"}""")]
    [InlineData("""{"type":"close","round":2147483647,"shareBps":10000}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"T1","units":110000}""")]
    [InlineData("""{"type":"deposit","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","terms":"no such terms: ü","units":1000000}""")]
    [InlineData("""{"units":0,"terms":"","backer":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","type":"deposit","payout":"pay"}""")]
    public void AnEventAtItsBound_IsRead(string events) => Assert.Single(Read(File(events)).Value.Events);

    [Theory] // a field of the terms, its value, allowed?
    [InlineData("unitSize", "\"0.001\"", true)]
    [InlineData("unitSize", "\"0.000999999999999999\"", false)]
    [InlineData("unitSize", "\"1000000\"", true)]
    [InlineData("unitSize", "\"1000000.000000000000000001\"", false)]
    [InlineData("unitSize", "100", false)]
    [InlineData("profitShareBps", "10000", true)]
    [InlineData("profitShareBps", "10001", false)]
    [InlineData("profitShareBps", "-1", false)]
    [InlineData("lossShareBps", "10001", false)]
    [InlineData("reserveBps", "10001", false)]
    [InlineData("houseMinBps", "10000", true)]
    [InlineData("houseMinBps", "10001", false)]
    [InlineData("upfrontFeeBps", "1000", true)]
    [InlineData("upfrontFeeBps", "1001", false)]
    [InlineData("clawBackWeeks", "104", true)]
    [InlineData("clawBackWeeks", "105", false)]
    [InlineData("compoundingWeeks", "1", true)]
    [InlineData("compoundingWeeks", "0", false)]
    [InlineData("compoundingWeeks", "520", true)]
    [InlineData("compoundingWeeks", "521", false)]
    [InlineData("lockupWeeks", "520", true)]
    [InlineData("lockupWeeks", "521", false)]
    [InlineData("crystallisation", "\"weeklyHighWater\"", true)]
    [InlineData("crystallisation", "\"AtEnd\"", false)]
    [InlineData("unknownBps", "1", false)]
    public void Terms_HaveBounds(string field, string value, bool allowed)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["unitSize"] = "\"100\"", ["profitShareBps"] = "0", ["crystallisation"] = "\"atEnd\"", ["compoundingWeeks"] = "1", [field] = value };
        var read = Read(File("", terms: "{\"T1\":{" + string.Join(',', fields.Select(one => $"\"{one.Key}\":{one.Value}")) + "}}"));

        Assert.Equal(allowed, !read.IsMalformed(out var malformed));
        if (!allowed) Assert.Equal($"terms.T1.{field}", malformed!.Place);
    }

    [Theory] // a vault, the place that is wrong, or null
    [InlineData("""{"id":"v","staking":"continuous","concurrentRounds":1000,"maxBurnBps":0}""", null)]
    [InlineData("""{"id":"A-z_0.9","staking":"perRound","concurrentRounds":1}""", null)]
    [InlineData("""{"id":"v","staking":"perRound","concurrentRounds":1001}""", "vault.concurrentRounds")]
    [InlineData("""{"id":"v","staking":"perRound","maxBurnBps":10001}""", "vault.maxBurnBps")]
    [InlineData("""{"id":"","staking":"perRound"}""", "vault.id")]
    [InlineData("""{"id":"v ","staking":"perRound"}""", "vault.id")]
    [InlineData("""{"id":"vü","staking":"perRound"}""", "vault.id")]
    [InlineData("""{"staking":"perRound"}""", "vault.id")]
    [InlineData("""{"id":"v"}""", "vault.staking")]
    [InlineData("[]", "vault")]
    public void AVault_HasBounds(string vault, string? place) => Assert.Equal(place, Read(File("", vault)).Malformed?.Place);

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Names_HaveAtMost64Characters(int length, bool allowed)
    {
        var name = new string('x', length);
        Assert.Equal(allowed, Read(File("", vault: $$"""{"id":"{{name}}","staking":"perRound"}""")).Malformed is null);
        Assert.Equal(allowed, Read(File("", terms: SomeTerms.Replace("T1", name, StringComparison.Ordinal))).Malformed is null);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{} {}")]
    [InlineData("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{}}""")]
    [InlineData("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[],}""")]
    [InlineData("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[]} // """)]
    [InlineData("""{"schema":"backstake-replay/2","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[]}""")]
    [InlineData("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":{}}""")]
    [InlineData("""{"schema":"backstake-replay/1","schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[]}""")]
    [InlineData("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[{"type":"\ud800"}]}""")]
    [InlineData("""{"schema":"backstake-replay/1","vault":{"id":"v","staking":"perRound"},"terms":{},"events":[{"\ud800":1}]}""")]
    public void AFileThatIsNoHistory_IsRefused(string text) => Assert.True(Read(text).IsMalformed(out _));

    [Fact]
    public void WhatIsNotUtf8_IsRefused()
    {
        var bytes = Encoding.Latin1.GetBytes(File($$"""{"type":"deposit","backer":"{{Backer}}","terms":"ü","units":1}"""));
        Assert.Equal("not UTF-8", ReplayFile.Read(bytes).Malformed?.Problem);
        Assert.Equal("a byte order mark", ReplayFile.Read((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(File(""))]).Malformed?.Problem);
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocument()
    {
        var file = Read(File("""{"type":"close","round":1}""", terms: """{"T1":{"unitSize":"1","profitShareBps":1,"lossShareBps":7,"crystallisation":"atEnd","compoundingWeeks":1}}""")).Value;
        Assert.Equal((64, 10_000), (file.Vault.ConcurrentRounds, file.Vault.MaxBurnBps.Value));
        Assert.Equal(500, Read(File("", """{"id":"v","staking":"continuous"}""")).Value.Vault.MaxBurnBps.Value);
        Assert.Equal(7, file.Terms[T1].ReserveBps.Value);
        Assert.Equal(new Close(new Round(1), BasisPoints.Whole), file.Events.Single());
    }

    [Fact]
    public void StoredBooks_AreRefused_WhereAnyNumberWasChanged()
    {
        var text = Encoding.UTF8.GetString(StoredBooks.Write(Rich().Books));
        // No sum holds down what a unit gained, paid and owes in its life, nor how much more than the locked reserve there is: the digest protects these.
        string[] free = ["unitSize", "cumulative", "sinceSettlement", "ownerShare", "cover", "distributed", "target", "spare", "asked", "upfrontFee"];
        var amounts = Regex.Matches(text, "(?<before>.{12})\"(?<name>[a-zA-Z]+)\":\"(?<amount>-?[0-9.]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Where(match => !free.Contains(match.Groups["name"].Value) && !match.Groups["before"].Value.Contains("\"week\"", StringComparison.Ordinal) && !match.Groups["before"].Value.Contains("reserve\"", StringComparison.Ordinal))
            .ToList();
        Assert.True(amounts.Count > 15);
        Assert.All(amounts, match =>
        {
            var amount = match.Groups["amount"];
            var changed = text[..amount.Index] + (N(amount.Value) + N("1000")) + text[(amount.Index + amount.Length)..];
            Assert.True(StoredBooks.Read(Encoding.UTF8.GetBytes(changed)).IsMalformed(out _), $"{match.Value} at {match.Index} was changed");
        });
    }

    [Fact]
    public void StoredBooks_HaveOneForm()
    {
        var bytes = StoredBooks.Write(Rich().Books);
        var text = Encoding.UTF8.GetString(bytes);
        Assert.Equal(bytes, StoredBooks.Write(StoredBooks.Read(bytes).Value));
        string[] others = [text + "\n", text.Replace(",", ", ", StringComparison.Ordinal), text.Replace("\"0\"", "\"0.0\"", StringComparison.Ordinal), text.Replace("books/1", "books/2", StringComparison.Ordinal), "", "{}"];
        Assert.All(others, other => Assert.True(StoredBooks.Read(Encoding.UTF8.GetBytes(other)).IsMalformed(out _)));
    }

    [Fact]
    public void StoredBooks_OfAKnownVault_HaveAKnownDigest()
    {
        // A change of the form is a new version: then this digest changes with the schema's number, and never alone.
        Assert.Equal("backstake-stored-books/1", StoredBooks.Schema);
        Assert.Equal("cc19ba87b68efb539510c8a72417ad6de3cf48306bb5a177cb1ac043d7237be5", Convert.ToHexStringLower(Rich().Books.Digest()));
    }

    /// <summary>Books with something in every field.</summary>
    private static TestVault Rich()
    {
        var terms = Plain with { Crystallisation = Crystallisation.Weekly, LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000), ClawBackWeeks = 3, UpfrontFeeBps = new BasisPoints(100), HouseMinBps = new BasisPoints(100) };
        var vault = new TestVault(Staking.Continuous, maxBurnBps: 2_500).With(terms).With(terms with { LockupWeeks = 9 }, T2);
        return vault.House("100").Reserve("1000").Deposit(Anna, 3).Deposit(Bert, 2, T2, Payout.Pay).Settle().Close(1).Close(2)
            .Resolve(1, "30").Exit(Anna, 1).Settle().Close(3).Exit(Anna, 1).Deposit(Bert, 2).House("7").Do(new HouseWithdraw(N("3"))).Do(new ReserveWithdraw(N("2")));
    }
}

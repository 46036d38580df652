using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Functions.Notifications;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Notifications;

/// <summary>What an entry of the log is to whom: a pure function, so every kind is a line of a table.</summary>
public sealed class VaultNewsTests
{
    const string Vault = "0x00000000000000000000000000000000000000f1";
    static readonly TermsId TermsOne = new(History.TermsOne);
    static readonly Backer Anna = History.Anna;
    static readonly Backer Bert = new("0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    static readonly Backer Carl = new("0xcccccccccccccccccccccccccccccccccccccccc"); // has nothing
    static readonly SeriesId Series = new(TermsOne, new Week(1), Payout.Compound);

    /// <summary>Two units of Anna's and one of Bert's live, one of Anna's waits; round 1 is open.</summary>
    static readonly VaultState Before = Fold(
        History.Added(Vault), History.Offered(), History.Deposited(1, 2), new("deposit|bert", new Booked(new Deposit(Bert, TermsOne, new Units(1))), History.FirstCut.AddDays(-4)), Settled(1), History.Opened(1), History.Deposited(2));

    static VaultSettled Week(int week) => new(week, Hash('a'), Hash('b'), Hash('c'), Hash('d'), Hash('e'), Nmr.FromNmr(1));

    static NewEntry Settled(int week) => new($"settle|{week}", Week(week), History.FirstCut);

    static string Hash(char digit) => new(digit, 64);

    public static TheoryData<LogEvent, string, string, string> Events => new()
    {
        // what happens, and what Anna, Bert and the owner are told
        { new Booked(new Deposit(Anna, TermsOne, new Units(3))), "depositAccepted", "", "" },
        { new Booked(new CancelDeposit(Anna, TermsOne, new Units(1))), "depositCancelled", "", "" },
        { new Booked(new Exit(Bert, Series, new Units(1))), "", "exitAsked", "" },
        { new Booked(new CancelExit(Bert, Series, new Units(1))), "", "exitCancelled", "" },
        { new Booked(new Transfer(Anna, Bert, Series, new Units(1))), "unitsSent", "unitsReceived", "" },
        { new Claimed(Anna.Address, Hash('0'), 0, Nmr.FromNmr(7)), "paymentClaimed", "", "" },
        { new OwnerPaid("house", Nmr.FromNmr(7)), "", "", "incomePaid" },
        { Week(2), "weekSettled", "weekSettled", "incomeSettled weekSettled" },
        { Week(2) with { OwnerShare = Nmr.Zero }, "weekSettled", "weekSettled", "weekSettled" },
        { new SettlementAccepted(1), "paymentReleased", "", "incomeReleased" },
        { new SettlementVetoed(1), "settlementVetoed", "settlementVetoed", "settlementVetoed" },
        { new Booked(new Resolve(new Round(1), Nmr.FromNmr(1))), "roundResolved", "roundResolved", "roundResolved" },
        { new Booked(new Resolve(new Round(1), Nmr.Zero)), "", "", "" },
        { new RoundMissed(1, Cause.Stale), "roundMissed", "roundMissed", "roundMissed" },
        { new SubmissionChecked(1, "id", Stale: true), "submissionStale", "submissionStale", "submissionStale" },
        { new SubmissionChecked(1, "id", Stale: false), "", "", "" },
        { new ModelChangeAnnounced(2, "a note of the owner's"), "modelChangeAnnounced", "modelChangeAnnounced", "modelChangeAnnounced" },
        { new TermsOffered(Hash('f'), History.Terms), "termsOffered", "termsOffered", "termsOffered" },
        { new TermsWithdrawn(History.TermsOne), "termsWithdrawn", "termsWithdrawn", "termsWithdrawn" },
        { new CutMoved(5, 3600), "cutMoved", "cutMoved", "cutMoved" },
        { new CutMoveRevoked(5), "cutMoveRevoked", "cutMoveRevoked", "cutMoveRevoked" },
        { new StakerAdopted("0x00000000000000000000000000000000000000bc"), "stakerAdopted", "stakerAdopted", "stakerAdopted" },
        { new VaultPaused(Deposits: true, Staking: false), "vaultPaused", "vaultPaused", "vaultPaused" },
        { new Booked(new WindDown()), "vaultWindingDown", "vaultWindingDown", "vaultWindingDown" },
        { new VaultHalted("operator", "a detail of somebody's"), "vaultHalted", "vaultHalted", "vaultHalted" },
        { new VaultResumed("somebody", "a reason of theirs"), "vaultResumed", "vaultResumed", "vaultResumed" },
        { new BooksClosed(), "vaultClosed", "vaultClosed", "vaultClosed" },
        { new AttemptFailed(Step.Submission, 1, 1, Cause.NodeFailed, "a detail of the node's"), "", "", "nodeFailed" },
        { new AttemptFailed(Step.Submission, 1, 1, Cause.InvalidPredictions, "Line 2: 0.123456"), "", "", "predictionsRefused" },
        { new AttemptFailed(Step.Submission, 1, 1, "ownersKeyRefused", "a detail of Numerai's"), "", "", "keyRefused" },
        { new AttemptFailed(Step.Collect, 1, 1, "ownersKeyRefused", "a detail of Numerai's"), "", "", "keyRefused" },
        { new AttemptFailed(Step.Collect, 1, 2, "ownersKeyRefused", "told before"), "", "", "" },
        { new AttemptFailed(Step.Submission, 1, 1, Cause.NoPredictions, "no file yet"), "", "", "" },
        { new PredictionsSubmitted(1, "id", Hash('9')), "", "", "" },
        { new PredictionsCommitted(1, Hash('9')), "", "", "" },
        { new StakeIntended(1, 1, Nmr.FromNmr(30), 0), "", "", "" },
        { new Booked(new Close(new Round(1))), "", "", "" },
        { new Booked(new ReserveDeposit(Nmr.FromNmr(1))), "", "", "" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void Entry_IsToldToThoseWhomItConcerns(LogEvent happened, string anna, string bert, string owner)
    {
        Assert.Equal((anna, bert, owner, ""), (Kinds(Anna.Address), Kinds(Bert.Address), Kinds(History.Owner), Kinds(Carl.Address)));
        // Nobody's message names anybody else, tells what another is paid, or repeats what others wrote.
        foreach (var (address, others) in new[] { (Anna.Address, new[] { Bert.Address, History.Owner, "0.00222" }), (Bert.Address, [Anna.Address, History.Owner, "0.00111", "0.00222"]), (History.Owner, [Anna.Address, Bert.Address, "0.00111"]) })
        {
            var text = string.Concat(Told(address).Select(it => it.Body("https://app.example")));
            Assert.All(others.Concat(["detail", "note of", "somebody", "0.123456", "9999"]), other => Assert.DoesNotContain(other, text, StringComparison.OrdinalIgnoreCase));
        }

        string Kinds(string address) => string.Join(' ', Told(address).Select(it => it.Kind.Name).Order(StringComparer.Ordinal));

        IEnumerable<Notification> Told(string address) => VaultNews.Of(Before, Entry(Before, happened), address, Paid);
    }

    static IReadOnlyDictionary<string, Nmr> Paid => new Dictionary<string, Nmr> { [Anna.Address] = Amount("0.00111"), [Payment.Owner] = Amount("0.00222") };

    [Fact]
    public void Statement_SaysWhatTheReceiverIsPaid_AndTheirsAlone()
    {
        string? AmountOf(string address, LogEvent happened) => (string?)VaultNews.Of(Before, Entry(Before, happened), address, Paid).Last().Data["amount"];
        Assert.Equal(("0.00111", "0"), (AmountOf(Anna.Address, Week(2)), AmountOf(Bert.Address, Week(2))));
        Assert.Equal(("0.00111", "0.00222"), (AmountOf(Anna.Address, new SettlementAccepted(1)), AmountOf(History.Owner, new SettlementAccepted(1))));
    }

    /// <summary>A step is tried every minute: who was told isn't told again in this round, unless it fails for another reason.</summary>
    [Fact]
    public void FailingRound_IsToldOnceForEachCause()
    {
        var (state, told) = (Before, new List<string>());
        foreach (var (attempt, cause) in new[] { (1, Cause.NodeFailed), (2, Cause.NodeFailed), (3, Cause.InvalidPredictions), (4, Cause.InvalidPredictions), (5, Cause.NodeFailed) })
        {
            var entry = Entry(state, new AttemptFailed(Step.Submission, 1, attempt, cause, ""));
            told.AddRange(VaultNews.Of(state, entry, History.Owner, Paid).Select(it => it.Kind.Name));
            state = state.Apply(entry);
        }

        Assert.Equal(["nodeFailed", "predictionsRefused", "nodeFailed"], told);
    }

    [Fact]
    public void VaultThatWindsDown_GivesWaitingDepositsBack()
    {
        var closing = Before.Apply(Entry(Before, new Booked(new WindDown())));
        var told = VaultNews.Of(closing, Entry(closing, Week(2)), Anna.Address, Paid).ToList();
        Assert.Equal(["depositCancelled", "weekSettled"], told.Select(it => it.Kind.Name));
        Assert.Equal(("10", "windingDown"), ((string)told[0].Data["amount"]!, (string)told[0].Data["cause"]!));
    }

    [Fact]
    public void Message_HasTheEntrysPlaceAsItsId_AndNothingOfTheTimeOfSending()
    {
        var told = VaultNews.Of(Before, Entry(Before, new RoundMissed(1, Cause.Stale)), Anna.Address, Paid).Single();
        Assert.Equal(
            $$$"""{"id":"{{{Vault}}}/8/roundMissed","type":"roundMissed","timestamp":"2026-01-06T12:00:00Z","text":"Round 1 was missed: stale","data":{"vault":"{{{Vault}}}","model":"A_MODEL","tournament":8,"round":1,"cause":"stale"},"log":"https://app.example/api/vaults/{{{Vault}}}/log?after=7"}""",
            told.Body("https://app.example"));
    }

    /// <summary>The table of docs/notifications.md is the app's.</summary>
    [Fact]
    public void Kinds_AreThoseOfTheDocument()
    {
        var documented = new List<(string Name, bool IsForOwner, bool IsInFeed)>();
        foreach (var line in File.ReadLines(Path.Combine(Season.Repository.Root, "docs", "notifications.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains('●', StringComparison.Ordinal)))
        {
            var cells = line.Split('|');
            documented.AddRange(Regex.Matches(cells[1], "[a-zA-Z]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(name => (name.Value, cells[2].Contains("owner", StringComparison.Ordinal), cells[3].Contains('●', StringComparison.Ordinal))));
        }

        Assert.Equal(NotificationKind.All.Select(kind => (kind.Name, kind.IsForOwner, kind.IsInFeed)).Order(), documented.Order());
    }

    static Nmr Amount(string text) => Nmr.TryParse(text, out var amount) ? amount : throw new FormatException(text);

    static LogEntry Entry(VaultState state, LogEvent happened) => LogEntry.Place(new NewEntry("key", happened, History.OpensAt(1)), state.Sequence + 1, state.Chain);

    static VaultState Fold(params NewEntry[] entries) => entries.Aggregate(VaultState.Empty(Vault), (state, entry) => state.Apply(LogEntry.Place(entry, state.Sequence + 1, state.Chain)));
}

namespace Backstake.Functions.Notifications;

/// <summary>A kind of happening that one can be told of: a line of the table event × channel (docs/notifications.md).</summary>
/// <param name="Name">Stable: what preferences name and messages carry as <c>type</c>.</param>
/// <param name="IsForOwner">Only the vault's owner is told.</param>
/// <param name="IsInFeed">The chain shows it of an address anyway: its Atom feed has it. A webhook may have every kind.</param>
public sealed record NotificationKind(string Name, bool IsForOwner = false, bool IsInFeed = false)
{
    // What the receiver did, or was given.
    public static readonly NotificationKind DepositAccepted = new("depositAccepted", IsInFeed: true);
    public static readonly NotificationKind DepositCancelled = new("depositCancelled", IsInFeed: true);
    public static readonly NotificationKind ExitAsked = new("exitAsked", IsInFeed: true);
    public static readonly NotificationKind ExitCancelled = new("exitCancelled", IsInFeed: true);
    public static readonly NotificationKind UnitsReceived = new("unitsReceived", IsInFeed: true);
    public static readonly NotificationKind UnitsSent = new("unitsSent", IsInFeed: true);
    public static readonly NotificationKind PaymentReleased = new("paymentReleased");
    public static readonly NotificationKind PaymentClaimed = new("paymentClaimed", IsInFeed: true);

    // What happened to a vault in which the receiver has something, or which is theirs.
    public static readonly NotificationKind WeekSettled = new("weekSettled", IsInFeed: true);
    public static readonly NotificationKind SettlementVetoed = new("settlementVetoed");
    public static readonly NotificationKind RoundResolved = new("roundResolved");
    public static readonly NotificationKind RoundMissed = new("roundMissed");
    public static readonly NotificationKind SubmissionStale = new("submissionStale");
    public static readonly NotificationKind ModelChangeAnnounced = new("modelChangeAnnounced");
    public static readonly NotificationKind TermsOffered = new("termsOffered");
    public static readonly NotificationKind TermsWithdrawn = new("termsWithdrawn");
    public static readonly NotificationKind CutMoved = new("cutMoved");
    public static readonly NotificationKind CutMoveRevoked = new("cutMoveRevoked");
    public static readonly NotificationKind StakerAdopted = new("stakerAdopted");
    public static readonly NotificationKind VaultPaused = new("vaultPaused");
    public static readonly NotificationKind VaultWindingDown = new("vaultWindingDown");
    public static readonly NotificationKind VaultHalted = new("vaultHalted");
    public static readonly NotificationKind VaultResumed = new("vaultResumed");
    public static readonly NotificationKind VaultClosed = new("vaultClosed");

    // What an owner has to look after.
    public static readonly NotificationKind NodeFailed = new("nodeFailed", IsForOwner: true);
    public static readonly NotificationKind PredictionsRefused = new("predictionsRefused", IsForOwner: true);
    public static readonly NotificationKind KeyRefused = new("keyRefused", IsForOwner: true);
    public static readonly NotificationKind IncomeSettled = new("incomeSettled", IsForOwner: true);
    public static readonly NotificationKind IncomeReleased = new("incomeReleased", IsForOwner: true);
    public static readonly NotificationKind IncomePaid = new("incomePaid", IsForOwner: true, IsInFeed: true);

    public static readonly IReadOnlyList<NotificationKind> All =
    [
        DepositAccepted, DepositCancelled, ExitAsked, ExitCancelled, UnitsReceived, UnitsSent, PaymentReleased, PaymentClaimed,
        WeekSettled, SettlementVetoed, RoundResolved, RoundMissed, SubmissionStale, ModelChangeAnnounced, TermsOffered, TermsWithdrawn, CutMoved, CutMoveRevoked, StakerAdopted,
        VaultPaused, VaultWindingDown, VaultHalted, VaultResumed, VaultClosed,
        NodeFailed, PredictionsRefused, KeyRefused, IncomeSettled, IncomeReleased, IncomePaid,
    ];

    public static bool IsKnown(string name) => All.Any(kind => kind.Name == name);
}

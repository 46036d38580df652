namespace Backstake.Functions.Hosting.Measures;

/// <summary>Something that was measured. Whole numbers, in the unit that the name ends with.</summary>
/// <param name="By">What kind of thing <paramref name="Subject"/> is: the measure's dimension.</param>
public sealed record Measure(string Name, string By, string Subject, long Value);

/// <summary>What is measured: the names that the alerts (infra/app/alerts.json) look at.</summary>
public static class MeasureNames
{
    /// <summary>Counted with every run: if it stays out, nobody measures, and no other alert can fire.</summary>
    public const string Heartbeat = "backstake.heartbeat";

    // By vault: what its log says.
    public const string RoundsLate = "backstake.rounds.late";
    public const string RoundsMissed = "backstake.rounds.missed";
    public const string RoundsUncollected = "backstake.rounds.uncollected_hours";
    public const string Unsettled = "backstake.settlement.unsettled_hours";
    public const string Unaccepted = "backstake.settlement.unaccepted_hours";
    public const string ReleasesWaiting = "backstake.releases.weeks_waiting";
    public const string Halted = "backstake.vaults.halted";

    // By vault: what comparing the log with the outside says.
    public const string ModelLost = "backstake.models.lost";
    public const string Unreadable = "backstake.vaults.unreadable";
    public const string WatchLag = "backstake.watch.lag_blocks";
    public const string BooksDiffer = "backstake.books.differences";

    // By queue, signer, function, and of the node.
    public const string QueueMessages = "backstake.queues.messages";
    public const string QueuePoison = "backstake.queues.poison";
    public const string Quarantined = "backstake.quarantine.messages";
    public const string SignerBalance = "backstake.signers.balance_gwei";
    public const string SignerNonce = "backstake.signers.nonce";
    public const string SignerPending = "backstake.signers.pending";
    public const string SignerHalted = "backstake.signers.halted";
    public const string SignerUnavailable = "backstake.signers.unavailable";
    public const string NotificationsLate = "backstake.notifications.late_minutes";
    public const string FlowIdle = "backstake.flows.idle_minutes";
    public const string FinalAge = "backstake.chain.final_age_minutes";

    /// <summary>All but the heartbeat.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        RoundsLate, RoundsMissed, RoundsUncollected, Unsettled, Unaccepted, ReleasesWaiting, Halted, ModelLost, Unreadable, WatchLag, BooksDiffer,
        QueueMessages, QueuePoison, Quarantined, SignerBalance, SignerNonce, SignerPending, SignerHalted, SignerUnavailable, NotificationsLate, FlowIdle, FinalAge,
    ];
}

namespace Backstake.Functions.Notifications;

/// <summary>How a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It is tried again.</summary>
    Waiting,
    Delivered,

    /// <summary>Nobody took it for three days.</summary>
    GivenUp,

    /// <summary>The receiver answered 410, or was taken away, before it was delivered.</summary>
    Stopped,
}

/// <summary>A message to a subscriber, and what came of it. Nothing of an answer's content is kept.</summary>
/// <param name="Id">The notification's.</param>
/// <param name="Body">What is sent, the same each time.</param>
/// <param name="Stored">UTC.</param>
/// <param name="Tried">When it was last tried (UTC); null: not yet.</param>
/// <param name="Outcome">Of the last try, as <see cref="Outgoing.OutgoingAnswer"/> has them.</param>
public sealed record Delivery(
    string Id, string Type, DateTimeOffset At, string Body, DateTimeOffset Stored, DeliveryState State = DeliveryState.Waiting, int Attempts = 0, DateTimeOffset? Tried = null, int? Status = null, string? Outcome = null, string? Detail = null)
{
    /// <summary>So long after it was stored a delivery that fails again is given up.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(3);

    public Delivery After(Outgoing.OutgoingAnswer answer) => this with
    {
        State = answer.Outcome == Outgoing.OutgoingAnswer.Ok ? DeliveryState.Delivered : State, Attempts = Attempts + 1, Tried = answer.At, Status = answer.Status, Outcome = answer.Outcome, Detail = answer.Detail,
    };
}

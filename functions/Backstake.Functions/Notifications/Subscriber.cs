using Backstake.Functions.Outgoing;

namespace Backstake.Functions.Notifications;

/// <summary>Where somebody's notifications go, and which.</summary>
/// <param name="Address">0x and 40 lower-case hex digits.</param>
/// <param name="Url">Empty: nowhere any more.</param>
/// <param name="Kinds">Names of <see cref="NotificationKind"/>; null: all, also those to come.</param>
/// <param name="Secret">The number of the secret that is valid now.</param>
/// <param name="RotatedAt">Since when (UTC); for <see cref="StandardWebhooks.Overlap"/> the one before is valid, too.</param>
/// <param name="Since">When it was set (UTC): what happened more than <see cref="Finality"/> before isn't news.</param>
/// <param name="Gone">It answered 410: it is called no more until it is set again, or a test call succeeds.</param>
public sealed record Subscriber(string Address, string Url, IReadOnlyList<string>? Kinds, int Secret, DateTimeOffset RotatedAt, DateTimeOffset Since, bool Gone)
{
    /// <summary>What is booked today may have been in a block an hour ago.</summary>
    public static readonly TimeSpan Finality = TimeSpan.FromDays(1);

    public bool IsSet => Url.Length > 0;

    public bool IsCalled => IsSet && !Gone;

    public Receiver Receiver => new(ReceiverOf(Address), Url, Secret, RotatedAt);

    public bool Wants(Notification notification) => notification.At >= Since - Finality && (Kinds?.Contains(notification.Kind.Name) ?? true);

    /// <summary>As its secrets know it.</summary>
    public static string ReceiverOf(string address) => $"notifications|{address}";
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Notifications;

/// <summary>Something that an entry of a vault's log is to somebody.</summary>
/// <param name="Text">A sentence, without what others wrote.</param>
/// <param name="Data">The same for programs; amounts are decimal strings in NMR.</param>
public sealed record Notification(string Vault, long Sequence, NotificationKind Kind, DateTimeOffset At, string Text, JsonObject Data)
{
    /// <summary><c>vault/sequence/kind</c>: it follows from the log, so the same is always the same.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Vault}/{Sequence}/{Kind.Name}");

    /// <summary>The message as it is sent, the same bytes each time.</summary>
    /// <param name="origin">By which people know the app.</param>
    public string Body(string origin) => new JsonObject
    {
        ["id"] = Id, ["type"] = Kind.Name, ["timestamp"] = UtcText.Of(At), ["text"] = Text,
        ["data"] = Data.DeepClone(), ["log"] = AtomFeed.LogLink(origin, Vault, Sequence),
    }.ToJsonString(JsonSerializerOptions.Web);
}

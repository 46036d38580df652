using System.Text.Json;
using Azure.Storage.Queues;

namespace Backstake.Functions.Storage;

/// <summary>The queues, and the one message that each has per vault and step. Losing one only makes things late: the sweep finds what is due.</summary>
public sealed class VaultQueues(StorageClients storage)
{
    public const string Watch = "watch";
    public const string Rounds = "rounds";
    public const string Submissions = "submissions";
    public const string Nodes = "nodes";
    public const string Collects = "collects";
    public const string Settlements = "settlements";
    public const string Releases = "releases";
    public const string News = "news";
    public const string Notifications = "notifications";

    public static readonly IReadOnlyList<string> All = [Watch, Rounds, Submissions, Nodes, Collects, Settlements, Releases, News, Notifications];

    /// <summary>The function that each queue triggers.</summary>
    public static readonly IReadOnlyDictionary<string, string> OfFunction = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["WatchVault"] = Watch, ["RoundTriggered"] = Rounds, ["SubmitRound"] = Submissions, ["CallNode"] = Nodes, ["CollectRound"] = Collects, ["SettleWeek"] = Settlements, ["SendReleases"] = Releases,
        ["TellVault"] = News, ["CallSubscriber"] = Notifications,
    };

    /// <summary>Where the host puts what was taken too often. It would make that queue itself; made here, it can always be asked.</summary>
    public static string PoisonOf(string queue) => queue + "-poison";

    public async Task Prepare(CancellationToken stop)
    {
        foreach (var queue in All.Concat(All.Select(PoisonOf)))
            await storage.Queues.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: stop);
    }

    /// <param name="delay">How long the message stays invisible; null: it is due now.</param>
    public Task Send<T>(string queue, T message, TimeSpan? delay, CancellationToken stop) =>
        Client(queue).SendMessageAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web)), delay, null, stop);

    /// <summary>Sends a message again as it was.</summary>
    public Task SendText(string queue, string text, CancellationToken stop) => Client(queue).SendMessageAsync(text, stop);

    QueueClient Client(string queue) => storage.Queues.GetQueueClient(queue);
}

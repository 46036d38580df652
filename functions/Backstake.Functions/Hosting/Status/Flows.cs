using Backstake.Functions.Storage;

namespace Backstake.Functions.Hosting.Status;

/// <summary>A function that does a flow's work by itself, without anybody waiting for it.</summary>
/// <param name="Queue">Its queue; null: a timer starts it.</param>
public sealed record FlowFunction(string Flow, string Name, string? Queue)
{
    public bool IsTimer => Queue is null;
}

/// <summary>The flows (DESIGN.md, "Layout") and the functions that do their work.</summary>
public static class Flows
{
    public static readonly IReadOnlyList<FlowFunction> All =
    [
        new("Rounds", "OpenRounds", null),
        new("Rounds", "RoundTriggered", VaultQueues.Rounds),
        new("Submissions", "SubmitRound", VaultQueues.Submissions),
        new("Submissions", "CallNode", VaultQueues.Nodes),
        new("Backing", "WatchChain", null),
        new("Backing", "WatchVault", VaultQueues.Watch),
        new("Settlement", "CollectRound", VaultQueues.Collects),
        new("Settlement", "SettleWeek", VaultQueues.Settlements),
        new("Releases", "SendReleases", VaultQueues.Releases),
        new("Notifications", "TellVault", VaultQueues.News),
        new("Notifications", "CallSubscriber", VaultQueues.Notifications),
        new("Vaults", "Sweep", null),
        new("Operations", "Tidy", null),
    ];

    public static FlowFunction? Of(string function) => All.FirstOrDefault(it => it.Name == function);
}

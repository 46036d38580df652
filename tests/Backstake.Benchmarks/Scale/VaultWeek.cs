using Azure.Storage.Queues.Models;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Benchmarks.Scale;

/// <summary>A week of a vault as its money sees it: five rounds are staked, a message each; then, in one step, their results come and the week is settled.</summary>
internal static class VaultWeek
{
    public const int Rounds = 5;

    public static Task Close(Worker worker, string vault, int week, int round) => worker.Append(vault, History.Closed(Number(week, round)));

    public static Task Settle(Worker worker, string vault, int week) =>
        worker.Settle(vault, Results(week));

    public static NewEntry[] Results(int week) => [.. Enumerable.Range(1, Rounds).Select(round => History.Resolved(Number(week, round), new Nmr((round % 2 == 0 ? -1 : 2) * 10_000_000_000_000_000)))];

    /// <summary>The week of some vaults, step by step, each step brought by a message: as the host does, sixteen messages a time.</summary>
    public static async Task Run(Worker worker, IReadOnlyList<string> vaults, int week, int atOnce)
    {
        for (var step = 1; step <= Rounds + 1; step++)
        {
            foreach (var vault in vaults) await worker.Queues.Send(VaultQueues.Watch, new WatchVault(vault), null, default);
            var (queue, done) = (worker.Clients.Queues.GetQueueClient(VaultQueues.Watch), 0);
            while (done < vaults.Count)
            {
                QueueMessage[] messages = await queue.ReceiveMessagesAsync(maxMessages: 16);
                var now = step;
                await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (message, stop) =>
                {
                    var vault = message.Body.ToObjectFromJson<WatchVault>(System.Text.Json.JsonSerializerOptions.Web)!.Vault;
                    await (now <= Rounds ? Close(worker, vault, week, now) : Settle(worker, vault, week));
                    await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, stop);
                });
                done += messages.Length;
            }
        }
    }

    private static int Number(int week, int round) => (week * Rounds) + round;
}

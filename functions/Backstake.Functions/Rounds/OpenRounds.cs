using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Rounds;

/// <summary>The rounds that Numerai said are open (table <c>rounds</c>, one partition per tournament): what the sweep compares the vaults' logs with.</summary>
public sealed class OpenRounds(StorageClients storage)
{
    public const string TableName = "rounds";

    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    readonly TableClient table = storage.Tables.GetTableClient(TableName);
    readonly Lock gate = new();
    readonly Dictionary<int, (DateTimeOffset At, IReadOnlyList<NumeraiRound> Rounds)> read = [];
    int changes;

    public Task Prepare(CancellationToken stop) => table.CreateIfNotExistsAsync(stop);

    /// <summary>Remembers the round as Numerai describes it now. True the first time, and whenever its times changed.</summary>
    public async Task<bool> Remember(int tournament, NumeraiRound round, CancellationToken stop)
    {
        var (partition, row) = (Partition(tournament), RowOf(round.Number));
        var known = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: stop);
        if (known.HasValue && Of(known.Value!) == round)
            return false;
        await table.UpsertEntityAsync(new TableEntity(partition, row)
        {
            ["Opens"] = round.OpenTime,
            ["ClosesStaking"] = round.CloseStakingTime,
            ["Resolves"] = round.ResolveTime,
        }, TableUpdateMode.Replace, stop);
        lock (gate)
        {
            changes++; // what somebody is reading right now may be without it
            read.Remove(tournament);
        }

        return true;
    }

    /// <summary>Those whose deadline is still to come, as this process read them some seconds ago: for looking at every vault, one query for all.</summary>
    public async Task<IReadOnlyList<NumeraiRound>> Recent(int tournament, DateTimeOffset now, CancellationToken stop)
    {
        int before;
        lock (gate)
        {
            if (read.TryGetValue(tournament, out var last) && last.At <= now && now - last.At < Fresh)
                return [.. last.Rounds.Where(round => round.CloseStakingTime > now)];
            before = changes;
        }

        var rounds = await At(tournament, now, stop);
        lock (gate)
        {
            if (changes == before)
                read[tournament] = (now, rounds);
        }

        return rounds;
    }

    /// <summary>The rounds whose deadline is still to come.</summary>
    public Task<IReadOnlyList<NumeraiRound>> At(int tournament, DateTimeOffset now, CancellationToken stop) =>
        Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition(tournament)} and ClosesStaking gt {now}"), stop);

    /// <summary>The newest round that was remembered, or null.</summary>
    public async Task<int?> Last(int tournament, CancellationToken stop) =>
        (await Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition(tournament)}"), stop)).LastOrDefault()?.Number;

    /// <summary>The rounds between two others, in order.</summary>
    public Task<IReadOnlyList<NumeraiRound>> Between(int tournament, int after, int before, CancellationToken stop) => Where(
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition(tournament)} and RowKey gt {RowOf(after)} and RowKey lt {RowOf(before)}"), stop);

    async Task<IReadOnlyList<NumeraiRound>> Where(string filter, CancellationToken stop)
    {
        var rounds = new List<NumeraiRound>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: stop))
            rounds.Add(Of(row));
        return rounds;
    }

    static string Partition(int tournament) => tournament.ToString(CultureInfo.InvariantCulture);

    static string RowOf(int round) => round.ToString("D10", CultureInfo.InvariantCulture);

    static NumeraiRound Of(TableEntity row) => new(
        int.Parse(row.RowKey, CultureInfo.InvariantCulture),
        row.GetDateTimeOffset("Opens")!.Value, row.GetDateTimeOffset("ClosesStaking")!.Value, row.GetDateTimeOffset("Resolves")!.Value);
}

using Azure;
using Azure.Data.Tables;

namespace Backstake.Functions.Storage;

/// <summary>
/// One entity group transaction. Its rows are made here, all in the one partition that it was given, so no batch can act on two (Azure refuses that,
/// the emulator doesn't: LIMITS.md 0.2); and each is held against Azure's limits before anything is sent.
/// </summary>
public sealed class PartitionBatch(TableClient table, string partition)
{
    readonly List<TableTransactionAction> actions = [];

    /// <summary>A row that must not be there yet.</summary>
    public PartitionBatch Add(string row, IReadOnlyDictionary<string, object> properties) => With(TableTransactionActionType.Add, row, properties, default);

    /// <summary>A row that must still be as it was read. Warning: an action without an explicit ETag would overwrite a newer row (AZURE.md finding 1).</summary>
    /// <param name="seen">What was read; <c>default</c>: the row wasn't there.</param>
    /// <exception cref="ArgumentException">The ETag is <see cref="ETag.All"/>.</exception>
    public PartitionBatch Put(string row, IReadOnlyDictionary<string, object> properties, ETag seen) => seen == ETag.All
        ? throw new ArgumentException("The row is written with the ETag that was read, never with any.", nameof(seen))
        : seen == default ? Add(row, properties) : With(TableTransactionActionType.UpdateReplace, row, properties, seen);

    /// <returns>The answer to each action, in order.</returns>
    /// <exception cref="EntityTooLargeException">Azure would refuse it; nothing was sent.</exception>
    /// <exception cref="TableTransactionFailedException">An action failed; nothing was written.</exception>
    public async Task<IReadOnlyList<Response>> Submit(CancellationToken stop)
    {
        EntityLimits.Check(partition, actions);
        return (await table.SubmitTransactionAsync(actions, stop)).Value;
    }

    PartitionBatch With(TableTransactionActionType type, string row, IReadOnlyDictionary<string, object> properties, ETag seen)
    {
        var entity = new TableEntity(partition, row);
        foreach (var (name, value) in properties)
            entity[name] = value;
        actions.Add(seen == default ? new(type, entity) : new(type, entity, seen));
        return this;
    }
}

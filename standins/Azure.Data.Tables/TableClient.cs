using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>
/// One table. Every method throws <see cref="RequestFailedException"/> with the service's status and <c>ErrorCode</c>; what is retried is
/// Azure.Core's to say. Warning: a retried write may meet its own first try (409 on an add that has been done).
/// </summary>
public class TableClient
{
    private readonly TableRequests _requests;

    /// <summary>For mocks.</summary>
    protected TableClient()
    {
    }

    internal TableClient(string name, TableRequests requests)
    {
        Name = name;
        _requests = requests;
    }

    public virtual string Name { get; }

    /// <summary>An OData filter with the interpolated values as literals, quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Create(filter);

    /// <returns>The table, made or found; the raw response's status 409 says found.</returns>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = _requests.CreateTable(Name);
        await _requests.Pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        if (response.IsError)
        {
            var failure = new RequestFailedException(response);
            if (failure.Status != 409 || failure.ErrorCode == TableErrorCode.TableBeingDeleted)
                throw failure;
        }

        return Response.FromValue(new TableItem(Name), response);
    }

    /// <exception cref="RequestFailedException">409 <c>EntityAlreadyExists</c>.</exception>
    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        return Send(_requests.Insert(Name, Checked(entity)), cancellationToken);
    }

    /// <exception cref="RequestFailedException">404 <c>ResourceNotFound</c>.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await Read(partitionKey, rowKey, select, cancellationToken);
        return response.IsError ? throw new RequestFailedException(response) : Response.FromValue(EntityOf<T>(response), response);
    }

    /// <returns>Without a value where the row or the table is not there.</returns>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await Read(partitionKey, rowKey, select, cancellationToken);
        if (response.Status == 404)
            return new NoValueResponse<T>(response);
        return response.IsError ? throw new RequestFailedException(response) : Response.FromValue(EntityOf<T>(response), response);
    }

    /// <param name="filter">OData; null: every row.</param>
    /// <param name="maxPerPage">Rows of a page at most; the service's own limit is 1,000.</param>
    /// <param name="select">The properties to fetch; null: all. Warning: keys and ETag come only if they are named.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var names = Selected(select);
        return new EntityPages<T>((continuation, size, stop) => QueryPage<T>(filter, names, continuation, size, stop), maxPerPage, cancellationToken);
    }

    /// <exception cref="ArgumentException"><paramref name="ifMatch"/> is default.</exception>
    /// <exception cref="RequestFailedException">412 <c>UpdateConditionNotSatisfied</c>, 404 <c>ResourceNotFound</c>.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        if (ifMatch == default)
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        return Send(_requests.Update(mode, Name, entity, ifMatch, Checked(entity)), cancellationToken);
    }

    /// <summary>Writes whatever is there.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        return Send(_requests.Update(mode, Name, entity, default, Checked(entity)), cancellationToken);
    }

    /// <param name="partitionKey">The row's partition.</param>
    /// <param name="rowKey">The row.</param>
    /// <param name="ifMatch">The version to delete; default: any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Status 204, or 404 without an exception where nothing was there.</returns>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = _requests.Delete(Name, partitionKey, rowKey, ifMatch);
        await _requests.Pipeline.SendAsync(message, cancellationToken);
        return message.Response.Status is 204 or 404 ? message.Response : throw new RequestFailedException(message.Response);
    }

    /// <inheritdoc cref="DeleteEntityAsync(string, string, ETag, CancellationToken)"/>
    /// <remarks>Warning: the entity's own ETag is ignored.</remarks>
    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>All or nothing, within one partition, at most 100 actions.</summary>
    /// <returns>The answer to each action, in order; an answer's ETag is the row's new version.</returns>
    /// <exception cref="TableTransactionFailedException">An action failed; nothing was written. Status and code are the first failing action's.</exception>
    /// <exception cref="InvalidOperationException">There is no action.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
            throw new InvalidOperationException("The batch contains no operations to submit.");

        var steps = actions.Select((action, index) => Step(action, index, actions[0].Entity.PartitionKey)).ToList();
        var boundary = $"batch_{Guid.NewGuid()}";
        var body = await Batch.Body(boundary, steps, cancellationToken);
        steps.ForEach(step => step.Dispose());

        using var message = _requests.Batch(boundary, body);
        await _requests.Pipeline.SendAsync(message, cancellationToken);
        if (message.Response.Status != 202)
            throw new RequestFailedException(message.Response);
        var answers = Batch.Answers(message.Response);
        if (answers is [{ Status: >= 400 } failed])
            throw new TableTransactionFailedException(new RequestFailedException(failed, null, ErrorParser.Instance));
        return Response.FromValue(answers, message.Response);
    }

    private static void RequireKeys<T>(T entity)
        where T : ITableEntity
    {
        if (entity is null)
            throw new ArgumentNullException(nameof(entity));
        if (entity.PartitionKey is null)
            throw new ArgumentNullException(nameof(entity), "PartitionKey is null.");
        if (entity.RowKey is null)
            throw new ArgumentNullException(nameof(entity), "RowKey is null.");
    }

    private static byte[] Checked(ITableEntity entity)
    {
        var properties = EntityWriter.Properties(entity);
        return AzureLimits.Refusal(properties) is { } refusal ? throw refusal : EntityWriter.Json(properties);
    }

    private static string Selected(IEnumerable<string> select) => select is null ? null : string.Join(',', select);

    private static T EntityOf<T>(Response response)
        where T : class, ITableEntity
    {
        using var json = JsonDocument.Parse(response.Content.ToMemory());
        return EntityReader.Entity<T>(json.RootElement);
    }

    private static string Continuation(Response response)
    {
        var partition = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var nextPartition);
        var row = response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var nextRow);
        return partition || row ? $"{nextPartition} {nextRow}" : null;
    }

    private HttpMessage Step(TableTransactionAction action, int index, string partitionKey)
    {
        var entity = action.Entity;
        if (entity.PartitionKey != partitionKey)
            throw new TableTransactionFailedException(AzureLimits.OtherPartition(index));
        if (action.ActionType == TableTransactionActionType.Delete)
            return _requests.Delete(Name, entity.PartitionKey, entity.RowKey, action.ETag);

        var properties = EntityWriter.Properties(entity);
        if (AzureLimits.Refusal(properties, index) is { } refusal)
            throw new TableTransactionFailedException(refusal);
        var json = EntityWriter.Json(properties);
        return action.ActionType switch
        {
            TableTransactionActionType.Add => _requests.Insert(Name, json),
            TableTransactionActionType.UpdateMerge => _requests.Update(TableUpdateMode.Merge, Name, entity, action.ETag, json),
            TableTransactionActionType.UpdateReplace => _requests.Update(TableUpdateMode.Replace, Name, entity, action.ETag, json),
            TableTransactionActionType.UpsertMerge => _requests.Update(TableUpdateMode.Merge, Name, entity, default, json),
            TableTransactionActionType.UpsertReplace => _requests.Update(TableUpdateMode.Replace, Name, entity, default, json),
            _ => throw new InvalidOperationException("Unknown request type."),
        };
    }

    private async Task<Response> Send(HttpMessage message, CancellationToken stop)
    {
        using (message)
        {
            await _requests.Pipeline.SendAsync(message, stop);
            return message.Response.IsError ? throw new RequestFailedException(message.Response) : message.Response;
        }
    }

    private async Task<Response> Read(string partitionKey, string rowKey, IEnumerable<string> select, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = _requests.Get(Name, partitionKey, rowKey, Selected(select));
        await _requests.Pipeline.SendAsync(message, stop);
        return message.Response;
    }

    private async Task<Page<T>> QueryPage<T>(string filter, string select, string continuation, int? size, CancellationToken stop)
        where T : class, ITableEntity
    {
        using var message = _requests.Query(Name, filter, select, size, continuation);
        await _requests.Pipeline.SendAsync(message, stop);
        if (message.Response.IsError)
            throw new RequestFailedException(message.Response);
        using var json = JsonDocument.Parse(message.Response.Content.ToMemory());
        var entities = json.RootElement.GetProperty("value").EnumerateArray().Select(EntityReader.Entity<T>).ToList();
        return Page<T>.FromValues(entities, Continuation(message.Response), message.Response);
    }
}

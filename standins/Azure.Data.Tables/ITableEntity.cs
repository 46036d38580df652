namespace Azure.Data.Tables;

/// <summary>What can be stored in a table: a row under two keys.</summary>
public interface ITableEntity
{
    string PartitionKey { get; set; }

    string RowKey { get; set; }

    /// <summary>When the service last changed the row, UTC; set by the service, ignored when written.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The row's version as it was read. Warning: no write takes it from here; pass it as an argument.</summary>
    ETag ETag { get; set; }
}

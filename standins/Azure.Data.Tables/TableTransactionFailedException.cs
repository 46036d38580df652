using System.Collections;
using System.Globalization;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused as a whole: nothing of it was written. Status and code are those of the first action that failed.</summary>
public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(requestFailedException.Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException.InnerException)
    {
        CopyData(requestFailedException.Data);
        if (requestFailedException.Data[ErrorParser.FailedEntity] is string index && int.TryParse(index, CultureInfo.InvariantCulture, out var number))
            FailedTransactionActionIndex = number;
    }

    /// <summary>Which action failed, from 0; null where the service does not say.</summary>
    public int? FailedTransactionActionIndex { get; }

    private void CopyData(IDictionary data)
    {
        foreach (DictionaryEntry entry in data)
            Data.Add(entry.Key, entry.Value);
    }
}

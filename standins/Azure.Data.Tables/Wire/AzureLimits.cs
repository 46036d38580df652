using System.Globalization;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// What Azure refuses and Azurite does not (LIMITS.md 0.2): a transaction over two partitions, more than 252 own properties, an entity over 1 MiB.
/// The package checks none of it; this stand-in does, with Azure's status and code, so that what passes here passes there.
/// Deliberately the only behaviour that the package does not have.
/// </summary>
internal static class AzureLimits
{
    private const int OwnPropertiesMax = 252;
    private const int EntityBytesMax = 1024 * 1024;

    /// <summary>What Azure would answer to a write of these properties.</summary>
    /// <returns>Null if it would take them.</returns>
    public static RequestFailedException Refusal(IReadOnlyList<KeyValuePair<string, object>> properties, int? index = null)
    {
        var own = properties.Count(property => property is { Value: not null, Key: not (Names.PartitionKey or Names.RowKey) });
        if (own > OwnPropertiesMax)
            return Failure("TooManyProperties", "The entity contains more properties than allowed. Each entity can include up to 252 properties to store data. Each entity also has 3 system properties.", index);
        return Bytes(properties) > EntityBytesMax
            ? Failure("EntityTooLarge", "The entity is larger than the maximum allowed size (1MB).", index)
            : null;
    }

    /// <summary>What Azure answers when an action is in another partition than the first.</summary>
    public static RequestFailedException OtherPartition(int index) =>
        Failure("CommandsInBatchActOnDifferentPartitions", "All commands in a batch must operate on same entity group.", index);

    // The size that the service counts, as its documentation gives it: 4 bytes, 2 a character of the keys, and for each property
    // 8 bytes, 2 a character of its name, and its value.
    private static long Bytes(IReadOnlyList<KeyValuePair<string, object>> properties) =>
        4 + properties.Where(property => property.Value is not null).Sum(property => property.Key is Names.PartitionKey or Names.RowKey
            ? 2L * ((string)property.Value).Length
            : 8 + (2L * property.Key.Length) + ValueBytes(property.Value));

    private static long ValueBytes(object value) => value switch
    {
        string text => 4 + (2L * text.Length),
        Enum name => 4 + (2L * name.ToString().Length),
        byte[] bytes => 4 + bytes.LongLength,
        BinaryData bytes => 4 + bytes.ToMemory().Length,
        Guid => 16,
        int => 4,
        bool => 1,
        _ => 8,
    };

    private static RequestFailedException Failure(string code, string message, int? index)
    {
        var place = index?.ToString(CultureInfo.InvariantCulture);
        var failure = new RequestFailedException(400, place is null ? message : $"{place}:{message}", code, null);
        if (place is not null)
            failure.Data[ErrorParser.FailedEntity] = place;
        return failure;
    }
}

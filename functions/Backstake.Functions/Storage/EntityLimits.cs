using System.Text.Json;
using Azure.Data.Tables;

namespace Backstake.Functions.Storage;

/// <summary>
/// What Azure Table Storage takes, checked by ourselves: the emulator complains about none of it (LIMITS.md 0.2). What is larger belongs in a blob, named by its digest.
/// </summary>
public static class EntityLimits
{
    public const int EntityBytesMost = 1024 * 1024;
    public const int PropertiesMost = 252; // 255 with the three of the service's own
    public const int TextMost = 32 * 1024; // UTF-16 characters of one property
    public const int BinaryMost = 64 * 1024;
    public const int KeyMost = 512; // characters; the service's pages disagree between this and 1,024
    public const int BatchEntitiesMost = 100;
    public const int BatchBytesMost = 4 * 1024 * 1024;
    const int PartBytes = 1024; // the headers of one part of the request, generously

    /// <exception cref="EntityTooLargeException">One of the entities, or all together, are beyond a limit.</exception>
    public static void Check(string partition, IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count > BatchEntitiesMost)
            throw new EntityTooLargeException($"{partition}: {actions.Count} rows in one transaction; at most {BatchEntitiesMost} are taken.");
        var wire = 0L;
        foreach (var entity in actions.Select(action => (TableEntity)action.Entity))
        {
            Check(entity);
            wire += WireBytes(entity);
        }

        if (wire > BatchBytesMost)
            throw new EntityTooLargeException($"{partition}: {wire} bytes in one transaction; at most {BatchBytesMost} are taken.");
    }

    /// <exception cref="EntityTooLargeException">The entity is beyond a limit.</exception>
    public static void Check(TableEntity entity)
    {
        var own = entity.Where(IsOwn).ToList();
        var bytes = 4 + 2L * (entity.PartitionKey.Length + entity.RowKey.Length) + own.Sum(property => 8 + 2L * property.Key.Length + ValueBytes(property.Value));
        var refusal =
            entity.PartitionKey.Length > KeyMost || entity.RowKey.Length > KeyMost ? $"a key has more than {KeyMost} characters"
            : own.Count > PropertiesMost ? $"{own.Count} properties; at most {PropertiesMost} are taken"
            : own.FirstOrDefault(property => property.Value is string { Length: > TextMost }).Key is { } text ? $"{text} has more than {TextMost} characters"
            : own.FirstOrDefault(property => property.Value is byte[] { Length: > BinaryMost }).Key is { } binary ? $"{binary} has more than {BinaryMost} bytes"
            : bytes > EntityBytesMost ? $"{bytes} bytes; at most {EntityBytesMost} are taken"
            : null;
        if (refusal is not null)
            throw new EntityTooLargeException($"Row {entity.PartitionKey}/{entity.RowKey}: {refusal}.");
    }

    static bool IsOwn(KeyValuePair<string, object> property) =>
        property is { Value: not null, Key: not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag") };

    // As the service's documentation counts: 4 bytes, 2 a character of the keys, and for each property 8 bytes, 2 a character of its name, and its value.
    static long ValueBytes(object value) => value switch
    {
        string text => 4 + 2L * text.Length,
        byte[] bytes => 4 + bytes.LongLength,
        int => 4,
        bool => 1,
        _ => 8,
    };

    static long WireBytes(TableEntity entity) => PartBytes + entity.Where(IsOwn).Sum(property => 2L * property.Key.Length + 40 + (property.Value switch
    {
        string text => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length,
        byte[] bytes => 4L * (bytes.Length / 3 + 1),
        _ => 32,
    }));
}

/// <summary>Azure would refuse to store this. Nothing was written.</summary>
public sealed class EntityTooLargeException(string message) : Exception(message);

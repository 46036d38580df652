using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>An entity as the JSON that the service takes: each property, and beside it its type where JSON would not tell.</summary>
internal static class EntityWriter
{
    /// <summary>The entity's properties with its keys, without what is the service's (ETag, Timestamp).</summary>
    /// <exception cref="NotSupportedException">An enum in a <see cref="TableEntity"/>.</exception>
    public static IReadOnlyList<KeyValuePair<string, object>> Properties(ITableEntity entity)
    {
        if (entity is not IDictionary<string, object> dictionary)
            return EntityBinder.Read(entity);

        var properties = new List<KeyValuePair<string, object>>(dictionary.Count);
        foreach (var property in dictionary)
        {
            if (property.Key is Names.ODataETag or Names.Timestamp)
                continue;
            if (property.Value is Enum)
                throw new NotSupportedException("Enum values are only supported for custom model types implementing ITableEntity.");
            properties.Add(property);
        }

        return properties;
    }

    /// <exception cref="NotSupportedException">A type that cannot be stored, such as <c>BigInteger</c>; a <see cref="DateTime"/> that is not UTC.</exception>
    public static byte[] Json(IReadOnlyList<KeyValuePair<string, object>> properties)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in properties)
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
                if (EdmType(value) is { } type)
                    writer.WriteString(name + Names.TypeSuffix, type);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case float number: writer.WriteNumberValue(number); break;

            // Warning: goes out as an untyped number, so the service makes an Edm.Double of it, with 15 digits. Never store money so.
            case decimal number: writer.WriteNumberValue(number); break;
            case long or ulong or Enum: writer.WriteStringValue(value.ToString()); break;
            case Guid id: writer.WriteStringValue(id); break;
            case byte[] bytes: writer.WriteBase64StringValue(bytes); break;
            case BinaryData bytes: writer.WriteBase64StringValue(bytes.ToMemory().Span); break;
            case DateTimeOffset time: writer.WriteStringValue(Time(time.UtcDateTime)); break;
            case DateTime { Kind: DateTimeKind.Utc } time: writer.WriteStringValue(Time(time)); break;
            case DateTime time:
                throw new NotSupportedException($"DateTime {time} has a Kind of {time.Kind}. Azure SDK requires it to be UTC. You can call DateTime.SpecifyKind to change Kind property value to DateTimeKind.Utc.");
            default: throw new NotSupportedException($"Not supported type {value.GetType()}");
        }
    }

    private static string EdmType(object value) => value switch
    {
        byte[] or BinaryData => "Edm.Binary",
        long or ulong => "Edm.Int64",
        double => "Edm.Double",
        Guid => "Edm.Guid",
        DateTimeOffset or DateTime => "Edm.DateTime",
        _ => null,
    };

    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ");
}

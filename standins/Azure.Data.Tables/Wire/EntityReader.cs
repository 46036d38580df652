using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>The service's JSON as an entity: of the caller's type, or a <see cref="TableEntity"/>.</summary>
internal static class EntityReader
{
    public static T Entity<T>(JsonElement json)
        where T : class, ITableEntity
    {
        var properties = json.EnumerateObject().ToDictionary(property => property.Name, property => Value(property.Value));
        var entity = Activator.CreateInstance<T>();
        if (entity is IDictionary<string, object> dictionary)
        {
            foreach (var (name, value) in Typed(properties))
                dictionary[name] = value;
        }
        else
        {
            EntityBinder.Write(entity, properties);
        }

        return entity;
    }

    private static IEnumerable<KeyValuePair<string, object>> Typed(Dictionary<string, object> properties)
    {
        foreach (var (name, value) in properties)
        {
            if (name.EndsWith(Names.TypeSuffix, StringComparison.Ordinal) || name == Names.ODataMetadata)
                continue;
            var type = properties.GetValueOrDefault(name + Names.TypeSuffix) as string;
            yield return new(name, name == Names.Timestamp ? Times.Parse((string)value) : OfType(type, value));
        }
    }

    private static object OfType(string type, object value) => type switch
    {
        null => value,
        "Edm.Binary" => Convert.FromBase64String((string)value),
        "Edm.DateTime" => Times.Parse((string)value),
        "Edm.Guid" => Guid.Parse((string)value),
        "Edm.Int64" => long.Parse((string)value),

        // The service says so only of NaN and the infinities, which it writes as text.
        "Edm.Double" => double.Parse(value as string ?? ""),
        _ => throw new NotSupportedException("Not supported type " + type),
    };

    private static object Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt32(out var number) => number,
        JsonValueKind.Number when json.TryGetInt64(out var number) => number,
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.Null => null,
        _ => throw new NotSupportedException($"Not supported value kind {json.ValueKind}"),
    };
}

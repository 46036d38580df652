using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// Properties of a caller's own entity type: every public one, under its <see cref="DataMemberAttribute"/> name if it has one,
/// without those marked <see cref="IgnoreDataMemberAttribute"/>. Long and unsigned long are stored as Edm.Int64, enums as text.
/// </summary>
internal static class EntityBinder
{
    private static readonly string[] s_own = [Names.PartitionKey, Names.RowKey, Names.Timestamp, Names.ETag];
    private static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property)[]> s_members = new();

    public static IReadOnlyList<KeyValuePair<string, object>> Read(ITableEntity entity)
    {
        List<KeyValuePair<string, object>> properties = [new(Names.PartitionKey, entity.PartitionKey), new(Names.RowKey, entity.RowKey)];
        properties.AddRange(Members(entity.GetType())
            .Where(member => member.Property.CanRead)
            .Select(member => new KeyValuePair<string, object>(member.Name, member.Property.GetValue(entity))));
        return properties;
    }

    /// <exception cref="FormatException">A stored value is not of the property's type.</exception>
    public static void Write(ITableEntity entity, IReadOnlyDictionary<string, object> stored)
    {
        if (stored.TryGetValue(Names.PartitionKey, out var partition))
            entity.PartitionKey = (string)partition;
        if (stored.TryGetValue(Names.RowKey, out var row))
            entity.RowKey = (string)row;
        if (stored.TryGetValue(Names.Timestamp, out var time))
            entity.Timestamp = Times.Parse((string)time);
        if (stored.TryGetValue(Names.ODataETag, out var etag))
            entity.ETag = new ETag((string)etag);

        foreach (var (name, property) in Members(entity.GetType()))
        {
            if (property.CanWrite && stored.TryGetValue(name, out var value))
                property.SetValue(entity, value is null ? null : OfType(property.PropertyType, value));
        }
    }

    private static (string Name, PropertyInfo Property)[] Members(Type type) => s_members.GetOrAdd(
        type,
        static type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0 && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null)
            .Select(property => (property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name, property))
            .Where(member => !s_own.Contains(member.Item1))
            .ToArray());

    private static object OfType(Type type, object value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return value as string;
        if (type == typeof(bool) || type == typeof(int))
            return value;
        if (type == typeof(long))
            return long.Parse((string)value);
        if (type == typeof(ulong))
            return ulong.Parse((string)value);
        if (type == typeof(double))
            return Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (type == typeof(Guid))
            return Guid.Parse((string)value);
        if (type == typeof(DateTimeOffset))
            return Times.Parse((string)value);
        if (type == typeof(DateTime))
            return DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        if (type == typeof(byte[]))
            return Convert.FromBase64String((string)value);
        if (type == typeof(BinaryData))
            return BinaryData.FromBytes(Convert.FromBase64String((string)value));
        if (type.IsEnum)
            return Enum.Parse(type, (string)value);

        // Warning: any other type (decimal, say) is left at its default without a word, as the package does.
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }
}

using System.Collections.Concurrent;
using System.Reflection;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Nethereum.ABI;

/// <summary>A property with [Parameter], in the order that the attribute gives.</summary>
internal sealed record AbiMember(PropertyInfo Property, ParameterAttribute Attribute, AbiShape Shape)
{
    private static readonly ConcurrentDictionary<Type, AbiMember[]> Known = new();

    public bool Indexed => Attribute.Parameter.Indexed;

    public static AbiMember[] Of(Type type) => Known.GetOrAdd(type, static type =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Select(property => (property, attribute: property.GetCustomAttribute<ParameterAttribute>(inherit: true)))
            .Where(found => found.attribute is not null)
            .OrderBy(found => found.attribute.Order)
            .Select(found => new AbiMember(found.property, found.attribute, AbiShape.Of(found.attribute.Type, found.property.PropertyType))),
    ]);
}

internal sealed class AbiTuple(AbiMember[] members) : AbiShape
{
    public override string Canonical => Signature(members);

    public override bool IsDynamic => Array.Exists(members, member => member.Shape.IsDynamic);

    public override int HeadSize => IsDynamic ? Word : members.Sum(member => member.Shape.HeadSize);

    public static string Signature(AbiMember[] members) => "(" + string.Join(',', members.Select(member => member.Shape.Canonical)) + ")";

    public override byte[] Encode(object value) => EncodeObject(members, value);

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target) =>
        DecodeInto(members, data[Math.Min(at, data.Length)..], Activator.CreateInstance(target));

    public static byte[] EncodeObject(AbiMember[] members, object holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return EncodeAll([.. members.Select(member => member.Shape)], [.. members.Select(member => member.Property.GetValue(holder))]);
    }

    /// <summary>Heads first, then the tails that the heads of dynamic values point to, counted from the first head.</summary>
    public static byte[] EncodeAll(AbiShape[] shapes, object[] values)
    {
        using var heads = new MemoryStream();
        using var tails = new MemoryStream();
        var tailsAt = shapes.Sum(shape => shape.HeadSize);
        for (var index = 0; index < shapes.Length; index++)
        {
            var encoded = EncodeOne(index, shapes[index], values[index]);
            if (shapes[index].IsDynamic)
            {
                heads.Write(AbiNumber.Word256(tailsAt + tails.Length));
                tails.Write(encoded);
            }
            else
            {
                heads.Write(encoded);
            }
        }

        tails.WriteTo(heads);
        return heads.ToArray();
    }

    private static byte[] EncodeOne(int index, AbiShape shape, object value)
    {
        try
        {
            return shape.Encode(value);
        }
        catch (ArgumentException wrong)
        {
            throw new FunctionEncoding.AbiEncodingException(index + 1, $"An error occurred encoding abi value. Order: '{index + 1}', Type: '{shape.Canonical}', Value: '{value ?? "null"}'.", wrong);
        }
    }

    public static T DecodeInto<T>(IEnumerable<AbiMember> members, ReadOnlySpan<byte> data, T holder)
    {
        var head = 0;
        foreach (var member in members)
        {
            var at = member.Shape.IsDynamic ? Small(data, head) : head;
            member.Property.SetValue(holder, member.Shape.Decode(data, at, member.Property.PropertyType));
            head += member.Shape.HeadSize;
        }

        return holder;
    }
}

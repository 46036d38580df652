using System.Collections;
using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Nethereum.ABI.EIP712;

public interface IDomain;

[Struct("EIP712Domain")]
public class Domain : IDomain
{
    [Parameter("string", "name", 1)]
    public virtual string Name { get; set; }

    [Parameter("string", "version", 2)]
    public virtual string Version { get; set; }

    [Parameter("uint256", "chainId", 3)]
    public virtual BigInteger? ChainId { get; set; }

    [Parameter("address", "verifyingContract", 4)]
    public virtual string VerifyingContract { get; set; }
}

public class MemberDescription
{
    public string Name { get; set; }

    public string Type { get; set; }
}

public class MemberValue
{
    public string TypeName { get; set; }

    public object Value { get; set; }

    /// <summary>The members of an object by its [Parameter] properties; a tuple is named by its struct's name.</summary>
    internal static MemberValue[] Of<T>(T message) => Of(typeof(T), message);

    private static MemberValue[] Of(Type type, object message) =>
        [.. AbiMember.Of(type).Select(member => OfMember(member, member.Property.GetValue(message)))];

    private static MemberValue OfMember(AbiMember member, object value) => member.Attribute.Type switch
    {
        "tuple" => new MemberValue { TypeName = member.Attribute.StructTypeName, Value = Of(value.GetType(), value) },
        "tuple[]" => new MemberValue { TypeName = member.Attribute.StructTypeName, Value = ((IEnumerable)value).Cast<object>().Select(item => Of(item.GetType(), item)).ToList() },
        var type => new MemberValue { TypeName = type, Value = value },
    };
}

public class TypedDataRaw
{
    public IDictionary<string, MemberDescription[]> Types { get; set; }

    public string PrimaryType { get; set; }

    public MemberValue[] Message { get; set; }

    public MemberValue[] DomainRawValues { get; set; }
}

public class TypedData<TDomain> : TypedDataRaw
{
    public TDomain Domain { get; set; }

    public void InitDomainRawValues() => DomainRawValues = MemberValue.Of(Domain);

    public void SetMessage<T>(T message) => Message = MemberValue.Of(message);

    public void EnsureDomainRawValuesAreInitialised()
    {
        if (DomainRawValues is null) InitDomainRawValues();
    }
}

public class MemberDescriptionFactory
{
    public static Dictionary<string, MemberDescription[]> GetTypesMemberDescription(params Type[] types) =>
        types.ToDictionary(
            type => StructAttribute.GetAttribute(type)?.Name ?? type.Name,
            type => AbiMember.Of(type).Select(Describe).ToArray(),
            StringComparer.Ordinal);

    private static MemberDescription Describe(AbiMember member) => new()
    {
        Name = member.Attribute.Name,
        Type = member.Attribute.Type.StartsWith("tuple", StringComparison.Ordinal) ? member.Attribute.StructTypeName : member.Attribute.Type,
    };
}

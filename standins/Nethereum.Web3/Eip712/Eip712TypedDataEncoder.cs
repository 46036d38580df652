using System.Collections;
using System.Numerics;
using System.Text;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Nethereum.ABI.EIP712;

/// <summary>EIP-712: "Definition of hashStruct" and what follows it.</summary>
public class Eip712TypedDataEncoder
{
    public static Eip712TypedDataEncoder Current { get; } = new();

    public byte[] EncodeTypedData<T, TDomain>(T message, TypedData<TDomain> typedData)
    {
        typedData.SetMessage(message);
        return EncodeTypedData(typedData);
    }

    /// <summary>0x1901, the domain's hash and the message's.</summary>
    public byte[] EncodeTypedData<TDomain>(TypedData<TDomain> typedData)
    {
        typedData.EnsureDomainRawValuesAreInitialised();
        return
        [
            0x19, 0x01,
            .. HashStruct(typedData.Types, "EIP712Domain", typedData.DomainRawValues),
            .. HashStruct(typedData.Types, typedData.PrimaryType, typedData.Message),
        ];
    }

    public byte[] EncodeAndHashTypedData<T, TDomain>(T message, TypedData<TDomain> typedData) => Hash(EncodeTypedData(message, typedData));

    public byte[] EncodeAndHashTypedData<TDomain>(TypedData<TDomain> typedData) => Hash(EncodeTypedData(typedData));

    public byte[] HashStruct<T>(T message, string primaryType, params Type[] types) =>
        HashStruct(MemberDescriptionFactory.GetTypesMemberDescription(types), primaryType, MemberValue.Of(message));

    public string GetEncodedType(string primaryType, params Type[] types) => EncodeType(MemberDescriptionFactory.GetTypesMemberDescription(types), primaryType);

    private static byte[] Hash(byte[] bytes) => Sha3Keccack.Current.CalculateHash(bytes);

    private static byte[] HashStruct(IDictionary<string, MemberDescription[]> types, string name, IEnumerable<MemberValue> members) =>
        Hash([.. Hash(Encoding.UTF8.GetBytes(EncodeType(types, name))), .. members.SelectMany(member => EncodeMember(types, member))]);

    /// <summary>The struct's own type first, then those it refers to, in alphabetical order.</summary>
    private static string EncodeType(IDictionary<string, MemberDescription[]> types, string name)
    {
        var referred = new SortedSet<string>(StringComparer.Ordinal);
        Refer(types, name, referred);
        referred.Remove(name);
        return string.Concat(referred.Prepend(name).Select(type => $"{type}({string.Join(',', types[type].Select(member => $"{member.Type} {member.Name}"))})"));
    }

    private static void Refer(IDictionary<string, MemberDescription[]> types, string name, SortedSet<string> referred)
    {
        if (!types.TryGetValue(name, out var members) || !referred.Add(name)) return;
        foreach (var member in members) Refer(types, member.Type.Split('[')[0], referred);
    }

    private static byte[] EncodeMember(IDictionary<string, MemberDescription[]> types, MemberValue member)
    {
        var (type, value) = (member.TypeName, member.Value);
        if (type.EndsWith(']'))
        {
            var element = type[..type.LastIndexOf('[')];
            return Hash([.. ((IEnumerable)value).Cast<object>().SelectMany(item => EncodeMember(types, new MemberValue { TypeName = element, Value = item }))]);
        }

        return (type, value) switch
        {
            ("string", string text) => Hash(Encoding.UTF8.GetBytes(text)),
            ("bytes", byte[] bytes) => Hash(bytes),
            ("bytes", string hex) => Hash(hex.HexToByteArray()),
            (_, IEnumerable<MemberValue> members) => HashStruct(types, type, members),
            (_, string number) when type.Contains("int", StringComparison.Ordinal) => AbiShape.Of(type, typeof(BigInteger)).Encode(BigInteger.Parse(number)),
            _ => AbiShape.Of(type, typeof(object)).Encode(value),
        };
    }
}

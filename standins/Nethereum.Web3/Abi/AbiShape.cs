using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Text;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Nethereum.ABI;

/// <summary>How one Solidity type is laid out (Solidity ABI specification, "Formal Specification of the Encoding").</summary>
internal abstract class AbiShape
{
    public const int Word = 32;

    /// <summary>The type's name in a signature.</summary>
    public abstract string Canonical { get; }

    public virtual bool IsDynamic => false;

    /// <summary>Bytes that a value takes in the head of what holds it.</summary>
    public virtual int HeadSize => Word;

    public abstract byte[] Encode(object value);

    /// <summary>Reads the value whose encoding starts at <paramref name="at"/> of <paramref name="data"/>.</summary>
    public abstract object Decode(ReadOnlySpan<byte> data, int at, Type target);

    /// <summary>The shape of a type's text; a tuple's members come from the .NET type that holds it.</summary>
    public static AbiShape Of(string type, Type holder)
    {
        if (type.EndsWith(']'))
        {
            var open = type.LastIndexOf('[');
            var length = type[(open + 1)..^1];
            return new AbiArray(Of(type[..open], AbiArray.ElementOf(holder)), length.Length == 0 ? null : int.Parse(length));
        }

        return type switch
        {
            "tuple" => new AbiTuple(AbiMember.Of(holder)),
            "address" => new AbiAddress(),
            "bool" => new AbiBool(),
            "string" => new AbiBytes(isText: true),
            "bytes" => new AbiBytes(isText: false),
            "uint" => new AbiNumber(256, signed: false),
            "int" => new AbiNumber(256, signed: true),
            _ when type.StartsWith("uint", StringComparison.Ordinal) => new AbiNumber(int.Parse(type[4..]), signed: false),
            _ when type.StartsWith("int", StringComparison.Ordinal) => new AbiNumber(int.Parse(type[3..]), signed: true),
            _ when type.StartsWith("bytes", StringComparison.Ordinal) => new AbiFixedBytes(int.Parse(type[5..])),
            _ => throw new ArgumentException("Unknown type: " + type, nameof(type)),
        };
    }

    protected static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> data, int at, int length) =>
        at >= 0 && length >= 0 && length <= data.Length - at
            ? data.Slice(at, length)
            : throw new ArgumentException($"The encoding ends before byte {at + (long)length}; it has {data.Length}.", nameof(data));

    /// <summary>A length or an offset: it can't be more than what is there.</summary>
    protected static int Small(ReadOnlySpan<byte> data, int at)
    {
        var word = Slice(data, at, Word);
        return word[..28].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadUInt32BigEndian(word[28..]) is var small && small <= data.Length
            ? (int)small
            : throw new ArgumentException($"A length or offset at byte {at} points beyond the encoding.", nameof(data));
    }
}

internal sealed class AbiNumber(int bits, bool signed) : AbiShape
{
    public override string Canonical => (signed ? "int" : "uint") + bits;

    public override byte[] Encode(object value)
    {
        var number = value switch
        {
            BigInteger big => big,
            byte or sbyte or short or ushort or int or uint or long or ulong => BigInteger.Parse(value.ToString()),
            Enum name => (int)(object)name,
            _ => throw new ArgumentException($"Invalid value for type '{Canonical}'. Value: {value ?? "null"}, ValueType: ({value?.GetType()})", nameof(value)),
        };
        var (least, most) = signed ? (-BigInteger.Pow(2, bits - 1), BigInteger.Pow(2, bits - 1) - 1) : (BigInteger.Zero, BigInteger.Pow(2, bits) - 1);
        if (number < least || number > most) throw new ArgumentOutOfRangeException(nameof(value), $"{number} is not within {Canonical}.");
        return Word256(number);
    }

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target)
    {
        var number = new BigInteger(Slice(data, at, Word), isUnsigned: !signed, isBigEndian: true);
        if (target == typeof(BigInteger) || target == typeof(object)) return number;
        if (target.IsEnum) return Enum.ToObject(target, (int)number);
        return Type.GetTypeCode(target) switch
        {
            TypeCode.Byte => (byte)number,
            TypeCode.SByte => (sbyte)number,
            TypeCode.Int16 => (short)number,
            TypeCode.UInt16 => (ushort)number,
            TypeCode.Int32 => (int)number,
            TypeCode.UInt32 => (uint)number,
            TypeCode.Int64 => (long)number,
            TypeCode.UInt64 => (ulong)number,
            _ => throw new NotSupportedException(target + " is not a supported decoding type for IntType"),
        };
    }

    /// <summary>Two's complement in 32 bytes, big-endian.</summary>
    public static byte[] Word256(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: number.Sign >= 0, isBigEndian: true);
        var word = new byte[Word];
        if (number.Sign < 0) word.AsSpan().Fill(0xFF);
        bytes.CopyTo(word.AsSpan(Word - bytes.Length));
        return word;
    }
}

internal sealed class AbiAddress : AbiShape
{
    public override string Canonical => "address";

    public override byte[] Encode(object value)
    {
        if (value is not string text) throw new ArgumentException($"Invalid value for type 'address'. Value: {value ?? "null"}", nameof(value));
        var bytes = text.HexToByteArray();
        if (bytes.Length > 20) throw new ArgumentException("Invalid address (should be 20 bytes length): " + text, nameof(value));
        var word = new byte[Word];
        bytes.CopyTo(word.AsSpan(Word - bytes.Length));
        return word;
    }

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target)
    {
        if (target != typeof(string) && target != typeof(object)) throw new NotSupportedException(target + " is not supported");
        return AddressUtil.Current.ConvertToChecksumAddress(Slice(data, at, Word)[12..].ToArray().ToHex());
    }
}

internal sealed class AbiBool : AbiShape
{
    public override string Canonical => "bool";

    public override byte[] Encode(object value) =>
        value is bool yes ? AbiNumber.Word256(yes ? 1 : 0) : throw new ArgumentException("Wrong value for bool type: " + value, nameof(value));

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target)
    {
        if (target != typeof(bool) && target != typeof(object)) throw new NotSupportedException(target + " is not supported");
        return Slice(data, at, Word)[28..].IndexOfAnyExcept((byte)0) >= 0;
    }
}

internal sealed class AbiFixedBytes(int size) : AbiShape
{
    public override string Canonical => "bytes" + size;

    public override byte[] Encode(object value)
    {
        if (value is not byte[] bytes) throw new ArgumentException("byte[] value expected for type 'bytes'", nameof(value));
        if (bytes.Length != size) throw new ArgumentException("byte[] size expected to be " + size, nameof(value));
        var word = new byte[Word];
        bytes.CopyTo(word, 0);
        return word;
    }

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target)
    {
        if (target != typeof(byte[])) throw new NotSupportedException(target + " is not supported");
        return Slice(data, at, Word)[..size].ToArray();
    }
}

internal sealed class AbiBytes(bool isText) : AbiShape
{
    public override string Canonical => isText ? "string" : "bytes";

    public override bool IsDynamic => true;

    public override byte[] Encode(object value)
    {
        var bytes = value switch
        {
            string text when isText => Encoding.UTF8.GetBytes(text),
            byte[] raw when !isText => raw,
            _ => throw new ArgumentException(isText ? "String value expected for type 'string'" : "byte[] value expected for type 'bytes'", nameof(value)),
        };
        var encoded = new byte[Word + ((bytes.Length + Word - 1) / Word * Word)];
        AbiNumber.Word256(bytes.Length).CopyTo(encoded, 0);
        bytes.CopyTo(encoded, Word);
        return encoded;
    }

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target)
    {
        var content = Slice(data, at + Word, Small(data, at));
        return isText ? Encoding.UTF8.GetString(content) : content.ToArray();
    }
}

internal sealed class AbiArray(AbiShape element, int? length) : AbiShape
{
    public override string Canonical => $"{element.Canonical}[{length}]";

    public override bool IsDynamic => length is null || element.IsDynamic;

    public override int HeadSize => IsDynamic ? Word : element.HeadSize * length.Value;

    public override byte[] Encode(object value)
    {
        if (value is not IEnumerable items || value is string) throw new ArgumentException("Array value expected for type", nameof(value));
        var values = items.Cast<object>().ToArray();
        if (length is { } fixedLength && values.Length != fixedLength) throw new ArgumentException($"List size ({values.Length}) != {fixedLength}", nameof(value));
        var body = AbiTuple.EncodeAll([.. values.Select(_ => element)], values);
        return length is null ? [.. AbiNumber.Word256(values.Length), .. body] : body;
    }

    public override object Decode(ReadOnlySpan<byte> data, int at, Type target)
    {
        var count = length ?? Small(data, at);
        var body = length is null ? data[(at + Word)..] : data[at..];
        var holder = ElementOf(target);
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(holder));
        for (var item = 0; item < count; item++)
        {
            var head = item * element.HeadSize;
            list.Add(element.Decode(body, element.IsDynamic ? Small(body, head) : head, holder));
        }

        if (!target.IsArray) return list;
        var array = Array.CreateInstance(holder, count);
        list.CopyTo(array, 0);
        return array;
    }

    public static Type ElementOf(Type holder) =>
        holder.IsArray ? holder.GetElementType()
        : holder.IsGenericType && typeof(IEnumerable).IsAssignableFrom(holder) ? holder.GetGenericArguments()[0]
        : throw new NotSupportedException("Only types that implement IList<T> are supported for encoding");
}

using Nethereum.Hex.HexConvertors;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Nethereum.Hex.HexConvertors
{
    public interface IHexConvertor<T>
    {
        string ConvertToHex(T value);

        T ConvertFromHex(string value);
    }
}

namespace Nethereum.Hex.HexTypes
{
    /// <summary>A value as JSON-RPC writes it. The hex text is read when the value is first asked for, as in the package: bad text throws late.</summary>
    public class HexRPCType<T> : IEquatable<HexRPCType<T>>
    {
        private readonly IHexConvertor<T> convertor;
        private readonly Lock reading = new();
        private string hexValue;
        private T value;
        private bool unread;

        public HexRPCType(IHexConvertor<T> convertor, string hexValue)
        {
            this.convertor = convertor;
            HexValue = hexValue;
        }

        public HexRPCType(T value, IHexConvertor<T> convertor)
        {
            this.convertor = convertor;
            Value = value;
        }

        public string HexValue
        {
            get => hexValue;
            set
            {
                lock (reading)
                {
                    hexValue = value.EnsureHexPrefix();
                    unread = true;
                }
            }
        }

        public T Value
        {
            get
            {
                lock (reading)
                {
                    if (unread)
                    {
                        value = convertor.ConvertFromHex(hexValue);
                        unread = false;
                    }

                    return value;
                }
            }
            set
            {
                lock (reading)
                {
                    hexValue = convertor.ConvertToHex(value).EnsureHexPrefix();
                    this.value = value;
                    unread = false;
                }
            }
        }

        public static implicit operator T(HexRPCType<T> hexRpcType) => hexRpcType.Value;

        public static bool operator ==(HexRPCType<T> lhs, HexRPCType<T> rhs) => lhs is null ? rhs is null : lhs.Equals(rhs);

        public static bool operator !=(HexRPCType<T> lhs, HexRPCType<T> rhs) => !(lhs == rhs);

        public override int GetHashCode() => Value.GetHashCode();

        public override bool Equals(object obj) => obj is HexRPCType<T> other && other.Value.Equals(Value);

        public bool Equals(HexRPCType<T> other) => Equals((object)other);
    }
}

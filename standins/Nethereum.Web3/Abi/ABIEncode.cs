using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Nethereum.ABI
{
    public class ABIValue(string abiType, object value)
    {
        public object Value { get; set; } = value;

        internal AbiShape Shape { get; } = AbiShape.Of(abiType, value?.GetType() ?? typeof(object));
    }

    public class ABIEncode
    {
        /// <summary>abi.encode(values…).</summary>
        public byte[] GetABIEncoded(params ABIValue[] abiValues) =>
            AbiTuple.EncodeAll([.. abiValues.Select(value => value.Shape)], [.. abiValues.Select(value => value.Value)]);

        /// <summary>abi.encode(members…) of an object's [Parameter] properties.</summary>
        public byte[] GetABIParamsEncoded<T>(T input) => AbiTuple.EncodeObject(AbiMember.Of(typeof(T)), input);

        public byte[] GetSha3ABIEncoded(params ABIValue[] abiValues) => Sha3Keccack.Current.CalculateHash(GetABIEncoded(abiValues));
    }
}

namespace Nethereum.ABI.FunctionEncoding
{
    /// <summary>A value doesn't fit its parameter.</summary>
    public class AbiEncodingException : Exception
    {
        internal AbiEncodingException(int order, string message, Exception innerException) : base(message, innerException) => Order = order;

        public int Order { get; }
    }

    /// <summary>Thrown for a revert with a message, <c>Error(string)</c>.</summary>
    public class SmartContractRevertException : Exception
    {
        public SmartContractRevertException(string message, string encodedData, Exception innerException = null)
            : base("Smart contract error: " + message, innerException)
        {
            RevertMessage = message;
            EncodedData = encodedData;
        }

        public string RevertMessage { get; set; }

        public string EncodedData { get; set; }

        private const string ErrorSelector = "0x08c379a0";

        internal static void ThrowIfErrorOnOutput(string output)
        {
            if (output is null || !output.StartsWith(ErrorSelector, StringComparison.Ordinal)) return;
            var error = AbiTuple.DecodeInto(AbiMember.Of(typeof(ErrorMessage)), output[10..].HexToByteArray(), new ErrorMessage());
            throw new SmartContractRevertException(error.Message, output);
        }

        private sealed class ErrorMessage
        {
            [Attributes.Parameter("string")]
            public string Message { get; set; }
        }
    }
}

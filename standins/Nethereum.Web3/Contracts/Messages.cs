using System.Collections.Concurrent;
using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;
using Nethereum.Contracts.CQS;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;

namespace Nethereum.Contracts.CQS
{
    public abstract class ContractMessageBase
    {
        public virtual BigInteger AmountToSend { get; set; }

        public virtual BigInteger? Gas { get; set; }

        public virtual BigInteger? GasPrice { get; set; }

        public virtual string FromAddress { get; set; }

        public virtual BigInteger? Nonce { get; set; }

        public virtual BigInteger? MaxFeePerGas { get; set; }

        public virtual BigInteger? MaxPriorityFeePerGas { get; set; }

        public virtual byte? TransactionType { get; set; }

        internal TransactionInput ToInput(string data, string to, string from) => new(data, to)
        {
            From = FromAddress ??= from,
            Value = new HexBigInteger(AmountToSend),
            Gas = Hex(Gas),
            GasPrice = Hex(GasPrice),
            Nonce = Hex(Nonce),
            MaxFeePerGas = Hex(MaxFeePerGas),
            MaxPriorityFeePerGas = Hex(MaxPriorityFeePerGas),
            Type = Hex(TransactionType),
        };

        private static HexBigInteger Hex(BigInteger? number) => number is { } given ? new HexBigInteger(given) : null;
    }
}

namespace Nethereum.Contracts
{
    public class FunctionMessage : ContractMessageBase;

    public class ContractDeploymentMessage(string byteCode) : ContractMessageBase
    {
        public string ByteCode { get; set; } = byteCode;
    }

    /// <summary>The ABI of message types, read from their attributes once.</summary>
    public static class ABITypedRegistry
    {
        private static readonly ConcurrentDictionary<Type, FunctionABI> Functions = new();
        private static readonly ConcurrentDictionary<Type, EventABI> Events = new();
        private static readonly ConcurrentDictionary<Type, ErrorABI> Errors = new();

        public static FunctionABI GetFunctionABI<TFunctionMessage>() => GetFunctionABI(typeof(TFunctionMessage));

        public static FunctionABI GetFunctionABI(Type functionABIType) => Functions.GetOrAdd(functionABIType, static type =>
            new FunctionABI(FunctionAttribute.GetAttribute(type)?.Name ?? throw Without(type, "Function"), type));

        public static EventABI GetEvent<TEvent>() => GetEvent(typeof(TEvent));

        public static EventABI GetEvent(Type type) => Events.GetOrAdd(type, static type =>
            EventAttribute.GetAttribute(type) is { } found ? new EventABI(found.Name, found.IsAnonymous, type) : throw Without(type, "Event"));

        public static ErrorABI GetError<TError>() => GetError(typeof(TError));

        public static ErrorABI GetError(Type type) => Errors.GetOrAdd(type, static type =>
            new ErrorABI(ErrorAttribute.GetAttribute(type)?.Name ?? throw Without(type, "Error"), type));

        private static ArgumentException Without(Type type, string attribute) => new($"{type} has no [{attribute}].", nameof(type));
    }
}

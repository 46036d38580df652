using Nethereum.ABI;
using Nethereum.ABI.Model;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.RPC.Eth.DTOs;

namespace Nethereum.Contracts;

public static class FunctionMessageExtensions
{
    public static CallInput CreateCallInput<TContractMessage>(this TContractMessage contractMessage, string contractAddress)
        where TContractMessage : FunctionMessage => contractMessage.ToCall(contractAddress, from: null);

    public static TransactionInput CreateTransactionInput<TContractMessage>(this TContractMessage contractMessage, string contractAddress)
        where TContractMessage : FunctionMessage => contractMessage.ToTransaction(contractAddress, from: null);

    public static byte[] GetCallData<TContractMessage>(this TContractMessage contractMessage)
        where TContractMessage : FunctionMessage => Data<TContractMessage>(contractMessage).HexToByteArray();

    /// <summary>Fills the message from a call's data; data of another function leaves what was read undefined, so ask first.</summary>
    public static TContractMessage DecodeInput<TContractMessage>(this TContractMessage contractMessage, string data)
        where TContractMessage : FunctionMessage
    {
        var function = ABITypedRegistry.GetFunctionABI<TContractMessage>();
        var digits = data.RemoveHexPrefix();
        if (digits.Length == 0 || digits == function.Sha3Signature) return contractMessage;
        if (digits.StartsWith(function.Sha3Signature, StringComparison.Ordinal)) digits = digits[function.Sha3Signature.Length..];
        return AbiTuple.DecodeInto(function.Members, digits.HexToByteArray(), contractMessage);
    }

    public static bool IsTransactionForFunctionMessage<TContractMessage>(this Transaction transaction)
        where TContractMessage : FunctionMessage, new() =>
        transaction.Input.IsForSelector(ABITypedRegistry.GetFunctionABI<TContractMessage>().Sha3Signature);

    public static TContractMessage DecodeTransactionToFunctionMessage<TContractMessage>(this Transaction transaction)
        where TContractMessage : FunctionMessage, new()
    {
        if (!transaction.IsTransactionForFunctionMessage<TContractMessage>())
            throw new ArgumentException("The transaction given is not for the current function", nameof(transaction));
        var message = new TContractMessage().DecodeInput(transaction.Input);
        message.FromAddress = transaction.From;
        message.AmountToSend = transaction.Value?.Value ?? 0;
        message.Nonce = transaction.Nonce?.Value;
        message.Gas = transaction.Gas?.Value;
        message.GasPrice = transaction.GasPrice?.Value;
        message.MaxFeePerGas = transaction.MaxFeePerGas?.Value;
        message.MaxPriorityFeePerGas = transaction.MaxPriorityFeePerGas?.Value;
        message.TransactionType = transaction.Type is { } type ? (byte)type.Value : null;
        return message;
    }

    internal static TransactionInput ToTransaction<TContractMessage>(this TContractMessage message, string contractAddress, string from)
        where TContractMessage : FunctionMessage => message.ToInput(Data<TContractMessage>(message), contractAddress, from);

    internal static CallInput ToCall<TContractMessage>(this TContractMessage message, string contractAddress, string from)
        where TContractMessage : FunctionMessage
    {
        var input = message.ToTransaction(contractAddress, from);
        return new CallInput(input.Data, input.To) { From = input.From, Gas = input.Gas, Value = input.Value };
    }

    internal static bool IsForSelector(this string data, string selector) =>
        data.RemoveHexPrefix()?.StartsWith(selector, StringComparison.OrdinalIgnoreCase) ?? false;

    private static string Data<TContractMessage>(TContractMessage message)
    {
        var function = ABITypedRegistry.GetFunctionABI<TContractMessage>();
        return "0x" + function.Sha3Signature + AbiTuple.EncodeObject(function.Members, message).ToHex();
    }
}

public static class DeploymentMessageExtensions
{
    public static TransactionInput CreateTransactionInput<TContractMessage>(this TContractMessage contractMessage)
        where TContractMessage : ContractDeploymentMessage, new() => contractMessage.ToTransaction(from: null);

    internal static TransactionInput ToTransaction<TContractMessage>(this TContractMessage message, string from)
        where TContractMessage : ContractDeploymentMessage =>
        message.ToInput(message.ByteCode + AbiTuple.EncodeObject(AbiMember.Of(typeof(TContractMessage)), message).ToHex(), to: null, from);
}

public static class FunctionOuputDTOExtensions
{
    /// <summary>Fills the object from a call's output.</summary>
    public static TFunctionOutputDTO DecodeOutput<TFunctionOutputDTO>(this TFunctionOutputDTO functionOuputDTO, string output)
        where TFunctionOutputDTO : ABI.FunctionEncoding.Attributes.IFunctionOutputDTO
    {
        if (output == "0x") return functionOuputDTO;
        ABI.FunctionEncoding.SmartContractRevertException.ThrowIfErrorOnOutput(output);
        return AbiTuple.DecodeInto(AbiMember.Of(typeof(TFunctionOutputDTO)), output.HexToByteArray(), functionOuputDTO);
    }
}

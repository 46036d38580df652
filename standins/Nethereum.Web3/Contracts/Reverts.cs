using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.JsonRpc.Client;

namespace Nethereum.Contracts;

/// <summary>A call or an estimate reverted with anything but <c>Error(string)</c>: a custom error, a panic, or nothing at all.</summary>
public class SmartContractCustomErrorRevertException(string encodedData) : Exception("Smart contract error")
{
    public string ExceptionEncodedData { get; set; } = encodedData;

    public bool IsCustomErrorFor<TError>() => IsCustomErrorFor(typeof(TError));

    public bool IsCustomErrorFor(Type errorType) => ExceptionEncodedData.IsForSelector(ABITypedRegistry.GetError(errorType).Sha3Signature);

    /// <summary>Null if it is another error.</summary>
    public TError DecodeError<TError>()
        where TError : class, new()
    {
        if (!IsCustomErrorFor<TError>()) return null;
        var arguments = ExceptionEncodedData.RemoveHexPrefix()[8..].HexToByteArray();
        return AbiTuple.DecodeInto(ABITypedRegistry.GetError<TError>().Members, arguments, new TError());
    }
}

public class ContractRevertExceptionHandler
{
    /// <summary>Throws what the node's error says about the revert; returns if it says nothing.</summary>
    public static void HandleContractRevertException(RpcResponseException rpcException)
    {
        var data = rpcException.RpcError.GetDataAsString();
        if (!data.IsHex()) return;
        SmartContractRevertException.ThrowIfErrorOnOutput(data);
        throw new SmartContractCustomErrorRevertException(data);
    }
}

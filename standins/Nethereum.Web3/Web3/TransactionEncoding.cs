using System.Numerics;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using Nethereum.Util;

namespace Nethereum.Web3.Accounts;

/// <summary>Signed transactions in RLP: EIP-1559's, and legacy ones with EIP-155's chain id.</summary>
internal static class TransactionEncoding
{
    public const byte Type1559 = 2;

    public static byte[] Sign(EthECKey key, TransactionInput transaction, BigInteger chainId) =>
        transaction.Type?.Value == Type1559 ? Sign1559(key, transaction, chainId) : SignLegacy(key, transaction, chainId);

    private static byte[] Sign1559(EthECKey key, TransactionInput transaction, BigInteger chainId)
    {
        byte[][] fields =
        [
            Number(chainId), Number(transaction.Nonce.Value), Number(transaction.MaxPriorityFeePerGas.Value), Number(transaction.MaxFeePerGas.Value),
            Number(transaction.Gas.Value), Bytes(transaction.To.HexToByteArray()), Number(transaction.Value?.Value ?? 0), Bytes(transaction.Data.HexToByteArray()), List([]),
        ];
        var signature = key.SignAndCalculateYParityV(Sha3Keccack.Current.CalculateHash([Type1559, .. List(fields)]));
        return [Type1559, .. List([.. fields, Number(signature.V[0]), Bytes(signature.R), Bytes(signature.S)])];
    }

    private static byte[] SignLegacy(EthECKey key, TransactionInput transaction, BigInteger chainId)
    {
        byte[][] fields =
        [
            Number(transaction.Nonce.Value), Number(transaction.GasPrice.Value), Number(transaction.Gas.Value),
            Bytes(transaction.To.HexToByteArray()), Number(transaction.Value?.Value ?? 0), Bytes(transaction.Data.HexToByteArray()),
        ];
        var signature = key.SignAndCalculateYParityV(Sha3Keccack.Current.CalculateHash(List([.. fields, Number(chainId), Number(0), Number(0)])));
        return List([.. fields, Number((chainId * 2) + 35 + signature.V[0]), Bytes(signature.R), Bytes(signature.S)]);
    }

    /// <summary>Big-endian without leading zeros; zero is no bytes.</summary>
    private static byte[] Number(BigInteger number) => Bytes(number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static byte[] Bytes(byte[] bytes) => RLP.RLP.EncodeElement(bytes);

    private static byte[] List(byte[][] items) => RLP.RLP.EncodeList(items);
}

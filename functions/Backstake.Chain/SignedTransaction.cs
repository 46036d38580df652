using System.Numerics;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Util;
using Nethereum.Web3.Accounts;

namespace Backstake.Chain;

/// <summary>What a sender chooses of a transaction.</summary>
/// <param name="Nonce">The sender's count of transactions before it.</param>
/// <param name="Gas">The most gas it may use.</param>
/// <param name="MaxFeePerGas">Wei, the base fee and the tip together.</param>
/// <param name="MaxPriorityFeePerGas">Wei, the tip.</param>
public sealed record TransactionChoices(BigInteger Nonce, BigInteger Gas, BigInteger MaxFeePerGas, BigInteger MaxPriorityFeePerGas);

/// <summary>
/// A call signed but not sent: the outbox keeps these bytes before they go out, so that sending them twice is one transaction.
/// </summary>
/// <param name="Raw">0x and the signed bytes (EIP-1559), as <c>eth_sendRawTransaction</c> takes them.</param>
/// <param name="Hash">0x and 64 hex digits: the transaction's hash, known before it is sent.</param>
public sealed record SignedTransaction(string Raw, string Hash)
{
    /// <summary>Signs a call of <paramref name="contract"/>. No request is made. The same arguments give the same bytes (RFC 6979).</summary>
    public static SignedTransaction Of<TFunction>(Account account, BigInteger chainId, string contract, TFunction call, TransactionChoices choices)
        where TFunction : FunctionMessage
    {
        call.FromAddress = account.Address;
        call.TransactionType = 2;
        call.Nonce = choices.Nonce;
        call.Gas = choices.Gas;
        call.GasPrice = null;
        call.MaxFeePerGas = choices.MaxFeePerGas;
        call.MaxPriorityFeePerGas = choices.MaxPriorityFeePerGas;
        return Of(account, chainId, call.CreateTransactionInput(contract));
    }

    /// <summary>Signs a call that is known by its bytes: the same transaction with other choices.</summary>
    public static SignedTransaction Of(Account account, BigInteger chainId, string contract, byte[] data, TransactionChoices choices) =>
        Of(account, chainId, new TransactionInput(data.ToHex(prefix: true), contract)
        {
            From = account.Address,
            Type = new HexBigInteger(2),
            Nonce = new HexBigInteger(choices.Nonce),
            Gas = new HexBigInteger(choices.Gas),
            Value = new HexBigInteger(BigInteger.Zero),
            MaxFeePerGas = new HexBigInteger(choices.MaxFeePerGas),
            MaxPriorityFeePerGas = new HexBigInteger(choices.MaxPriorityFeePerGas),
        });

    private static SignedTransaction Of(Account account, BigInteger chainId, TransactionInput input)
    {
        var raw = new AccountOfflineTransactionSigner().SignTransaction(account, input, chainId);
        return new SignedTransaction(raw.EnsureHexPrefix(), Sha3Keccack.Current.CalculateHash(raw.HexToByteArray()).ToHex(prefix: true));
    }
}

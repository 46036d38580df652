using System.Numerics;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
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
        var raw = new AccountOfflineTransactionSigner().SignTransaction(account, call.CreateTransactionInput(contract), chainId);
        return new SignedTransaction(raw.EnsureHexPrefix(), Sha3Keccack.Current.CalculateHash(raw.HexToByteArray()).ToHex(prefix: true));
    }
}

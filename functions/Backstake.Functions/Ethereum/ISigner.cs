using Backstake.Chain;
using Nethereum.Web3.Accounts;

namespace Backstake.Functions.Ethereum;

/// <summary>A key of the app: in the process, or in a key vault that never gives it away.</summary>
public interface ISigner
{
    /// <summary>0x and 40 hex digits.</summary>
    string Address { get; }

    /// <summary>Signs a call. Nothing is sent to the node.</summary>
    /// <exception cref="SignerUnavailableException">The key can't be used now.</exception>
    ValueTask<SignedTransaction> Sign(RawTransaction transaction, CancellationToken stop);
}

/// <summary>A private key in the process's memory. The same call gives the same bytes (RFC 6979).</summary>
public sealed class KeyInProcess(string privateKey, long chainId) : ISigner
{
    readonly Account account = new(privateKey, chainId);

    public string Address => account.Address;

    public ValueTask<SignedTransaction> Sign(RawTransaction transaction, CancellationToken stop) => new(SignedTransaction.Of(
        account, transaction.ChainId, transaction.To, transaction.Data,
        new TransactionChoices(transaction.Nonce, transaction.Gas, transaction.MaxFee, transaction.Tip)));
}

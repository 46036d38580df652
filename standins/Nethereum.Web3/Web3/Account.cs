using System.Numerics;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC;
using Nethereum.RPC.Accounts;
using Nethereum.RPC.Eth;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Eth.Transactions;
using Nethereum.RPC.NonceServices;
using Nethereum.RPC.TransactionManagers;
using Nethereum.Signer;
using Nethereum.Util;

namespace Nethereum.Web3.Accounts;

public class Account : IAccount
{
    public Account(EthECKey key, BigInteger? chainId = null)
    {
        ChainId = chainId;
        PrivateKey = key.GetPrivateKey();
        PublicKey = key.GetPubKey().ToHex();
        Address = key.GetPublicAddress();
        TransactionManager = new AccountSignerTransactionManager(null, this, ChainId);
    }

    public Account(string privateKey, BigInteger? chainId = null) : this(new EthECKey(privateKey), chainId)
    {
    }

    public Account(byte[] privateKey, BigInteger? chainId = null) : this(new EthECKey(privateKey, isPrivate: true), chainId)
    {
    }

    public BigInteger? ChainId { get; }

    public string PrivateKey { get; private set; }

    public string PublicKey { get; private set; }

    public string Address { get; protected set; }

    public ITransactionManager TransactionManager { get; protected set; }

    public INonceService NonceService
    {
        get => field ??= new InMemoryNonceService(Address, TransactionManager.Client);
        set;
    }
}

/// <summary>Signs here and sends raw: what the message leaves open (chain, nonce, fees, gas) is filled in first.</summary>
internal sealed class AccountSignerTransactionManager : TransactionManagerBase
{
    private readonly AccountOfflineTransactionSigner signer = new();

    public AccountSignerTransactionManager(IClient rpcClient, Account account, BigInteger? overridingAccountChainId = null) : base(rpcClient)
    {
        Account = account ?? throw new ArgumentNullException(nameof(account));
        ChainId = overridingAccountChainId ?? account.ChainId;
    }

    public override BigInteger DefaultGas { get; set; } = 21000;

    public override async Task<string> SendTransactionAsync(TransactionInput transactionInput)
    {
        var signed = await SignTransactionAsync(transactionInput).ConfigureAwait(false);
        return await ((IEthSendRawTransaction)new EthRequests(Client)).SendRequestAsync(signed).ConfigureAwait(false);
    }

    public override async Task<string> SignTransactionAsync(TransactionInput transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (!transaction.From.IsTheSameAddress(Account.Address)) throw new ArgumentException("Invalid account used signing", nameof(transaction));
        ChainId ??= (await ((IEthChainId)new EthQuantity(Client, "eth_chainId")).SendRequestAsync().ConfigureAwait(false)).Value;
        transaction.Nonce ??= await NextNonce().ConfigureAwait(false);
        await SetFees(transaction).ConfigureAwait(false);
        return SignTransaction(transaction);
    }

    /// <summary>Signs offline; nonce and fees must be set. Hex without 0x.</summary>
    public string SignTransaction(TransactionInput transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        transaction.Gas ??= new HexBigInteger(DefaultGas);
        return signer.SignTransaction((Account)Account, transaction, ChainId);
    }

    private Task<HexBigInteger> NextNonce()
    {
        Account.NonceService.Client = Client;
        return Account.NonceService.GetNextNonceAsync();
    }

    private async Task SetFees(TransactionInput transaction)
    {
        if ((UseLegacyAsDefault || transaction.GasPrice is not null) && transaction.MaxPriorityFeePerGas is null && transaction.Type?.Value != TransactionEncoding.Type1559)
        {
            transaction.GasPrice ??= await ((IEthGasPrice)new EthQuantity(Client, "eth_gasPrice")).SendRequestAsync().ConfigureAwait(false);
            return;
        }

        transaction.Type ??= new HexBigInteger(TransactionEncoding.Type1559);
        if (transaction.MaxPriorityFeePerGas is not null && transaction.MaxFeePerGas is not null) return;
        var fee = await Fee1559SuggestionStrategy.SuggestFeeAsync(transaction.MaxPriorityFeePerGas?.Value).ConfigureAwait(false);
        transaction.MaxFeePerGas ??= new HexBigInteger(fee.MaxFeePerGas.Value);
        transaction.MaxPriorityFeePerGas ??= new HexBigInteger(BigInteger.Min(transaction.MaxFeePerGas.Value, fee.MaxPriorityFeePerGas.Value));
    }
}

public class AccountOfflineTransactionSigner
{
    /// <summary>The signed transaction in hex without 0x: EIP-1559 if its type is 2, otherwise legacy (EIP-155).</summary>
    public string SignTransaction(Account account, TransactionInput transaction, BigInteger? overridingAccountChainId = null)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (string.IsNullOrWhiteSpace(transaction.From)) transaction.From = account.Address;
        else if (!transaction.From.IsTheSameAddress(account.Address))
            throw new ArgumentException("Invalid account used for signing, does not match the transaction input", nameof(transaction));
        if (transaction.Nonce is null) throw new ArgumentNullException(nameof(transaction), "Transaction nonce has not been set");
        var chainId = overridingAccountChainId ?? account.ChainId ?? throw new ArgumentException("ChainId required", nameof(overridingAccountChainId));
        return TransactionEncoding.Sign(new EthECKey(account.PrivateKey), transaction, chainId).ToHex();
    }
}

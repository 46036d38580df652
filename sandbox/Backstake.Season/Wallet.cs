using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace Backstake.Season;

/// <summary>Somebody's own key and connection: what an owner or a backer has, and nobody else.</summary>
public sealed class Wallet
{
    static readonly TimeSpan ReceiptPause = TimeSpan.FromMilliseconds(4);
    static readonly TimeSpan ReceiptLimit = TimeSpan.FromSeconds(60);

    readonly Web3 web3;

    public string Name { get; }
    public Account Account { get; }
    public string Address => Account.Address;

    /// <param name="web3For">Connects to the node with an account.</param>
    public Wallet(string name, int seed, long chainId, Func<Account, Web3> web3For)
    {
        Name = name;
        Account = new Account(KeyOf(name, seed), chainId);
        web3 = web3For(Account);
    }

    /// <summary>A key for one sandbox: made from a name and the seed, it protects nothing.</summary>
    static string KeyOf(string name, int seed) => "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"sandbox|{seed}|{name}")));

    public async Task Fund(string nmr, BigInteger nmrWei, CancellationToken stop)
    {
        await web3.Client.SendRequestAsync("anvil_setBalance", null, Address, "0x3635c9adc5dea00000"); // 1,000 ether
        if (!nmrWei.IsZero)
            await Send(nmr, new NmrFaucetFunction { To = Address, Value = nmrWei }, stop);
    }

    /// <summary>Approves exactly the amount: an allowance of NMR is a licence to burn it (CONTRACT.md 4.8).</summary>
    public Task Approve(string nmr, string spender, BigInteger wei, CancellationToken stop) =>
        Send(nmr, new NmrApproveFunction { Spender = spender, Value = wei }, stop);

    /// <summary>Sends a call and waits until it is in a block.</summary>
    /// <exception cref="RefusedException">The contract refuses it.</exception>
    public async Task<TransactionReceipt> Send<TFunction>(string contract, TFunction call, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        string hash;
        try
        {
            hash = await web3.Eth.GetContractTransactionHandler<TFunction>().SendRequestAsync(contract, call).WaitAsync(stop);
        }
        catch (SmartContractCustomErrorRevertException refusal)
        {
            throw new RefusedException(VaultRefusals.NameOf(refusal) ?? refusal.Message);
        }
        catch (SmartContractRevertException refusal)
        {
            throw new RefusedException(refusal.Message);
        }

        return await Receipt(hash, stop);
    }

    public async Task<TransactionReceipt> Deploy(string bytecode, CancellationToken stop)
    {
        var hash = await web3.TransactionManager.SendTransactionAsync(new TransactionInput
        {
            From = Address,
            Data = bytecode,
            Gas = new Nethereum.Hex.HexTypes.HexBigInteger(16_000_000),
        }).WaitAsync(stop);
        return await Receipt(hash, stop);
    }

    async Task<TransactionReceipt> Receipt(string hash, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ReceiptLimit);
        while (true)
        {
            if (await web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(hash).WaitAsync(limit.Token) is { } receipt)
                return receipt.HasErrors() == true ? throw new RefusedException($"{Name}: transaction {hash} reverted.") : receipt;
            await Task.Delay(ReceiptPause, limit.Token);
        }
    }
}

/// <summary>A contract refused a call; nothing happened.</summary>
public sealed class RefusedException(string reason) : Exception(reason);

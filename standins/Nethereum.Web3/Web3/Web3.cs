using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Nethereum.Contracts.Services;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Accounts;
using Nethereum.RPC.TransactionManagers;
using Nethereum.RPC.TransactionReceipts;

namespace Nethereum.Web3;

public interface IWeb3
{
    IClient Client { get; }

    IEthApiContractService Eth { get; }

    ITransactionManager TransactionManager { get; set; }

    ITransactionReceiptService TransactionReceiptPolling { get; set; }
}

#pragma warning disable MA0049 // The package names its namespace and its class alike.
public class Web3 : IWeb3
#pragma warning restore MA0049
{
    public Web3(IClient client)
    {
        Client = client;
        Eth = new EthApiContracts(client);
    }

    public Web3(IAccount account, IClient client) : this(client)
    {
        TransactionManager = account.TransactionManager;
        TransactionManager.Client = Client;
    }

    public Web3(string url = @"http://localhost:8545/", ILogger log = null, AuthenticationHeaderValue authenticationHeader = null)
        : this(new RpcClient(new Uri(url), authenticationHeader, null, null, log))
    {
    }

    public Web3(IAccount account, string url = @"http://localhost:8545/", ILogger log = null, AuthenticationHeaderValue authenticationHeader = null)
        : this(account, new RpcClient(new Uri(url), authenticationHeader, null, null, log))
    {
    }

    public IClient Client { get; private set; }

    public IEthApiContractService Eth { get; private set; }

    public ITransactionManager TransactionManager
    {
        get => Eth.TransactionManager;
        set => Eth.TransactionManager = value;
    }

    public ITransactionReceiptService TransactionReceiptPolling
    {
        get => TransactionManager.TransactionReceiptService;
        set => TransactionManager.TransactionReceiptService = value;
    }
}

using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth;
using Nethereum.RPC.Eth.Blocks;
using Nethereum.RPC.Eth.Filters;
using Nethereum.RPC.Eth.Services;
using Nethereum.RPC.Eth.Transactions;
using Nethereum.RPC.TransactionManagers;

namespace Nethereum.RPC.Eth.Services
{
    public interface IEthApiBlockService
    {
        IEthBlockNumber GetBlockNumber { get; }

        IEthGetBlockWithTransactionsHashesByNumber GetBlockWithTransactionsHashesByNumber { get; }
    }

    public interface IEthApiTransactionsService
    {
        IEthCall Call { get; }

        IEthEstimateGas EstimateGas { get; }

        IEthGetTransactionByHash GetTransactionByHash { get; }

        IEthGetTransactionCount GetTransactionCount { get; }

        IEthGetTransactionReceipt GetTransactionReceipt { get; }

        IEthSendRawTransaction SendRawTransaction { get; }

        IEthSendTransaction SendTransaction { get; }
    }

    public interface IEthApiFilterService
    {
        IEthGetLogs GetLogs { get; }
    }
}

namespace Nethereum.RPC
{
    public interface IRpcClientWrapper
    {
        IClient Client { get; }
    }

    public interface IEthApiService : IRpcClientWrapper
    {
        IEthChainId ChainId { get; }

        IEthApiBlockService Blocks { get; }

        IEthApiFilterService Filters { get; }

        IEthGasPrice GasPrice { get; }

        IEthGetBalance GetBalance { get; }

        IEthGetCode GetCode { get; }

        ITransactionManager TransactionManager { get; set; }

        IEthApiTransactionsService Transactions { get; }
    }

    internal class EthApi(IClient client) : IEthApiService, IEthApiBlockService, IEthApiTransactionsService, IEthApiFilterService
    {
        private readonly EthRequests requests = new(client);

        public IClient Client { get; } = client;

        public IEthChainId ChainId { get; } = new EthQuantity(client, "eth_chainId");

        public IEthApiBlockService Blocks => this;

        public IEthApiFilterService Filters => this;

        public IEthApiTransactionsService Transactions => this;

        public IEthGasPrice GasPrice { get; } = new EthQuantity(client, "eth_gasPrice");

        public IEthGetBalance GetBalance { get; } = new EthOfAddress(client, "eth_getBalance");

        public IEthGetCode GetCode { get; } = new EthOfAddress(client, "eth_getCode");

        public ITransactionManager TransactionManager { get; set; } = new NodeTransactionManager(client);

        public IEthBlockNumber GetBlockNumber { get; } = new EthQuantity(client, "eth_blockNumber");

        public IEthGetBlockWithTransactionsHashesByNumber GetBlockWithTransactionsHashesByNumber => requests;

        public IEthCall Call => requests;

        public IEthEstimateGas EstimateGas => requests;

        public IEthGetTransactionByHash GetTransactionByHash => requests;

        public IEthGetTransactionCount GetTransactionCount { get; } = new EthOfAddress(client, "eth_getTransactionCount");

        public IEthGetTransactionReceipt GetTransactionReceipt => requests;

        public IEthSendRawTransaction SendRawTransaction => requests;

        public IEthSendTransaction SendTransaction => requests;

        public IEthGetLogs GetLogs => requests;
    }
}

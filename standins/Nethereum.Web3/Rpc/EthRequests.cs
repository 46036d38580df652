using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth;
using Nethereum.RPC.Eth.Blocks;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Eth.Filters;
using Nethereum.RPC.Eth.Transactions;
using Nethereum.RPC.Infrastructure;

namespace Nethereum.RPC.Infrastructure
{
    public interface IGenericRpcRequestResponseHandlerNoParam<TResponse>
    {
        Task<TResponse> SendRequestAsync(object id = null);
    }
}

namespace Nethereum.RPC.Eth
{
    public interface IEthChainId : IGenericRpcRequestResponseHandlerNoParam<HexBigInteger>;

    public interface IEthGasPrice : IGenericRpcRequestResponseHandlerNoParam<HexBigInteger>;

    public interface IEthGetBalance
    {
        Task<HexBigInteger> SendRequestAsync(string address, object id = null);

        Task<HexBigInteger> SendRequestAsync(string address, BlockParameter block, object id = null);
    }

    public interface IEthGetCode
    {
        Task<string> SendRequestAsync(string address, object id = null);

        Task<string> SendRequestAsync(string address, BlockParameter block, object id = null);
    }
}

namespace Nethereum.RPC.Eth.Blocks
{
    public interface IEthBlockNumber : IGenericRpcRequestResponseHandlerNoParam<HexBigInteger>;

    public interface IEthGetBlockWithTransactionsHashesByNumber
    {
        Task<BlockWithTransactionHashes> SendRequestAsync(BlockParameter blockParameter, object id = null);

        Task<BlockWithTransactionHashes> SendRequestAsync(HexBigInteger number, object id = null);
    }
}

namespace Nethereum.RPC.Eth.Filters
{
    public interface IEthGetLogs
    {
        Task<FilterLog[]> SendRequestAsync(NewFilterInput newFilter, object id = null);
    }
}

namespace Nethereum.RPC.Eth.Transactions
{
    public interface IEthCall
    {
        Task<string> SendRequestAsync(CallInput callInput, object id = null);

        Task<string> SendRequestAsync(CallInput callInput, BlockParameter block, object id = null);
    }

    public interface IEthEstimateGas
    {
        Task<HexBigInteger> SendRequestAsync(CallInput callInput, object id = null);
    }

    public interface IEthGetTransactionByHash
    {
        Task<Transaction> SendRequestAsync(string hashTransaction, object id = null);
    }

    public interface IEthGetTransactionReceipt
    {
        Task<TransactionReceipt> SendRequestAsync(string transactionHash, object id = null);
    }

    public interface IEthGetTransactionCount
    {
        Task<HexBigInteger> SendRequestAsync(string address, object id = null);

        Task<HexBigInteger> SendRequestAsync(string address, BlockParameter block, object id = null);
    }

    public interface IEthSendRawTransaction
    {
        Task<string> SendRequestAsync(string signedTransactionData, object id = null);
    }

    public interface IEthSendTransaction
    {
        Task<string> SendRequestAsync(TransactionInput input, object id = null);
    }
}

namespace Nethereum.RPC
{
    /// <summary>Every eth_ request that this stand-in has. An id given by a caller isn't sent: the client numbers its requests.</summary>
    internal sealed class EthRequests(IClient client) : IEthCall, IEthEstimateGas, IEthGetTransactionByHash, IEthGetTransactionReceipt, IEthGetLogs,
        IEthSendRawTransaction, IEthSendTransaction, IEthGetBlockWithTransactionsHashesByNumber
    {
        Task<string> IEthCall.SendRequestAsync(CallInput callInput, object id) => Call(callInput, BlockParameter.CreateLatest());

        Task<string> IEthCall.SendRequestAsync(CallInput callInput, BlockParameter block, object id) => Call(callInput, block);

        Task<HexBigInteger> IEthEstimateGas.SendRequestAsync(CallInput callInput, object id) =>
            client.SendRequestAsync<HexBigInteger>("eth_estimateGas", null, NotNull(callInput));

        Task<Transaction> IEthGetTransactionByHash.SendRequestAsync(string hashTransaction, object id) =>
            client.SendRequestAsync<Transaction>("eth_getTransactionByHash", null, Hex(hashTransaction));

        Task<TransactionReceipt> IEthGetTransactionReceipt.SendRequestAsync(string transactionHash, object id) =>
            client.SendRequestAsync<TransactionReceipt>("eth_getTransactionReceipt", null, Hex(transactionHash));

        Task<FilterLog[]> IEthGetLogs.SendRequestAsync(NewFilterInput newFilter, object id) =>
            client.SendRequestAsync<FilterLog[]>("eth_getLogs", null, NotNull(newFilter));

        Task<string> IEthSendRawTransaction.SendRequestAsync(string signedTransactionData, object id) =>
            client.SendRequestAsync<string>("eth_sendRawTransaction", null, Hex(signedTransactionData));

        Task<string> IEthSendTransaction.SendRequestAsync(TransactionInput input, object id) =>
            client.SendRequestAsync<string>("eth_sendTransaction", null, NotNull(input));

        Task<BlockWithTransactionHashes> IEthGetBlockWithTransactionsHashesByNumber.SendRequestAsync(BlockParameter blockParameter, object id) =>
            client.SendRequestAsync<BlockWithTransactionHashes>("eth_getBlockByNumber", null, NotNull(blockParameter), false);

        Task<BlockWithTransactionHashes> IEthGetBlockWithTransactionsHashesByNumber.SendRequestAsync(HexBigInteger number, object id) =>
            client.SendRequestAsync<BlockWithTransactionHashes>("eth_getBlockByNumber", null, NotNull(number), false);

        private Task<string> Call(CallInput callInput, BlockParameter block) =>
            client.SendRequestAsync<string>("eth_call", null, NotNull(callInput), NotNull(block));

        private static string Hex(string text) => NotNull(text).EnsureHexPrefix();

        private static T NotNull<T>(T value)
            where T : class
        {
            ArgumentNullException.ThrowIfNull(value);
            return value;
        }
    }

    /// <summary>A request without parameters, answered with a quantity.</summary>
    internal sealed class EthQuantity(IClient client, string method) : IEthChainId, IEthGasPrice, IEthBlockNumber
    {
        public Task<HexBigInteger> SendRequestAsync(object id = null) => client.SendRequestAsync<HexBigInteger>(method);
    }

    /// <summary>A request about an address at a block.</summary>
    internal sealed class EthOfAddress(IClient client, string method) : IEthGetBalance, IEthGetCode, IEthGetTransactionCount
    {
        Task<HexBigInteger> IEthGetBalance.SendRequestAsync(string address, object id) => At<HexBigInteger>(address, BlockParameter.CreateLatest());

        Task<HexBigInteger> IEthGetBalance.SendRequestAsync(string address, BlockParameter block, object id) => At<HexBigInteger>(address, block);

        Task<string> IEthGetCode.SendRequestAsync(string address, object id) => At<string>(address, BlockParameter.CreateLatest());

        Task<string> IEthGetCode.SendRequestAsync(string address, BlockParameter block, object id) => At<string>(address, block);

        Task<HexBigInteger> IEthGetTransactionCount.SendRequestAsync(string address, object id) => At<HexBigInteger>(address, BlockParameter.CreateLatest());

        Task<HexBigInteger> IEthGetTransactionCount.SendRequestAsync(string address, BlockParameter block, object id) => At<HexBigInteger>(address, block);

        private Task<T> At<T>(string address, BlockParameter block)
        {
            ArgumentNullException.ThrowIfNull(address);
            ArgumentNullException.ThrowIfNull(block);
            return client.SendRequestAsync<T>(method, null, address.EnsureHexPrefix(), block);
        }
    }
}

using System.Numerics;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Accounts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Eth.Transactions;
using Nethereum.RPC.Fee1559Suggestions;
using Nethereum.RPC.NonceServices;
using Nethereum.RPC.TransactionReceipts;

namespace Nethereum.RPC.Accounts
{
    public interface IAccount
    {
        string Address { get; }

        TransactionManagers.ITransactionManager TransactionManager { get; }

        INonceService NonceService { get; set; }
    }
}

namespace Nethereum.RPC.TransactionManagers
{
    public interface ITransactionManager
    {
        IClient Client { get; set; }

        BigInteger DefaultGas { get; set; }

        IAccount Account { get; }

        bool UseLegacyAsDefault { get; set; }

        IFee1559SuggestionStrategy Fee1559SuggestionStrategy { get; set; }

        ITransactionReceiptService TransactionReceiptService { get; set; }

        BigInteger? ChainId { get; }

        Task<string> SendTransactionAsync(TransactionInput transactionInput);

        Task<HexBigInteger> EstimateGasAsync(CallInput callInput);

        Task<string> SignTransactionAsync(TransactionInput transaction);

        Task<TransactionReceipt> SendTransactionAndWaitForReceiptAsync(TransactionInput transactionInput, CancellationToken cancellationToken = default);
    }

    internal abstract class TransactionManagerBase : ITransactionManager
    {
        protected TransactionManagerBase(IClient client)
        {
            Client = client;
            TransactionReceiptService = new TransactionReceiptPollingService(this);
        }

        public IClient Client { get; set; }

        public abstract BigInteger DefaultGas { get; set; }

        public IAccount Account { get; protected set; }

        public bool UseLegacyAsDefault { get; set; }

        public IFee1559SuggestionStrategy Fee1559SuggestionStrategy
        {
            get => field ??= new SimpleFeeSuggestionStrategy(Client);
            set;
        }

        public ITransactionReceiptService TransactionReceiptService { get; set; }

        public BigInteger? ChainId { get; protected set; }

        public abstract Task<string> SendTransactionAsync(TransactionInput transactionInput);

        public abstract Task<string> SignTransactionAsync(TransactionInput transaction);

        public Task<HexBigInteger> EstimateGasAsync(CallInput callInput) => ((IEthEstimateGas)new EthRequests(Client)).SendRequestAsync(callInput);

        public Task<TransactionReceipt> SendTransactionAndWaitForReceiptAsync(TransactionInput transactionInput, CancellationToken cancellationToken = default) =>
            TransactionReceiptService.SendRequestAndWaitForReceiptAsync(transactionInput, cancellationToken);
    }

    /// <summary>Without an account: the node signs with keys of its own.</summary>
    internal sealed class NodeTransactionManager(IClient client) : TransactionManagerBase(client)
    {
        public override BigInteger DefaultGas { get; set; } = 21000;

        public override Task<string> SendTransactionAsync(TransactionInput transactionInput) =>
            ((IEthSendTransaction)new EthRequests(Client)).SendRequestAsync(transactionInput);

        public override Task<string> SignTransactionAsync(TransactionInput transaction) =>
            throw new InvalidOperationException("Default transaction manager cannot sign offline transactions");
    }
}

namespace Nethereum.RPC.Fee1559Suggestions
{
    public class Fee1559
    {
        public BigInteger? BaseFee { get; set; }

        public BigInteger? MaxPriorityFeePerGas { get; set; }

        public BigInteger? MaxFeePerGas { get; set; }
    }

    public interface IFee1559SuggestionStrategy
    {
        Task<Fee1559> SuggestFeeAsync(BigInteger? maxPriorityFeePerGas = null);
    }

    /// <summary>Twice the last block's base fee, and 2 gwei for the block's maker.</summary>
    internal sealed class SimpleFeeSuggestionStrategy(IClient client) : IFee1559SuggestionStrategy
    {
        public async Task<Fee1559> SuggestFeeAsync(BigInteger? maxPriorityFeePerGas = null)
        {
            var block = await ((Eth.Blocks.IEthGetBlockWithTransactionsHashesByNumber)new EthRequests(client)).SendRequestAsync(BlockParameter.CreateLatest()).ConfigureAwait(false);
            var baseFee = block.BaseFeePerGas?.Value ?? 100;
            var priority = maxPriorityFeePerGas ?? 2_000_000_000;
            return new Fee1559 { BaseFee = baseFee, MaxPriorityFeePerGas = priority, MaxFeePerGas = (baseFee * 2) + priority };
        }
    }
}

namespace Nethereum.RPC.NonceServices
{
    public interface INonceService
    {
        IClient Client { get; set; }

        Task<HexBigInteger> GetNextNonceAsync();

        Task ResetNonceAsync();
    }

    /// <summary>Counts on from the node's pending count, or from its own last nonce if that is further.</summary>
    internal sealed class InMemoryNonceService(string account, IClient client) : INonceService
    {
        private readonly SemaphoreSlim turn = new(1, 1);

        public BigInteger CurrentNonce { get; set; } = -1;

        public IClient Client { get; set; } = client;

        public async Task<HexBigInteger> GetNextNonceAsync()
        {
            await turn.WaitAsync().ConfigureAwait(false);
            try
            {
                IEthGetTransactionCount counts = new EthOfAddress(Client, "eth_getTransactionCount");
                var counted = await counts.SendRequestAsync(account, BlockParameter.CreatePending()).ConfigureAwait(false);
                CurrentNonce = counted.Value <= CurrentNonce ? CurrentNonce + 1 : counted.Value;
                return new HexBigInteger(CurrentNonce);
            }
            finally
            {
                turn.Release();
            }
        }

        public async Task ResetNonceAsync()
        {
            await turn.WaitAsync().ConfigureAwait(false);
            CurrentNonce = -1;
            turn.Release();
        }
    }
}

namespace Nethereum.RPC.TransactionReceipts
{
    public interface ITransactionReceiptService
    {
        Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(TransactionInput transactionInput, CancellationToken cancellationToken = default);

        Task<TransactionReceipt> PollForReceiptAsync(string transaction, CancellationToken cancellationToken = default);

        int GetPollingRetryIntervalInMilliseconds();

        void SetPollingRetryIntervalInMilliseconds(int retryMilliseconds);
    }

    /// <summary>Asks every 100 ms, without end unless it is cancelled.</summary>
    internal sealed class TransactionReceiptPollingService(TransactionManagers.ITransactionManager transactionManager, int retryMilliseconds = 100) : ITransactionReceiptService
    {
        private int retryMilliseconds = retryMilliseconds;

        public int GetPollingRetryIntervalInMilliseconds() => Volatile.Read(ref retryMilliseconds);

        public void SetPollingRetryIntervalInMilliseconds(int retryMilliseconds) => Volatile.Write(ref this.retryMilliseconds, retryMilliseconds);

        public async Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(TransactionInput transactionInput, CancellationToken cancellationToken = default) =>
            await PollForReceiptAsync(await transactionManager.SendTransactionAsync(transactionInput).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

        public async Task<TransactionReceipt> PollForReceiptAsync(string transaction, CancellationToken cancellationToken = default)
        {
            IEthGetTransactionReceipt receipts = new EthRequests(transactionManager.Client);
            while (true)
            {
                if (await receipts.SendRequestAsync(transaction).ConfigureAwait(false) is { } receipt) return receipt;
                await Task.Delay(GetPollingRetryIntervalInMilliseconds(), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

using Nethereum.ABI;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts.ContractHandlers;
using Nethereum.Contracts.CQS;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Eth.Transactions;
using Nethereum.RPC.TransactionManagers;

namespace Nethereum.Contracts.ContractHandlers
{
    public interface IContractQueryHandler<TFunctionMessage>
        where TFunctionMessage : FunctionMessage, new()
    {
        Task<TFunctionOutput> QueryAsync<TFunctionOutput>(string contractAddress, TFunctionMessage functionMessage = null, BlockParameter block = null);

        Task<TFunctionOutput> QueryDeserializingToObjectAsync<TFunctionOutput>(TFunctionMessage functionMessage, string contractAddress, BlockParameter block = null)
            where TFunctionOutput : IFunctionOutputDTO, new();

        Task<string> QueryRawAsync(string contractAddress, TFunctionMessage functionMessage = null, BlockParameter block = null);
    }

    public interface IContractTransactionHandler<TContractMessage>
        where TContractMessage : FunctionMessage, new()
    {
        Task<HexBigInteger> EstimateGasAsync(string contractAddress, TContractMessage functionMessage = null);

        Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(string contractAddress, TContractMessage functionMessage = null, CancellationTokenSource tokenSource = null);

        Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(string contractAddress, TContractMessage functionMessage, CancellationToken cancellationToken);

        Task<string> SendRequestAsync(string contractAddress, TContractMessage functionMessage = null);

        Task<string> SignTransactionAsync(string contractAddress, TContractMessage functionMessage = null);
    }

    internal sealed class QueryHandler<TFunctionMessage>(IEthCall calls, string from) : IContractQueryHandler<TFunctionMessage>
        where TFunctionMessage : FunctionMessage, new()
    {
        /// <summary>A single value; no output at all (no contract there) is the type's default, as in the package.</summary>
        public async Task<TFunctionOutput> QueryAsync<TFunctionOutput>(string contractAddress, TFunctionMessage functionMessage = null, BlockParameter block = null)
        {
            var output = await QueryRawAsync(contractAddress, functionMessage, block).ConfigureAwait(false);
            if (output == "0x") return default;
            SmartContractRevertException.ThrowIfErrorOnOutput(output);
            var type = FunctionAttribute.GetAttribute<TFunctionMessage>().ReturnType
                ?? throw new ArgumentException($"{typeof(TFunctionMessage)} names no return type.", nameof(functionMessage));
            var shape = AbiShape.Of(type, typeof(TFunctionOutput));
            var data = output.HexToByteArray();
            return (TFunctionOutput)shape.Decode(data, shape.IsDynamic ? AbiShape.Word : 0, typeof(TFunctionOutput));
        }

        public async Task<TFunctionOutput> QueryDeserializingToObjectAsync<TFunctionOutput>(TFunctionMessage functionMessage, string contractAddress, BlockParameter block = null)
            where TFunctionOutput : IFunctionOutputDTO, new()
        {
            var output = await QueryRawAsync(contractAddress, functionMessage, block).ConfigureAwait(false);
            return output == "0x" ? default : new TFunctionOutput().DecodeOutput(output);
        }

        public async Task<string> QueryRawAsync(string contractAddress, TFunctionMessage functionMessage = null, BlockParameter block = null)
        {
            try
            {
                var call = (functionMessage ?? new TFunctionMessage()).ToCall(contractAddress, from);
                return await calls.SendRequestAsync(call, block ?? BlockParameter.CreateLatest()).ConfigureAwait(false);
            }
            catch (RpcResponseException refused)
            {
                ContractRevertExceptionHandler.HandleContractRevertException(refused);
                throw;
            }
        }
    }

    internal sealed class TransactionHandler<TContractMessage>(ITransactionManager manager) : IContractTransactionHandler<TContractMessage>
        where TContractMessage : FunctionMessage, new()
    {
        public async Task<HexBigInteger> EstimateGasAsync(string contractAddress, TContractMessage functionMessage = null)
        {
            try
            {
                return await manager.EstimateGasAsync((functionMessage ?? new TContractMessage()).ToCall(contractAddress, manager.Account?.Address)).ConfigureAwait(false);
            }
            catch (RpcResponseException refused)
            {
                ContractRevertExceptionHandler.HandleContractRevertException(refused);
                throw;
            }
        }

        public async Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(string contractAddress, TContractMessage functionMessage, CancellationToken cancellationToken)
        {
            var hash = await SendRequestAsync(contractAddress, functionMessage).ConfigureAwait(false);
            return await manager.TransactionReceiptService.PollForReceiptAsync(hash, cancellationToken).ConfigureAwait(false);
        }

        public Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(string contractAddress, TContractMessage functionMessage = null, CancellationTokenSource tokenSource = null) =>
            SendRequestAndWaitForReceiptAsync(contractAddress, functionMessage, tokenSource?.Token ?? CancellationToken.None);

        public async Task<string> SendRequestAsync(string contractAddress, TContractMessage functionMessage = null) =>
            await manager.SendTransactionAsync(await Prepare(contractAddress, functionMessage).ConfigureAwait(false)).ConfigureAwait(false);

        public async Task<string> SignTransactionAsync(string contractAddress, TContractMessage functionMessage = null) =>
            await manager.SignTransactionAsync(await Prepare(contractAddress, functionMessage).ConfigureAwait(false)).ConfigureAwait(false);

        private async Task<TransactionInput> Prepare(string contractAddress, TContractMessage functionMessage)
        {
            var message = functionMessage ?? new TContractMessage();
            message.Gas ??= (await EstimateGasAsync(contractAddress, message).ConfigureAwait(false)).Value;
            return message.ToTransaction(contractAddress, manager.Account?.Address);
        }
    }
}

namespace Nethereum.Contracts.CQS
{
    public interface IContractDeploymentTransactionHandler<TContractDeploymentMessage>
        where TContractDeploymentMessage : ContractDeploymentMessage, new()
    {
        Task<HexBigInteger> EstimateGasAsync(TContractDeploymentMessage contractDeploymentMessage);

        Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(TContractDeploymentMessage contractDeploymentMessage = null, CancellationTokenSource tokenSource = null);

        Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(TContractDeploymentMessage contractDeploymentMessage, CancellationToken cancellationToken);

        Task<string> SendRequestAsync(TContractDeploymentMessage contractDeploymentMessage = null);

        Task<string> SignTransactionAsync(TContractDeploymentMessage contractDeploymentMessage);
    }

    internal sealed class DeploymentHandler<TContractDeploymentMessage>(ITransactionManager manager) : IContractDeploymentTransactionHandler<TContractDeploymentMessage>
        where TContractDeploymentMessage : ContractDeploymentMessage, new()
    {
        public Task<HexBigInteger> EstimateGasAsync(TContractDeploymentMessage contractDeploymentMessage) =>
            manager.EstimateGasAsync(contractDeploymentMessage.ToTransaction(manager.Account?.Address));

        public async Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(TContractDeploymentMessage contractDeploymentMessage, CancellationToken cancellationToken)
        {
            var hash = await SendRequestAsync(contractDeploymentMessage).ConfigureAwait(false);
            var receipt = await manager.TransactionReceiptService.PollForReceiptAsync(hash, cancellationToken).ConfigureAwait(false);
            if (receipt.Status.Value.IsZero) throw new RPC.Eth.Exceptions.ContractDeploymentException("Contract code not deployed successfully", receipt);
            return receipt;
        }

        public Task<TransactionReceipt> SendRequestAndWaitForReceiptAsync(TContractDeploymentMessage contractDeploymentMessage = null, CancellationTokenSource tokenSource = null) =>
            SendRequestAndWaitForReceiptAsync(contractDeploymentMessage, tokenSource?.Token ?? CancellationToken.None);

        public async Task<string> SendRequestAsync(TContractDeploymentMessage contractDeploymentMessage = null) =>
            await manager.SendTransactionAsync(await Prepare(contractDeploymentMessage).ConfigureAwait(false)).ConfigureAwait(false);

        public async Task<string> SignTransactionAsync(TContractDeploymentMessage contractDeploymentMessage) =>
            await manager.SignTransactionAsync(await Prepare(contractDeploymentMessage).ConfigureAwait(false)).ConfigureAwait(false);

        private async Task<TransactionInput> Prepare(TContractDeploymentMessage given)
        {
            var message = given ?? new TContractDeploymentMessage();
            message.Gas ??= (await EstimateGasAsync(message).ConfigureAwait(false)).Value;
            return message.ToTransaction(manager.Account?.Address);
        }
    }
}

namespace Nethereum.RPC.Eth.Exceptions
{
    public class ContractDeploymentException(string message, TransactionReceipt transactionReceipt) : Exception(message)
    {
        public TransactionReceipt TransactionReceipt { get; set; } = transactionReceipt;
    }
}

namespace Nethereum.Contracts.Services
{
    public interface IEthApiContractService : IEthApiService
    {
        Event<TEventType> GetEvent<TEventType>()
            where TEventType : IEventDTO, new();

        Event<TEventType> GetEvent<TEventType>(string contractAddress)
            where TEventType : IEventDTO, new();

        IContractDeploymentTransactionHandler<TContractDeploymentMessage> GetContractDeploymentHandler<TContractDeploymentMessage>()
            where TContractDeploymentMessage : ContractDeploymentMessage, new();

        IContractQueryHandler<TContractFunctionMessage> GetContractQueryHandler<TContractFunctionMessage>()
            where TContractFunctionMessage : FunctionMessage, new();

        IContractTransactionHandler<TContractFunctionMessage> GetContractTransactionHandler<TContractFunctionMessage>()
            where TContractFunctionMessage : FunctionMessage, new();
    }

    internal sealed class EthApiContracts(IClient client) : EthApi(client), IEthApiContractService
    {
        public Event<TEventType> GetEvent<TEventType>()
            where TEventType : IEventDTO, new() => new(Client);

        public Event<TEventType> GetEvent<TEventType>(string contractAddress)
            where TEventType : IEventDTO, new() => new(Client, contractAddress);

        public IContractDeploymentTransactionHandler<TContractDeploymentMessage> GetContractDeploymentHandler<TContractDeploymentMessage>()
            where TContractDeploymentMessage : ContractDeploymentMessage, new() => new DeploymentHandler<TContractDeploymentMessage>(TransactionManager);

        public IContractQueryHandler<TContractFunctionMessage> GetContractQueryHandler<TContractFunctionMessage>()
            where TContractFunctionMessage : FunctionMessage, new() => new QueryHandler<TContractFunctionMessage>(Call, TransactionManager.Account?.Address);

        public IContractTransactionHandler<TContractFunctionMessage> GetContractTransactionHandler<TContractFunctionMessage>()
            where TContractFunctionMessage : FunctionMessage, new() => new TransactionHandler<TContractFunctionMessage>(TransactionManager);
    }
}

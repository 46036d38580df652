using Backstake.Chain;
using Backstake.Chain.Vault;
using Backstake.Functions.Hosting;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Options;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.Contracts;
using Nethereum.Web3;

namespace Backstake.Functions.Ethereum;

/// <summary>The Ethereum node, as the flows use it. Money is read from final blocks only (the <c>finalized</c> tag).</summary>
public sealed class EthereumNode(IOptions<EthereumSettings> settings, Transports transports)
{
    static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15); // well below the queue function's own limit of 10 minutes

    readonly Lazy<Web3> web3 = new(() => settings.Value.RpcUrl.Length > 0
        ? ChainNode.Connect(new Uri(settings.Value.RpcUrl), CallLimit, handler: transports.Ethereum)
        : throw new InvalidOperationException("Set Ethereum:RpcUrl to the address of an Ethereum node."));

    public Web3 Web3 => web3.Value;

    public Task<ChainBlock> Finalized(CancellationToken stop) => ChainBlock.Finalized(Web3, stop);

    /// <summary>The vault as it stands in the latest block: for deciding what to send, never for the books.</summary>
    public async Task<VaultReader> Latest(string vault, CancellationToken stop) =>
        new(Web3, vault, (await ChainBlock.Latest(Web3, stop)).Number);

    /// <summary>The gas that the call takes now.</summary>
    /// <exception cref="ChainRefusedException">It would revert.</exception>
    public async Task<System.Numerics.BigInteger> EstimateGas<TFunction>(string contract, TFunction call, CancellationToken stop)
        where TFunction : FunctionMessage, new()
    {
        try
        {
            return (await Web3.Eth.GetContractTransactionHandler<TFunction>().EstimateGasAsync(contract, call).WaitAsync(stop)).Value;
        }
        catch (SmartContractCustomErrorRevertException refusal)
        {
            throw new ChainRefusedException(VaultRefusals.NameOf(refusal) ?? "chainRefused");
        }
        catch (SmartContractRevertException refusal)
        {
            throw new ChainRefusedException("chainRefused", refusal);
        }
    }
}

/// <summary>The contract would refuse the call; the cause is the refusal's name, as the books write it.</summary>
public sealed class ChainRefusedException(string cause, Exception? inner = null) : OutsideException(cause, $"The contract refuses: {cause}.", inner);

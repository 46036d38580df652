using Backstake.Functions.Ethereum;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;

namespace Backstake.Functions.Identity;

/// <summary>ERC-1271: asks a contract wallet whether a signature is its own.</summary>
[Function("isValidSignature", "bytes4")]
public sealed class IsValidSignatureFunction : FunctionMessage
{
    [Parameter("bytes32", "hash", 1)]
    public byte[] Hash { get; set; } = [];

    [Parameter("bytes", "signature", 2)]
    public byte[] Signature { get; set; } = [];
}

/// <summary>
/// Whether a contract says that a signature is its own, in the latest block of the app's chain. An address without code (so also ERC-6492's contract that isn't there yet), a revert, and
/// anything but the agreed answer mean no.
/// </summary>
public sealed class ContractSignature(EthereumNode node)
{
    const int GasMost = 1_000_000; // a passkey's curve in Solidity takes some 400,000; what burns more is no wallet
    static readonly string Yes = "0x1626ba7e" + new string('0', 56);

    /// <exception cref="RpcClientUnknownException">The node can't be reached.</exception>
    public async Task<bool> IsOf(string address, byte[] hash, byte[] signature, CancellationToken stop)
    {
        var asked = new IsValidSignatureFunction { Hash = hash, Signature = signature }.GetCallData().ToHex(prefix: true);
        var call = new CallInput(asked, address) { Gas = new HexBigInteger(GasMost) };
        try
        {
            return string.Equals(await node.Web3.Eth.Transactions.Call.SendRequestAsync(call, BlockParameter.CreateLatest()).WaitAsync(stop), Yes, StringComparison.OrdinalIgnoreCase);
        }
        catch (RpcResponseException)
        {
            return false; // it reverted, or ran out of its gas
        }
    }
}

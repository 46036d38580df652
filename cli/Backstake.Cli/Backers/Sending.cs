using System.CommandLine;
using System.Numerics;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;

namespace Backstake.Cli.Backers;

/// <summary>Sends prepared calls by a key of one's own, one after another: what comes later needs what came before.</summary>
/// <param name="Only">Whose key it must be, by address; null: anybody's.</param>
internal sealed record Sending(ParseResult Command, Uri Node, FileInfo Keystore, string? Only, bool Json)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MinedLimit = TimeSpan.FromMinutes(10);

    /// <param name="calls">In their order.</param>
    /// <param name="chainId">The node's.</param>
    /// <param name="hashes">Gets the transactions that were sent.</param>
    public async Task<int> Send(IReadOnlyList<PreparedCall> calls, BigInteger chainId, List<string> hashes, CancellationToken stop)
    {
        var (output, error) = (Command.InvocationConfiguration.Output, Command.InvocationConfiguration.Error);
        var account = await Wallet.Open(Keystore, chainId, stop);
        if (Only is not null && !string.Equals(account.Address, Only, StringComparison.OrdinalIgnoreCase)) return OneLineFailures.OneLine(error, ExitStatus.Failed, $"The key is {account.Address}'s, not {Only}'s.");
        var sender = ChainNode.Connect(Node, RequestLimit, account).TransactionManager;
        foreach (var call in calls)
        {
            var transaction = new TransactionInput(call.Data, call.To) { From = account.Address };
            // Left open, the library takes what a plain transfer needs. A quarter more than now: others may act before it is mined.
            transaction.Gas = new HexBigInteger((await sender.EstimateGasAsync(transaction).WaitAsync(stop)).Value * 5 / 4);
            var hash = await sender.SendTransactionAsync(transaction).WaitAsync(stop);
            hashes.Add(hash);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(MinedLimit);
            TransactionReceipt receipt;
            try
            {
                receipt = await sender.TransactionReceiptService.PollForReceiptAsync(hash, limit.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or RpcClientUnknownException or RpcClientTimeoutException or RpcResponseException or HttpRequestException)
            {
                // Whoever sent it must know that it may still be mined.
                return OneLineFailures.OneLine(error, ExitStatus.Failed, $"{hash} was sent, and isn't known to be in a block: look for it before anything is sent again. ({e.Message})");
            }

            if (receipt.HasErrors() == true) return OneLineFailures.OneLine(error, ExitStatus.Failed, $"{hash} reverted; what came after it was not sent.");
            if (!Json) output.WriteLine($"Sent: {hash}, in block {receipt.BlockNumber.Value}");
        }

        return ExitStatus.Done;
    }
}

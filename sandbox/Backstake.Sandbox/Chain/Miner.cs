using Backstake.Chain;
using Backstake.Sandbox.Time;
using Nethereum.Hex.HexTypes;
using Nethereum.Web3;

namespace Backstake.Sandbox.Chain;

/// <summary>
/// Mines the sandbox's chain (anvil, --no-mining, --slots-in-an-epoch 1) in virtual time: pending transactions go into one block, and two empty ones make it final. Each block is one virtual
/// second later than the one before and later than the clock; the clock follows, so that its time is never before the last block's.
/// </summary>
public sealed class Miner(Uri node, VirtualClock clock) : IDisposable
{
    private const int BlocksToFinality = 2;   // finalized = head − 2
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(60);   // a block of many transactions on a busy machine

    private readonly Web3 web3 = ChainNode.Connect(node, RequestLimit);
    private readonly SemaphoreSlim mining = new(1, 1);

    /// <summary>Mines if transactions are pending. True: it did.</summary>
    public Task<bool> MinePendingAsync(CancellationToken stop = default) => MineAsync(always: false, stop);

    /// <summary>Mines even if nothing is pending: for a time to become final on chain (a cut, a deadline), after the clock was moved there.</summary>
    public Task MineNowAsync(CancellationToken stop = default) => MineAsync(always: true, stop);

    public void Dispose() => mining.Dispose();

    private async Task<bool> MineAsync(bool always, CancellationToken stop)
    {
        await mining.WaitAsync(stop);
        try
        {
            if (!always && await PendingAsync(stop) == 0)
            {
                return false;
            }
            var last = (await ChainBlock.Latest(web3, stop)).Time;
            var now = clock.GetUtcNow();
            var second = Math.Max(last.ToUnixTimeSeconds(), now.ToUnixTimeSeconds());
            for (var i = 0; i <= BlocksToFinality; i++)
            {
                second++;
                await web3.Client.SendRequestAsync<object>("evm_setNextBlockTimestamp", null, second).WaitAsync(stop);
                await web3.Client.SendRequestAsync<object>("evm_mine").WaitAsync(stop);
                clock.MoveTo(DateTimeOffset.FromUnixTimeSeconds(second));
            }
            return true;
        }
        finally
        {
            mining.Release();
        }
    }

    /// <summary>Transactions that the next block can take; those that wait for a lower nonce aren't counted.</summary>
    private async Task<int> PendingAsync(CancellationToken stop)
    {
        var status = await web3.Client.SendRequestAsync<Dictionary<string, string>>("txpool_status").WaitAsync(stop);
        return (int)new HexBigInteger(status["pending"]).Value;
    }
}

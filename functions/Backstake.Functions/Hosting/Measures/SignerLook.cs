using System.Numerics;
using Backstake.Functions.Ethereum;

namespace Backstake.Functions.Hosting.Measures;

/// <summary>Looks at the signers: what they have for gas (gwei), how many of their transactions are mined, how many wait, whether they were halted or can't be asked for their address.</summary>
public sealed class SignerLook(OutboxTable outbox, EthereumNode node, Signers signers)
{
    static readonly BigInteger WeiPerGwei = 1_000_000_000;

    public async Task<IReadOnlyList<Measure>> All(CancellationToken stop)
    {
        var measures = new List<Measure>();
        foreach (var role in Enum.GetValues<Role>())
        {
            var name = role.ToString().ToLowerInvariant();
            string address;
            try
            {
                address = (await signers.Of(role, stop)).Address;
            }
            catch (SignerUnavailableException)
            {
                measures.Add(new(MeasureNames.SignerUnavailable, "signer", name, 1));
                continue;
            }

            measures.Add(new(MeasureNames.SignerUnavailable, "signer", name, 0));
            var balance = (await node.Web3.Eth.GetBalance.SendRequestAsync(address).WaitAsync(stop)).Value;
            var mined = (await node.Web3.Eth.Transactions.GetTransactionCount.SendRequestAsync(address).WaitAsync(stop)).Value;
            var head = await outbox.Head(address, stop);
            measures.Add(new(MeasureNames.SignerBalance, "signer", name, (long)BigInteger.Min(balance / WeiPerGwei, long.MaxValue)));
            measures.Add(new(MeasureNames.SignerNonce, "signer", name, (long)mined));
            measures.Add(new(MeasureNames.SignerPending, "signer", name, Math.Max(0, (head?.Next ?? 0) - (long)mined)));
            measures.Add(new(MeasureNames.SignerHalted, "signer", name, head?.Halted is null ? 0 : 1));
        }

        return measures;
    }
}

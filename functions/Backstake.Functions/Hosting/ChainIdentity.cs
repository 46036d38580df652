using System.Collections.Concurrent;
using System.Globalization;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Functions.Ethereum;
using Microsoft.Extensions.Options;
using Nethereum.Util;

namespace Backstake.Functions.Hosting;

/// <summary>
/// Whether the node is on the chain that the settings name, whether there is a contract at the factory's address, and whether a vault's NMR is NMR.
/// Asked before the first step that uses the chain, not at start, which must not wait for anything (AZURE.md finding 8); what was right once isn't asked again.
/// </summary>
public sealed class ChainIdentity(EthereumNode node, IOptions<EthereumSettings> settings)
{
    readonly ConcurrentDictionary<string, bool> right = new(StringComparer.Ordinal);

    /// <summary>What is wrong with chain or factory, and what to do; null: nothing.</summary>
    public Task<string?> Problem(CancellationToken stop) => Once("", async () =>
    {
        var chain = (await node.Web3.Eth.ChainId.SendRequestAsync().WaitAsync(stop)).Value;
        if (chain != settings.Value.ChainId)
            return string.Create(CultureInfo.InvariantCulture, $"The node is on chain {chain}, the app is set to chain {settings.Value.ChainId}: set Ethereum__RpcUrl to a node of chain {settings.Value.ChainId}, or correct Ethereum__ChainId.");
        return await HasCode(settings.Value.Factory, stop)
            ? null
            : $"There is no contract at {settings.Value.Factory} on chain {settings.Value.ChainId}: set Ethereum__Factory to the vault factory's address there.";
    });

    /// <summary>What is wrong with a vault's contract or its NMR; null: nothing.</summary>
    public Task<string?> ProblemOf(string vault, CancellationToken stop) => Once(vault, async () =>
    {
        if (!await HasCode(vault, stop))
            return $"There is no contract at {vault}: it is no vault of this chain.";
        var nmr = (await (await node.Latest(vault, stop)).Created(stop)).Nmr;
        if (settings.Value.ChainId == MainNetwork.ChainId && !nmr.IsTheSameAddress(MainNetwork.Nmr))
            return $"Vault {vault} holds {nmr}, which isn't NMR ({MainNetwork.Nmr}): have nothing to do with it.";
        return await HasCode(nmr, stop) ? null : $"Vault {vault} names {nmr} as NMR, and there is no contract: have nothing to do with it.";
    });

    async Task<string?> Once(string subject, Func<Task<string?>> ask)
    {
        if (right.ContainsKey(subject))
            return null;
        var problem = await ask();
        if (problem is null)
            right[subject] = true;
        return problem;
    }

    Task<bool> HasCode(string address, CancellationToken stop) => ContractCode.IsAt(node.Web3, address, stop);
}

using System.Globalization;
using Azure;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Vaults;
using Nethereum.JsonRpc.Client;

namespace Backstake.Functions.Hosting.Ready;

/// <summary>Whether the node answers, is on the right chain and finalises, whether each vault's NMR is NMR, and whether the signers can sign and pay for gas.</summary>
public sealed class ChainReady(EthereumNode node, ChainIdentity identity, VaultRegistry registry, Signers signers, TimeProvider clock)
{
    static readonly TimeSpan FinalMost = TimeSpan.FromHours(1); // Ethereum finalises every 13 minutes

    /// <summary>Of no chain, with no gas and no fee: no node would take it.</summary>
    static readonly RawTransaction Nothing = new(0, 0, 0, 0, 0, Nethereum.Util.AddressUtil.ZERO_ADDRESS, []);

    public IEnumerable<Task<ReadyCheck>> Checks(CancellationToken stop) =>
    [
        Look("chain", () => identity.Problem(stop)),
        Look("finality", async () =>
        {
            var age = clock.GetUtcNow() - (await node.Finalized(stop)).Time;
            return age <= FinalMost
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"The node's last final block is {age.TotalMinutes:0} minutes old: see whether the node is in step with the chain, or use another (Ethereum__RpcUrl).");
        }),
        Look("vaults", async () =>
        {
            await foreach (var vault in registry.All(stop))
            {
                if (await identity.ProblemOf(vault.Id, stop) is { } problem)
                    return problem;
            }

            return null;
        }),
        .. Enum.GetValues<Role>().Select(role => Look($"signer {role}".ToLowerInvariant(), async () =>
        {
            var signer = await signers.Of(role, stop);
            if (signers.IsInVault(role))
                await signer.Sign(Nothing, stop); // whether the role lets it sign shows in nothing else
            var balance = (await node.Web3.Eth.GetBalance.SendRequestAsync(signer.Address).WaitAsync(stop)).Value;
            return balance.IsZero ? $"The {role.ToString().ToLowerInvariant()} {signer.Address} has no ETH for gas: send it some." : null;
        })),
    ];

    static async Task<ReadyCheck> Look(string name, Func<Task<string?>> read)
    {
        try
        {
            return new(name, await read());
        }
        catch (RequestFailedException)
        {
            return new(name, null); // which vaults there are can't be read: storage says so itself
        }
        catch (RpcResponseException refusal)
        {
            return new(name, string.Create(CultureInfo.InvariantCulture, $"The Ethereum node refuses (code {refusal.RpcError?.Code}): see that its plan and key allow the calls."));
        }
        catch (Exception unreachable) when (NodeFailure.IsUnanswered(unreachable))
        {
            return new(name, "The Ethereum node doesn't answer: see that Ethereum__RpcUrl is right and the node is up.");
        }
        catch (Exception ours) when (NodeFailure.IsOurRefusal(ours))
        {
            return new(name, ours.Message);
        }
    }
}

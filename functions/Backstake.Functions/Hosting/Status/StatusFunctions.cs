using Backstake.Functions.Ethereum;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Hosting.Status;

/// <summary>How the flows run: per flow the last success, the last failure, and how far behind it is. For the operator: it needs the function key.</summary>
public sealed class StatusFunctions(FlowTimes times, QueueLengths queues, VaultRegistry registry, EthereumNode node, Signers signers, TimeProvider clock)
{
    [Function("Status")]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequest request, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var kept = (await times.All(stop)).ToDictionary(it => it.Function, StringComparer.Ordinal);
        var lengths = await queues.All(stop);
        return new OkObjectResult(new
        {
            time = now,
            flows = Flows.All.GroupBy(it => it.Flow, StringComparer.Ordinal).Select(flow => new
            {
                flow = flow.Key,
                lastSuccess = flow.Max(it => kept[it.Name].Succeeded),
                functions = flow.Select(it => new
                {
                    name = it.Name,
                    lastSuccess = kept[it.Name].Succeeded,
                    lastFailure = kept[it.Name].Failed,
                    cause = kept[it.Name].Cause,
                    // A timer is behind by the time since it last succeeded, a queue by what waits in it.
                    idleMinutes = it.IsTimer ? (long?)kept[it.Name].Idle(now).TotalMinutes : null,
                    waiting = it.Queue is { } queue ? lengths[queue].Messages : (long?)null,
                    poison = it.Queue is { } poisoned ? lengths[poisoned].Poison : (long?)null,
                }),
            }),
            signers = await Task.WhenAll(Enum.GetValues<Role>().Select(role => SignerOf(role, stop))),
            chain = await Chain(stop),
        });
    }

    /// <summary>The address that vaults are created with, and that needs ETH.</summary>
    async Task<object> SignerOf(Role role, CancellationToken stop)
    {
        var (name, key) = (role.ToString().ToLowerInvariant(), signers.IsInVault(role) ? "keyVault" : "process");
        try
        {
            return new { role = name, key, address = (await signers.Of(role, stop)).Address };
        }
        catch (SignerUnavailableException)
        {
            return new { role = name, key, problem = "The key vault can't be used: GET /api/health/ready says more." };
        }
    }

    async Task<object> Chain(CancellationToken stop)
    {
        var read = await registry.ReadUpTo(stop);
        try
        {
            var final = await node.Finalized(stop);
            return new { finalBlock = final.Number, finalTime = final.Time, readUpTo = read, lagBlocks = read is { } block ? (long)final.Number - block : (long?)null };
        }
        catch (Exception unreachable) when (NodeFailure.Is(unreachable))
        {
            return new { problem = "The Ethereum node can't be used: GET /api/health/ready says more.", readUpTo = read };
        }
    }
}

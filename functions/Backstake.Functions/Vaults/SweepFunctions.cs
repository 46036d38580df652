using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Vaults;

/// <summary>The sweep: finds whatever a lost message left, from the logs alone.</summary>
public sealed class SweepFunctions(VaultRegistry registry, DueSender due, ILogger<SweepFunctions> logger)
{
    [Function("Sweep")]
    public async Task Sweep([TimerTrigger("%SweepSchedule%")] TimerInfo timer, CancellationToken stop)
    {
        await foreach (var vault in registry.All(stop))
        {
            try
            {
                await due.Send(vault.Id, stop);
            }
            catch (LogDamagedException damage)
            {
                // One vault's trouble is not the others'.
                logger.LogCritical(damage, "Vault {Vault} can't be read: {Reason}", vault.Id, damage.Message);
            }
        }
    }
}

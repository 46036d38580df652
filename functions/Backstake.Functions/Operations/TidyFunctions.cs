using Backstake.Functions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Operations;

/// <summary>Takes what the host gave up into quarantine, and removes what isn't needed any more: no vault waits for any of it.</summary>
public sealed class TidyFunctions(Quarantine quarantine, IdempotentAnswers answers, SharedBudgets budgets, RateLimits limits, TimeProvider clock, ILogger<TidyFunctions> logger)
{
    [Function("Tidy")]
    public async Task Tidy([TimerTrigger("%TidySchedule%")] TimerInfo timer, CancellationToken stop)
    {
        await logger.Try("The poison queues", () => quarantine.CollectPoisoned(clock.GetUtcNow(), stop));
        await logger.Try("Answers older than a day", () => answers.ForgetOld(stop));
        await logger.Try("Budgets of minutes that are over", () => budgets.ForgetOld(limits.Minute, stop));
    }
}

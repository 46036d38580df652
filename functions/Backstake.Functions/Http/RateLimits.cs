using System.Collections.Concurrent;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Http;

/// <summary>Whether a call may be made.</summary>
/// <param name="Left">What is left of the budget of the minute, as far as this instance knows.</param>
/// <param name="Seconds">Until the next minute.</param>
public readonly record struct Allowance(bool IsAllowed, int Left, int Seconds);

/// <summary>
/// Every caller has a budget a minute, on all instances together. An instance lets each spend a twentieth without asking anybody, so ordinary callers cost no storage call; beyond that it takes tenths
/// from the shared row, at most ten writes a caller and minute; and once that is used up it refuses by itself. With N instances at most N twentieths more than the budget are spent.
/// </summary>
public sealed class RateLimits(SharedBudgets shared, IOptions<RateLimitSettings> settings, [FromKeyedServices(MachineClock.Key)] TimeProvider clock, ILogger<RateLimits> logger)
{
    const int FreeParts = 20;
    const int Parts = 10;
    const int PursesMost = 20_000; // a few megabytes; a flood from more addresses than that begins anew

    readonly ConcurrentDictionary<string, Purse> purses = new(StringComparer.Ordinal);

    public int PerMinute => settings.Value.PerMinute;

    public long Minute => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    public async Task<Allowance> Spend(string caller, int cost, CancellationToken stop)
    {
        var (now, minute) = (clock.GetUtcNow().ToUnixTimeSeconds(), Minute);
        var seconds = (int)(((minute + 1) * 60) - now);
        if (purses.Count > PursesMost)
            purses.Clear();
        var purse = purses.AddOrUpdate(caller, _ => New(minute), (_, old) => old.Minute == minute ? old : New(minute));
        await purse.Gate.WaitAsync(stop);
        try
        {
            while (purse.Spent + cost > purse.Granted && !purse.IsEmpty)
                await Grow(purse, caller, cost, stop);
            if (purse.Spent + cost > purse.Granted)
                return new(false, 0, seconds);
            purse.Spent += cost;
            return new(true, purse.IsShared ? purse.Left + purse.Granted - purse.Spent : PerMinute - purse.Spent, seconds);
        }
        finally
        {
            purse.Gate.Release();
        }
    }

    Purse New(long minute) => new(minute, PerMinute / FreeParts);

    async Task Grow(Purse purse, string caller, int cost, CancellationToken stop)
    {
        var wanted = Math.Max(cost, PerMinute / Parts) + (purse.IsShared ? 0 : purse.Granted); // what was free counts now
        try
        {
            var taken = await shared.Take(caller, purse.Minute, wanted, PerMinute, stop);
            if (taken is not { } got)
            {
                purse.Granted += cost; // too busy to count this one
                return;
            }

            purse.Granted = (purse.IsShared ? purse.Granted : 0) + got.Taken;
            (purse.IsShared, purse.Left, purse.IsEmpty) = (true, got.Left, got.Left == 0);
        }
        catch (RequestFailedException failed)
        {
            // A limiter that can't count must not be what ends the service: this instance counts alone until the next minute.
            logger.LogWarning(failed, "The shared budgets can't be reached: this instance counts alone");
            (purse.Granted, purse.IsEmpty) = (PerMinute, true);
        }
    }
}

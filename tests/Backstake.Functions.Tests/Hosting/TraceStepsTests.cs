using System.Diagnostics;
using Backstake.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>A step's trace is found by its vault, round and week, and tells nothing else of its message.</summary>
public sealed class TraceStepsTests
{
    [Fact]
    public async Task Step_IsOneActivity_WithVaultRoundAndWeek()
    {
        var submit = Assert.Single(await Traced("SubmitRound", new() { ["Vault"] = "0xaa", ["Round"] = "843", ["TriggerId"] = "secret" }));
        Assert.Equal("SubmitRound", submit.OperationName);
        Assert.Equal([("round", 843), ("vault", "0xaa")], submit.TagObjects.Select(tag => (tag.Key, tag.Value)).OrderBy(tag => tag.Key, StringComparer.Ordinal));
        var settle = Assert.Single(await Traced("SettleWeek", new() { ["vault"] = "0xaa", ["week"] = 7 }));
        Assert.Equal([("vault", "0xaa"), ("week", 7)], settle.TagObjects.Select(tag => (tag.Key, tag.Value)).OrderBy(tag => tag.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task WhatIsOfNoVault_IsNotTraced() => Assert.Empty(await Traced("OpenRounds", []));

    [Fact]
    public async Task FailedStep_SaysItsKind_AndNoMore()
    {
        var failed = Assert.Single(await Traced("WatchVault", new() { ["vault"] = "0xaa" }, new LogDamagedException("row e|1 of partition x")));
        Assert.Equal((ActivityStatusCode.Error, nameof(LogDamagedException)), (failed.Status, failed.StatusDescription));
        Assert.DoesNotContain(failed.TagObjects, tag => $"{tag.Value}".Contains("partition", StringComparison.Ordinal));
    }

    static async Task<IReadOnlyList<Activity>> Traced(string function, Dictionary<string, object?> message, Exception? failure = null)
    {
        var traced = new List<Activity>();
        // Other tests' steps may be traced meanwhile: this one's own are told by the trace that it begins here.
        using var own = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TraceSteps.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == own.TraceId)
                    traced.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var step = new TraceSteps().Invoke(new Invocation(function, message), _ => failure is null ? Task.CompletedTask : Task.FromException(failure));
        if (failure is null)
            await step;
        else
            await Assert.ThrowsAsync(failure.GetType(), () => step);
        return traced;
    }
}

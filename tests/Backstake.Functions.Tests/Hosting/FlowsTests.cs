using System.Reflection;
using Backstake.Functions.Hosting.Status;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>What status, measures and the guard of the chain know of the functions is what there is.</summary>
public sealed class FlowsTests
{
    static readonly IReadOnlyList<(string Flow, string Name, ParameterInfo Trigger)> Functions = typeof(HealthFunctions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null))
        .Select(method => (method.DeclaringType!.Namespace!.Split('.')[^1], method.GetCustomAttribute<FunctionAttribute>()!.Name, method.GetParameters()[0])).ToList();

    [Fact]
    public void Flows_AreTheQueuesAndTimersThereAre()
    {
        var queues = Functions.Where(it => it.Trigger.GetCustomAttribute<QueueTriggerAttribute>() is not null)
            .Select(it => new FlowFunction(it.Flow, it.Name, it.Trigger.GetCustomAttribute<QueueTriggerAttribute>()!.QueueName));
        // The Measure timer looks at the flows and is none; if it fails, its heartbeat stays out.
        var timers = Functions.Where(it => it.Trigger.GetCustomAttribute<TimerTriggerAttribute>() is not null && it.Name != "Measure").Select(it => new FlowFunction(it.Flow, it.Name, null));
        Assert.Equal(queues.Concat(timers).OrderBy(it => it.Name, StringComparer.Ordinal), Flows.All.OrderBy(it => it.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void WhatUsesTheChain_IsGuarded()
    {
        Assert.All(RefuseWrongChain.Functions, name => Assert.Contains(Functions, it => it.Name == name));
        // Polling, its webhook, the sweep and tidying ask Numerai and storage only, and a node's call asks the node; notifications are told from storage.
        Assert.Equal(["CallNode", "CallSubscriber", "OpenRounds", "RoundTriggered", "Sweep", "TellVault", "Tidy"], Flows.All.Select(it => it.Name).Except(RefuseWrongChain.Functions).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ClientId=11111111-2222-3333-4444-555555555555;Authorization=AAD", "11111111-2222-3333-4444-555555555555")]
    [InlineData("Authorization=AAD; clientid=abc", "abc")]
    [InlineData("Authorization=AAD", null)]
    [InlineData(null, null)]
    public void TelemetrysIdentity_IsTheOneOfTheHost(string? text, string? clientId) => Assert.Equal(clientId, Telemetry.ClientIdOf(text));
}

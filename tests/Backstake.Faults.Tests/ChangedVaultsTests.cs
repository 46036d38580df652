using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Backing;
using Backstake.Functions.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Faults.Tests;

/// <summary>Which vaults are sent to be watched: those whose contracts logged, all of them every half hour, and none that a node keeps quiet about while the other doesn't.</summary>
public sealed class ChangedVaultsTests(StorageGround ground) : IClassFixture<StorageGround>
{
    static readonly DateTimeOffset Noon = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task WhatLogged_IsWatched_AndEveryHalfHourAll()
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 5);
        var clock = new StoppedClock(Noon);
        await using var app = App.Start(ground.ConnectionString, clock, new Transports(), ("Ethereum:RpcUrl", chain.Node.ToString()), ("Ethereum:ChainId", $"{EchoChain.ChainId}"));
        var (one, two, old) = (chain.Vaults[0], chain.Vaults[1], chain.Vaults[2]);
        var registry = await Prepared(app);
        await registry.Add(new RegisteredVault(one, 8, "m1") { Notices = chain.Vaults[3] }, default);
        await registry.Add(new RegisteredVault(two, 8, "m2") { Notices = chain.Vaults[4] }, default);
        await registry.Add(new RegisteredVault(old, 8, "m3"), default); // as a version before this one kept it
        var all = new[] { one, two, old };

        Assert.Equal(all.Order(StringComparer.Ordinal), await Sent(app)); // never looked before
        Assert.Empty(await Sent(app));
        await chain.Mine(10);
        Assert.Empty(await Sent(app));
        await chain.Send(await chain.Deposit(1, two, 1));
        await chain.Mine(1);
        Assert.Empty(await Sent(app)); // not final
        await chain.Mine(4);
        Assert.Equal([two], await Sent(app));
        Assert.Empty(await Sent(app)); // once
        await chain.Send(await chain.Deposit(1, chain.Vaults[3], 1)); // what its notices log is the vault's
        await chain.Send(await chain.Deposit(2, old, 1, 1));
        await chain.Mine(5);
        Assert.Equal(new[] { one, old }.Order(StringComparer.Ordinal), await Sent(app));

        clock.Now = Noon + ChangedVaults.AllEvery - TimeSpan.FromSeconds(1);
        Assert.Empty(await Sent(app));
        clock.Now = Noon + ChangedVaults.AllEvery;
        Assert.Equal(all.Order(StringComparer.Ordinal), await Sent(app)); // also without a new block
        Assert.Empty(await Sent(app));
        await chain.Mine(1_010); // an absence
        Assert.Equal(all.Order(StringComparer.Ordinal), await Sent(app));
        Assert.Empty(await Sent(app));
    }

    [Theory]
    [InlineData("main"), InlineData("check")]
    public async Task F_03_LogsThatOneNodeHides_StillBringTheirVaultToBeWatched(string liar)
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 2);
        using var node = new RelayedNode(chain.Node, (host, method, answer) => method == "eth_getLogs" && host == liar ? new JsonArray() : answer);
        await using var app = App.Start(ground.ConnectionString, new StoppedClock(Noon.AddDays(1)), new Transports(null, null, node), [.. Relayed, ("Ethereum:CheckRpcUrl", "http://check.invalid")]);
        var registry = await Prepared(app);
        foreach (var vault in chain.Vaults)
            await registry.Add(new RegisteredVault(vault, 8, vault), default);
        await Sent(app);
        await chain.Send(await chain.Deposit(1, chain.Vaults[1], 1));
        await chain.Mine(5);
        Assert.Equal([chain.Vaults[1]], await Sent(app));
    }

    /// <summary>The look isn't over before all is sent: what a failure cut off is looked at again.</summary>
    [Fact]
    public async Task LookThatFails_IsMadeAgain()
    {
        await using var chain = await EchoChain.Start(slots: 1, vaults: 1);
        var fails = false;
        using var node = new RelayedNode(chain.Node, (_, _, answer) => answer) { Refuse = (method, _) => fails && method == "eth_getLogs" ? "too busy" : null };
        await using var app = App.Start(ground.ConnectionString, new StoppedClock(Noon.AddDays(2)), new Transports(null, null, node), Relayed);
        await (await Prepared(app)).Add(new RegisteredVault(chain.Vaults[0], 8, "m"), default);
        await Sent(app);
        await chain.Send(await chain.Deposit(1, chain.Vaults[0], 1));
        await chain.Mine(5);
        fails = true;
        await Assert.ThrowsAnyAsync<Exception>(() => app.GetRequiredService<ChangedVaults>().Send(default));
        fails = false;
        Assert.Equal([chain.Vaults[0]], await Sent(app));
    }

    /// <summary>For a node behind a relay.</summary>
    static (string, string)[] Relayed => [("Ethereum:RpcUrl", "http://main.invalid"), ("Ethereum:ChainId", $"{EchoChain.ChainId}")];

    /// <summary>With nothing of another test's in registry and queue.</summary>
    static async Task<VaultRegistry> Prepared(ServiceProvider app)
    {
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        await Watch(app).ClearMessagesAsync();
        var clients = app.GetRequiredService<StorageClients>();
        var table = clients.Tables.GetTableClient(VaultRegistry.TableName);
        await foreach (var row in table.QueryAsync<Azure.Data.Tables.TableEntity>())
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
        return app.GetRequiredService<VaultRegistry>();
    }

    /// <summary>Looks, and takes out of the queue what was sent.</summary>
    static async Task<IReadOnlyList<string>> Sent(ServiceProvider app)
    {
        await app.GetRequiredService<ChangedVaults>().Send(default);
        var messages = (await Watch(app).ReceiveMessagesAsync(maxMessages: 32)).Value;
        await Watch(app).ClearMessagesAsync();
        return [.. messages.Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("vault").GetString()!).Order(StringComparer.Ordinal)];
    }

    static Azure.Storage.Queues.QueueClient Watch(ServiceProvider app) => app.GetRequiredService<StorageClients>().Queues.GetQueueClient(VaultQueues.Watch);
}

using System.Net;
using Backstake.Functions.Http;
using Backstake.Functions.Tests.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Http;

/// <summary>Budgets a minute that hold on several instances over one storage.</summary>
[Collection(StorageGround.Collection)]
public sealed class RateLimitsTests(StorageGround ground)
{
    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 5, 12, 0, 20, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    static RateLimits Instance(SharedBudgets shared, Clock clock, int perMinute) =>
        new(shared, Options.Create(new RateLimitSettings { PerMinute = perMinute }), clock, NullLogger<RateLimits>.Instance);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 20)]
    public async Task Budget_HoldsOnAllInstancesTogether(int instances, int cost)
    {
        const int PerMinute = 400;
        var (shared, clock, caller) = (new SharedBudgets(ground.Clients), new Clock(), Guid.NewGuid().ToString("N"));
        await shared.Prepare(default);
        var limits = Enumerable.Range(0, instances).Select(_ => Instance(shared, clock, PerMinute)).ToList();
        async Task<int> Spent()
        {
            var calls = await Task.WhenAll(Enumerable.Range(0, 3 * PerMinute / cost).Select(call => limits[call % instances].Spend(caller, cost, default)));
            return cost * calls.Count(it => it.IsAllowed);
        }

        // All of it can be spent (but for what a tenth leaves over at each instance), and at most a twentieth more at each.
        Assert.InRange(await Spent(), PerMinute - (instances * cost), PerMinute + (instances * PerMinute / 20));
        Assert.InRange(await Spent(), 0, 0);
        var refused = await limits[0].Spend(caller, cost, default);
        Assert.Equal((false, 0, 40), (refused.IsAllowed, refused.Left, refused.Seconds));
        Assert.True((await limits[0].Spend("somebody else", cost, default)).IsAllowed);
        clock.Now += TimeSpan.FromSeconds(40);
        Assert.True((await limits[0].Spend(caller, cost, default)).IsAllowed);
    }

    [Fact]
    public async Task OrdinaryCaller_CostsNoStorageCall()
    {
        var limits = Instance(new SharedBudgets(ground.Clients), new Clock(), 400); // its table may not even be there
        var caller = Guid.NewGuid().ToString("N");
        for (var call = 1; call <= 20; call++)
            Assert.Equal((true, 400 - call), (await limits.Spend(caller, 1, default) is var it && it.IsAllowed, it.Left));
        await foreach (var _ in ground.Clients.Tables.GetTableClient(SharedBudgets.TableName).QueryAsync<Azure.Data.Tables.TableEntity>($"PartitionKey eq '{caller}'"))
            Assert.Fail("A row was written.");
    }

    [Theory]
    [InlineData("203.0.113.7", 0, "127.0.0.1")]
    [InlineData("6.6.6.6, 203.0.113.7", 1, "203.0.113.7")]
    [InlineData("6.6.6.6, 203.0.113.7:4711", 1, "203.0.113.7")]
    [InlineData("6.6.6.6, 203.0.113.7, 10.0.0.1", 2, "203.0.113.7")]
    [InlineData("203.0.113.7", 2, "127.0.0.1")]
    [InlineData("nonsense", 1, "127.0.0.1")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:443", 1, "20010db800010002")]
    [InlineData("::ffff:203.0.113.7", 1, "203.0.113.7")]
    public void Address_IsTheProxys_NotTheClients(string header, int proxies, string address)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Request.Headers["X-Forwarded-For"] = header;
        Assert.Equal(address, CallerAddress.Of(http, proxies));
    }
}

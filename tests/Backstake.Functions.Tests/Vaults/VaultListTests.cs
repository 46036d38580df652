using Backstake.Functions.Http;
using Backstake.Functions.Tests.Offers;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Tests.Vaults;

/// <summary>What the list remembers, and for how long.</summary>
[Collection(StorageGround.Collection)]
public sealed class VaultListTests(StorageGround ground) : IAsyncLifetime
{
    sealed class Ticking : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }

    static readonly VaultQuery All = new(null, null, null, null, null, VaultQuery.ById);

    readonly Ticking clock = new();
    readonly Machine machine = ground.NewMachine();
    readonly VaultRegistry registry = new(ground.Clients);
    VaultList list = null!;

    public async Task InitializeAsync()
    {
        await registry.Prepare(default);
        await registry.SetReadUpTo(await registry.ReadUpTo(default) ?? 1, default);
        var models = NobodysModels.Of(ground.Clients, registry, clock);
        await models.Table.Prepare(default);
        list = new VaultList(ground.NewMachine().Store, registry, models.Owners, clock);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Vault_IsReadAgain_WhenWhatIsKnownIsOld()
    {
        var vault = await Begin();
        await ReadOn();
        var (before, count) = (await Events(vault), (await Listed()).Count);
        await machine.Append(vault, History.Deposited(2));
        clock.Passed += TimeSpan.FromSeconds(1);
        Assert.Equal(before, await Events(vault));
        clock.Passed += TimeSpan.FromSeconds(1) + (count * TimeSpan.FromMilliseconds(60));
        Assert.Equal(before + 1, await Events(vault));
        await machine.Append(vault, History.Deposited(3));
        Assert.Equal(before + 1, await Events(vault));
    }

    [Fact]
    public async Task NewVault_IsListed_OnceTheFactoryWasReadSoFar()
    {
        Assert.NotNull(await Listed());
        var vault = await Begin();
        Assert.DoesNotContain(await Listed(), it => it.Vault.Id == vault);
        await ReadOn();
        Assert.DoesNotContain(await Listed(), it => it.Vault.Id == vault);
        clock.Passed += TimeSpan.FromSeconds(2);
        Assert.Contains(await Listed(), it => it.Vault.Id == vault);
    }

    [Fact]
    public async Task VaultThatManyWant_IsReadOnce()
    {
        var vault = await Begin();
        await ReadOn();
        var pages = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Listed()));
        Assert.Single(pages.Select(page => page.Single(it => it.Vault.Id == vault)).Distinct(ReferenceEqualityComparer.Instance));
    }

    async Task<string> Begin()
    {
        var vault = await History.Begin(machine);
        await registry.Add(new(vault, 8, "11111111-2222-3333-4444-555555555555"), default);
        return vault;
    }

    /// <summary>As the watcher does after it has registered what the factory made.</summary>
    async Task ReadOn() => await registry.SetReadUpTo((await registry.ReadUpTo(default))!.Value + 1, default);

    async Task<IReadOnlyList<ListedVault>> Listed()
    {
        var (all, after) = (new List<ListedVault>(), (string?)null);
        do
        {
            (var page, after) = await list.Page(All, new Paging(Paging.LimitMost, after), default);
            all.AddRange(page);
        }
        while (after is not null);
        return all;
    }

    async Task<long> Events(string vault) => (await Listed()).Single(it => it.Vault.Id == vault).Summary!.Events;
}

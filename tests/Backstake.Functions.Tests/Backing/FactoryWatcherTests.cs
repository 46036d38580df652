using Backstake.Functions.Backing;
using Backstake.Functions.Hosting;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Seasons;
using Backstake.Functions.Vaults;
using Backstake.Sandbox.Scores;
using Backstake.Season;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Functions.Tests.Backing;

/// <summary>Anybody can make a vault that names any model, and as many as they pay for.</summary>
public sealed class FactoryWatcherTests(RunningApp running) : IClassFixture<RunningApp>
{
    [SkippableFact]
    public async Task VaultOfAModelThatAnotherHas_Halts_UntilTheOtherIsGone()
    {
        SeasonCollection.NeedContracts();
        var models = SandboxScores.ReadOrMake(null, Repository.Root, 1).Models;
        var stranger = await running.Create("stranger", models[0]);
        var neighbour = await running.Create("neighbour", models[1]);
        await using var app = running.InProcess(new Transports());
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        var store = app.GetRequiredService<VaultStore>();
        for (var times = 0; times < 2; times++)
        {
            await app.GetRequiredService<FactoryWatcher>().Watch(default);
            Assert.Null((await store.Load(running.Vault, default)).Record.Halted);
            Assert.Null((await store.Load(neighbour, default)).Record.Halted);
            var halted = (await store.Load(stranger, default)).Record.Halted!;
            Assert.Equal(Cause.ModelTaken, halted.Cause);
            Assert.Contains(running.Vault, halted.Detail, StringComparison.Ordinal);
        }

        // The first is over: then the model is free.
        await store.Run(running.Vault, work => work.Append(default, new NewEntry("closeBooks", new BooksClosed(), running.Ground.Clock.GetUtcNow(), new ChainSource(long.MaxValue, "0xfeed", 0))), default);
        var next = await running.Create("heir", models[0]);
        await app.GetRequiredService<FactoryWatcher>().Watch(default);
        Assert.Null((await store.Load(next, default)).Record.Halted);
    }

    /// <summary>Whoever pays for one vault with impossible numbers must not keep everybody else's from being found.</summary>
    [SkippableFact]
    public async Task VaultWithImpossibleNumbers_IsNotTaken_AndKeepsNoOtherWaiting()
    {
        SeasonCollection.NeedContracts();
        var model = SandboxScores.ReadOrMake(null, Repository.Root, 1).Models[2];
        string[] impossible =
        [
            await running.Create("joker 1", model, vault => vault.ModelId = [1, .. vault.ModelId[1..]]),
            await running.Create("joker 2", model, vault => vault.Tournament = System.Numerics.BigInteger.Pow(2, 200)),
            await running.Create("joker 3", model, vault => vault.FirstCut = (1ul << 40) - 2),
        ];
        var honest = await running.Create("honest", model);
        await using var app = running.InProcess(new Transports());
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        await app.GetRequiredService<FactoryWatcher>().Watch(default);
        var registry = app.GetRequiredService<VaultRegistry>();
        Assert.NotNull(await registry.Find(honest, default));
        foreach (var vault in impossible)
            Assert.Null(await registry.Find(vault, default));
    }

    [SkippableFact]
    public async Task MoreVaultsThanNumeraiNamesInAMinute_AreFoundInTheNext_AndTheCallsForSubmissionsAreLeft()
    {
        SeasonCollection.NeedContracts();
        var most = NumeraiCalls.Most[NumeraiCalls.ModelName];
        var made = new List<string>();
        for (var i = 0; i <= 2 * most; i++)
            made.Add(await running.Create($"crowd {i}", SandboxScores.ReadOrMake(null, Repository.Root, 1).Models[^1]));
        await using var app = running.InProcess(new Transports());
        await app.GetRequiredService<StoragePreparation>().Prepare(default);
        var (registry, calls) = (app.GetRequiredService<VaultRegistry>(), app.GetRequiredService<NumeraiCalls>());
        while (await Found() < 1 + 2 * most)
        {
            var before = await Found();
            for (var looks = 0; looks < 3; looks++)
                await app.GetRequiredService<FactoryWatcher>().Watch(default);
            Assert.InRange(await Found(), before + 1, before + most);
            for (var left = 0; left < NumeraiCalls.Most["model"] - most; left++)
                calls.Count("model"); // throws where there are none
            running.Ground.Clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        }

        async Task<int> Found()
        {
            var found = 0;
            foreach (var vault in made)
                found += await registry.Find(vault, default) is null ? 0 : 1;
            return found;
        }
    }
}

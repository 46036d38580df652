using Backstake.Functions.Backing;
using Backstake.Functions.Hosting;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Seasons;
using Backstake.Functions.Vaults;
using Backstake.Sandbox.Scores;
using Backstake.Season;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Functions.Tests.Backing;

/// <summary>Anybody can make a vault that names any model.</summary>
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
}

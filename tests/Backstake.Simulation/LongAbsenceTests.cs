using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Backing;
using Backstake.Functions.Hosting;
using Backstake.Functions.Operations;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Engine;
using Backstake.Simulation.World;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Backstake.Simulation;

/// <summary>A deployment that comes after a million blocks, and nodes that fail meanwhile (FAULTS.md F-4).</summary>
public sealed class LongAbsenceTests(ITestOutputHelper output)
{
    const int Blocks = 1_000_000;
    const int BlocksOfARequest = 2_000;
    const int BlocksUntilItNotes = ChainWatcher.RequestsMost * BlocksOfARequest;
    const int Deposits = 300;
    const int LogsMost = 5;         // in an answer; nodes have 10,000
    const int FailsAt = 40;         // each so manieth request isn't answered

    static readonly VaultFacts Vault = Deployment.Facts(1, Setting.Start.AddYears(1)); // no cut on the way: deposits only

    [Fact]
    public void F_04_MillionBlocks_AreCaughtUpWithoutAGap_InFewRequests_WhateverTheNodeRefuses() => Deployment.OnItsOwnThread(() =>
    {
        var world = new Deployment([Vault], finalityBlocks: 64);
        var (asked, refused, down, tries) = (0, 0, 0, 0);
        world.Between = (call, node) =>
        {
            if (++asked % FailsAt == 0)
            {
                down++;
                return new Answer(down % 2 == 0 ? 429 : 503, [], "");
            }

            var answer = node(call);
            if (call.Name != "eth_getLogs" || answer.Body.AsSpan().Count("\"logIndex\""u8) <= LogsMost)
                return answer;
            refused++;
            return Answer.Json($"{{\"jsonrpc\":\"2.0\",\"id\":{call.Json!.Value.GetProperty("id").GetRawText()},\"error\":{{\"code\":-32005,\"message\":\"query returned more than {LogsMost} results\"}}}}");
        };
        var expected = Plan(world);
        var host = world.Start();
        world.Run(host, async app =>
        {
            await app.GetRequiredService<StoragePreparation>().Prepare(default);
            await Begin(app);
            for (; await Read(app) is var units && units.Count < Deposits; tries++)
            {
                Assert.Equal(expected.Take(units.Count), units); // never one that leaves another out
                Assert.True(tries < asked / FailsAt + 1, "It stops where nothing fails.");
                try
                {
                    await app.GetRequiredService<ChainWatcher>().Watch(Vault.Vault, default);
                }
                catch (Exception failure) when (CountAttempts.IsOutside(failure))
                {
                    // The queue brings the message back.
                }
            }

            Assert.Equal(expected, await Read(app));
        });
        output.WriteLine($"{asked} requests, {refused} refused and {down} not answered; {tries} tries");
        Assert.True(refused > 10 && down > 10);
        // Of each range the logs, and where it notes how far it is the last block's hash; of a deposit its block; of a refused range its halves; and what was begun again after a failure.
        const int Least = (Blocks / BlocksOfARequest) + (Blocks / BlocksUntilItNotes);
        Assert.InRange(asked, Least, Least + Deposits + (2 * refused) + (8 * (down + 1)));
    });

    /// <summary>Whether a vault's staker was another before is searched in all blocks since: a node that often fails needn't answer for all of them in a row.</summary>
    [Fact]
    public void F_04_VaultThatIsFoundLate_IsTaken_ThoughTheNodeFailsAtEachEighthCall() => Deployment.OnItsOwnThread(() =>
    {
        const int FailsAtEach = 8;
        var (asked, tries) = (0, 0);
        var world = new Deployment([Vault], finalityBlocks: 64) { Between = (call, node) => ++asked % FailsAtEach == 0 ? new Answer(503, [], "") : node(call) };
        world.Loop.RunUntil(Setting.Start.AddSeconds((double)Blocks * ChainModel.BlockSeconds));
        world.Run(world.Start(), async app =>
        {
            await app.GetRequiredService<StoragePreparation>().Prepare(default);
            for (; await app.GetRequiredService<VaultRegistry>().Read(Vault.Vault, default) is null; tries++)
            {
                Assert.True(tries < Blocks / BlocksOfARequest, "It never gets on.");
                try
                {
                    await app.GetRequiredService<FactoryWatcher>().Watch(default);
                }
                catch (Exception failure) when (CountAttempts.IsOutside(failure))
                {
                    // The timer comes again.
                }
            }

            Assert.Equal(1, (await app.GetRequiredService<VaultStore>().Load(Vault.Vault, default)).Sequence);
        });
        output.WriteLine($"{asked} requests, {tries} tries that failed");
        Assert.True(tries > Blocks / BlocksOfARequest / FailsAtEach, "Nothing failed on the way.");
    });

    /// <summary>With a second node set, nothing is taken from one alone, however long the other is down: with one alone nothing would be checked. Nothing is lost by waiting.</summary>
    [Theory]
    [InlineData("node.simulator")]
    [InlineData("check.simulator")]
    public void F_04_SecondNode_StandsInForNone(string isDown) => Deployment.OnItsOwnThread(() =>
    {
        var world = new Deployment([Vault], finalityBlocks: 64);
        var down = false;
        world.Between = (call, node) => down && call.Uri.Host == isDown ? new Answer(503, [], "") : node(call);
        var expected = Plan(world);
        var host = world.Start(new Dictionary<string, string?> { ["Ethereum:CheckRpcUrl"] = "https://check.simulator" });
        world.Run(host, async app =>
        {
            await app.GetRequiredService<StoragePreparation>().Prepare(default);
            await Begin(app);
            down = true;
            for (var tries = 0; tries < 10; tries++)
                Assert.True(CountAttempts.IsOutside(await Assert.ThrowsAnyAsync<Exception>(() => app.GetRequiredService<ChainWatcher>().Watch(Vault.Vault, default))));
            Assert.Empty(await Read(app));
            down = false;
            await app.GetRequiredService<ChainWatcher>().Watch(Vault.Vault, default);
            Assert.Equal(expected, await Read(app));
        });
    });

    /// <summary>Deposits of 1, 2, 3 … units, alone and in crowds, up to the last final block.</summary>
    static List<long> Plan(Deployment world)
    {
        var (random, terms) = (Random64.For(4, "deposits"), new VaultTerms { UnitSize = BigInteger.Pow(10, 18), CompoundingWeeks = 52 });
        world.Act(Setting.Start.AddHours(1), Vault, Vault.Owner, "offer", (vault, call) => vault.Offer(call, History.TermsOne, terms));
        var at = Setting.Start.AddHours(2);
        var length = TimeSpan.FromSeconds((double)Blocks * ChainModel.BlockSeconds);
        for (var number = 1; number <= Deposits; number++)
        {
            var units = number;
            world.Act(at, Vault, History.Anna.Address, "deposit", (vault, call) => vault.Deposit(call, History.TermsOne, units, pay: false));
            at += random.Chance(0.3) ? TimeSpan.FromSeconds(random.Between(0, 60)) : random.Span(TimeSpan.Zero, length / Deposits * 2);
            at = number < Deposits - 1 && at < Setting.Start + length ? at : Setting.Start + length; // the last in the last block
        }

        world.Loop.RunUntil(Setting.Start + length + TimeSpan.FromHours(1));
        Assert.Equal(Deposits + 1, world.Chain.Blocks.Sum(block => block.Transactions.Count(it => it.Refusal is null)));
        return [.. Enumerable.Range(1, Deposits).Select(units => (long)units)];
    }

    static Task Begin(IServiceProvider app) => app.GetRequiredService<VaultStore>().Run(Vault.Vault, work => work.Append(default, new NewEntry("vault", new VaultAdded(
        Vault.Vault, Vault.Notices, Vault.Owner, Vault.Staker, Vault.Tournament, Vault.ModelId.ToString(), "model", 64, DateTimeOffset.FromUnixTimeSeconds(Vault.FirstCut), (int)Vault.Window, 5), Setting.Start)), default);

    static async Task<List<long>> Read(IServiceProvider app)
    {
        var units = new List<long>();
        await foreach (var entry in app.GetRequiredService<LogTable>().Read(Vault.Vault, 0, LogEntry.Genesis, default))
        {
            if (entry.Event is Booked { Event: Deposit deposit })
                units.Add(deposit.Units.Count);
        }

        return units;
    }
}

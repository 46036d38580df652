using System.Text.Json;
using Backstake.Accounting;
using Backstake.Functions.Settlement;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Sandbox.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backstake.Functions.Tests.Vaults;

/// <summary>Exactly once, whoever appends, however often, on how many machines (FAULTS.md A-1, C-1, D-1; DESIGN.md "One idea").</summary>
[Collection(StorageGround.Collection)]
public sealed class VaultStoreTests(StorageGround ground)
{
    [Fact]
    public async Task SameHappening_HoweverOften_IsOneEvent()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        foreach (var machine in new[] { one, other, one, ground.NewMachine() })
            await machine.Append(vault, History.Deposited(2) with { At = History.FirstCut.AddMinutes(1) });
        Assert.Single(await one.ReadAll(vault), entry => entry.Key == History.Deposited(2).Key);
        Assert.Equal(3, (await one.Store.Load(vault, default)).Books.WaitingUnits.Values.Sum(units => units.Count));
    }

    [Fact]
    public async Task PartlyKnownEvents_AreCompleted_InOrder()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        await one.Append(vault, History.Deposited(2), History.Deposited(3));
        await other.Append(vault, History.Deposited(1, 2), History.Deposited(2), History.Deposited(4), History.Deposited(3), History.Deposited(5));
        Assert.Equal(
            new[] { 1, 2, 3, 4, 5 }.Select(place => $"deposit|0xfeed|{place}"),
            (await one.ReadAll(vault)).Skip(2).Select(entry => entry.Key));
    }

    /// <summary>Two workers whose decisions begin alike and end differently, of the same state: the one that comes second decides again on what the first one's gave, and nothing halts.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DecisionThatAnotherWorkerMadeInPart_IsMadeAgain(bool goesOn)
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        var triggered = History.Opened(2) with { Event = (RoundOpened)History.Opened(2).Event with { TriggerId = "webhook" } };
        var decisions = 0;
        await one.Store.Run(vault, async work =>
        {
            if (decisions++ == 0)
                await other.Append(vault, goesOn ? [History.Opened(1), History.Opened(2)] : [History.Opened(1)]);
            var seen = work.State.Record.LastRound;
            await work.Append(default, [.. new[] { (Round: 1, Entry: History.Opened(1)), (Round: 2, Entry: triggered) }.Where(it => it.Round > seen).Select(it => it.Entry)]);
        }, default);
        Assert.Equal(2, decisions);
        var rounds = (await one.ReadAll(vault)).Select(entry => entry.Event).OfType<RoundOpened>().Select(it => (it.Round, it.TriggerId));
        Assert.Equal([(1, null), (2, goesOn ? null : "webhook")], rounds);
        Assert.Null((await other.Store.Load(vault, default)).Record.Halted);
    }

    /// <summary>Only what is impossible after the newest state halts a vault.</summary>
    [Fact]
    public async Task WhatIsImpossibleAfterAnOldState_HaltsNothing()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        var seen = new List<long>();
        await one.Store.Run(vault, async work =>
        {
            seen.Add(work.State.Sequence);
            if (seen.Count > 1)
                return;
            await other.Append(vault, History.Deposited(2));
            throw new VaultDivergedException("The chain names a deposit that the books don't have.");
        }, default);
        Assert.Equal([3, 4], seen);
        Assert.Null((await other.Store.Load(vault, default)).Record.Halted);
        await Assert.ThrowsAsync<VaultDivergedException>(() => one.Store.Run(vault, _ => throw new VaultDivergedException("It isn't there."), default));
        Assert.Equal(nameof(VaultDivergedException), (await other.Store.Load(vault, default)).Record.Halted?.Cause);
    }

    /// <summary>What is told of a log is what is in it, whoever appended it, and however much this process remembers.</summary>
    [Fact]
    public async Task EntriesAfterAPlace_AreTheLogs_WhoeverAppendedThem()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        for (var place = 2; place <= 30; place++)
        {
            await (place % 9 == 0 ? other : one).Append(vault, History.Deposited(place));
            await one.Store.Load(vault, default);
            var all = await other.ReadAll(vault);
            foreach (var after in new[] { 0, all.Count / 2, all.Count - 2, all.Count })
            {
                var told = await one.Store.Entries(vault, after, default).ToListAsync();
                Assert.Equal(all.Skip(after).Select(entry => (entry.Sequence, entry.Key)), told.Select(entry => (entry.Sequence, entry.Key)));
            }
        }
    }

    /// <summary>What is due may be found in what was the newest some minutes ago; a sweep later it is read again, and what this process appended itself is known at once.</summary>
    [Fact]
    public async Task RecentState_IsAFewMinutesOldAtMost()
    {
        using var clock = new VirtualClock(DateTimeOffset.UnixEpoch);
        var other = ground.NewMachine();
        var one = other with { Store = new VaultStore(other.Log, other.Blobs, clock, NullLogger<VaultStore>.Instance) };
        var vault = await History.Begin(other);
        Assert.Equal(3, (await one.Store.Recent(vault, default)).Sequence); // of one that isn't known the newest
        await other.Append(vault, History.Deposited(2));
        clock.Advance(TimeSpan.FromMinutes(4) - TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await one.Store.Recent(vault, default)).Sequence);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, (await one.Store.Recent(vault, default)).Sequence);
        await one.Append(vault, History.Deposited(3));
        Assert.Equal(5, (await one.Store.Recent(vault, default)).Sequence);
        await other.Log.Mark(vault, "a row is damaged", default);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True((await Assert.ThrowsAsync<LogDamagedException>(() => one.Store.Recent(vault, default))).IsKnown);
    }

    [Fact]
    public async Task SameKeyWithOtherContent_HaltsTheVault_AndOnlyThatOne()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var (vault, neighbour) = (await History.Begin(one), await History.Begin(one));
        await one.Append(vault, History.Deposited(2));
        await Assert.ThrowsAsync<EventConflictException>(() => other.Append(vault, History.Deposited(2, 4)));
        foreach (var machine in new[] { one, other, ground.NewMachine() })
        {
            var halted = (await machine.Store.Load(vault, default)).Record.Halted;
            Assert.Equal(nameof(EventConflictException), halted?.Cause);
            await machine.Store.Run(vault, _ => throw new InvalidOperationException("A halted vault ran."), default);
            await machine.Append(neighbour, History.Deposited(2));
        }
    }

    [Fact]
    public async Task LogThatHasEnded_IsNotAppendedTo()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        await one.Append(vault, new NewEntry("closeBooks", new BooksClosed(), History.FirstCut, new ChainSource(99, "0xfeed", 9)));
        foreach (var machine in new[] { one, other, ground.NewMachine() })
            await machine.Store.Run(vault, _ => throw new InvalidOperationException("A vault ran that is over."), default);
        Assert.Equal("closeBooks", (await one.ReadAll(vault))[^1].Key);
        Assert.Equal("booksClosed", VaultSummary.StatusOf(await other.Store.Load(vault, default)));
    }

    /// <summary>Whatever another version kept beside the books: the state is the fold of the log.</summary>
    [Theory]
    [InlineData("{\"checked\":true}")]
    [InlineData("{\"shape\":99,\"submitted\":7,\"lastRound\":{}}")]
    public async Task RecordThatAnotherVersionStored_IsFoldedAgain(string stored)
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        await machine.Append(vault, History.Opened(1), History.Closed(1));
        var record = System.Text.Encoding.UTF8.GetBytes(stored);
        await machine.Store.Run(vault, async work =>
        {
            var documents = SettlementDocuments.Of(work.State) with { Record = record };
            foreach (var document in documents.All)
                await machine.Blobs.Put(vault, document, default);
            await work.Append(default, new NewEntry("settle|1", documents.Event with { RecordDigest = BlobStore.DigestOf(record) }, History.FirstCut));
        }, default);
        await machine.Append(vault, History.Deposited(2));
        var (loaded, folded) = (await ground.NewMachine().Store.Load(vault, default), await History.FoldFromTheBeginning(machine, vault));
        Assert.Equal(folded.Record.Write(), loaded.Record.Write());
        Assert.Equal((folded.Sequence, folded.SettledSequence), (loaded.Sequence, loaded.SettledSequence));
        Assert.Equal(folded.Chain, loaded.Chain);
        Assert.Equal(StoredBooks.Write(folded.Books), StoredBooks.Write(loaded.Books));
        Assert.Contains($"\"shape\":{VaultRecord.ThisShape}", System.Text.Encoding.UTF8.GetString(loaded.Record.Write()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventThatTheBooksRefuse_IsNotAppended_AndHaltsTheVault()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var refused = await Assert.ThrowsAsync<BooksRefusedException>(() => machine.Append(vault, History.Deposited(2), History.Resolved(7, Nmr.Zero)));
        Assert.Equal("roundNotOpen", refused.Refusal.Code);
        Assert.Equal(["vault", $"offer|{History.TermsOne}", "deposit|0xfeed|1", "halt|3"], (await machine.ReadAll(vault)).Select(entry => entry.Key));
    }

    [Fact]
    public async Task StepOnAStaleState_IsDecidedAgainOnTheNewest()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        var seen = new List<long>();
        await one.Store.Run(vault, async work =>
        {
            seen.Add(work.State.Sequence);
            if (seen.Count == 1)
                await other.Append(vault, History.Deposited(2));
            await work.Append(default, History.Deposited(100 + (int)work.State.Sequence));
        }, default);
        Assert.Equal([3, 4], seen);
        Assert.Equal("deposit|0xfeed|104", (await one.ReadAll(vault))[^1].Key);
    }

    [Fact]
    public async Task LosingEveryRace_GivesTheMessageBack()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        var tries = 0;
        await Assert.ThrowsAsync<HeadMovedException>(() => one.Store.Run(vault, async work =>
        {
            tries++;
            await other.Append(vault, History.Deposited(10 + tries));
            await work.Append(default, History.Deposited(99));
        }, default));
        Assert.Equal(5, tries);
        Assert.DoesNotContain(await one.ReadAll(vault), entry => entry.Key.EndsWith("|99", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, 30)]
    [InlineData(6, 8)]
    public async Task ManyMachinesOnOneVault_LeaveNoGapAndNoDouble(int machines, int eventsEach)
    {
        var vault = await History.Begin(ground.NewMachine());
        // Every happening is seen by two machines, as by the watcher and the sweep.
        await Task.WhenAll(Enumerable.Range(0, machines).Select(async number =>
        {
            var machine = ground.NewMachine();
            await Task.WhenAll(Enumerable.Range(0, eventsEach).SelectMany(i => new[] { 1000 * number + i, 1000 * ((number + 1) % machines) + i })
                .Select(place => Until(() => machine.Append(vault, History.Deposited(2000 + place)))));
        }));

        var entries = await ground.NewMachine().ReadAll(vault); // reading proves the chain of hashes
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(it => (long)it), entries.Select(entry => entry.Sequence));
        Assert.Equal(3 + machines * eventsEach, entries.Count);
        Assert.Equal(entries.Count, entries.Select(entry => entry.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(2 + machines * eventsEach, (await ground.NewMachine().Store.Load(vault, default)).Books.WaitingUnits.Values.Sum(units => units.Count));
    }

    [Fact]
    public async Task MoreEventsThanOneTransactionHolds_KeepTheirOrder()
    {
        var machine = ground.NewMachine();
        var vault = await History.Begin(machine);
        var news = Enumerable.Range(100, 120).Select(place => History.Deposited(place)).ToArray();
        await machine.Append(vault, news);
        Assert.Equal(news.Select(entry => entry.Key), (await machine.ReadAll(vault)).Skip(3).Select(entry => entry.Key));
    }

    [Fact]
    public async Task ColdStart_FromStoredBooks_EqualsTheFoldFromTheBeginning()
    {
        var machine = ground.NewMachine();
        var vault = await History.TwoWeeks(machine);
        var (warm, cold, whole) = (
            await machine.Store.Load(vault, default), await ground.NewMachine().Store.Load(vault, default), await History.FoldFromTheBeginning(machine, vault));
        foreach (var state in new[] { warm, cold })
        {
            Assert.Equal(whole.Sequence, state.Sequence);
            Assert.Equal(whole.SettledSequence, state.SettledSequence);
            Assert.Equal(whole.Chain, state.Chain);
            Assert.Equal(StoredBooks.Write(whole.Books), StoredBooks.Write(state.Books));
            Assert.Equal(Json(whole.Record), Json(state.Record));
            Assert.Equal(Shown(whole), Shown(state));
        }

        // What was on offer before is on offer still, although nobody holds it.
        await ground.NewMachine().Append(vault, new NewEntry("deposit|0xfeed|77", new Booked(
            new Deposit(History.Anna, new TermsId("b2" + History.TermsOne[2..]), new Units(1), Payout.Pay)), History.FirstCut));

        static string Json(VaultRecord record) => JsonSerializer.Serialize(record, LogEntryJson.Options);
        static string Shown(VaultState state) => JsonSerializer.Serialize(VaultSummary.Of(state, ShownOwnership.Of(Ownership.Nothing, History.FirstCut)));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task ColdStart_FromADamagedDocument_IsRefused(bool books)
    {
        var machine = ground.NewMachine();
        var vault = await History.TwoWeeks(machine);
        var settled = (VaultSettled)(await machine.ReadAll(vault)).Last(entry => entry.Event is VaultSettled).Event;
        var digest = books ? settled.BooksDigest : settled.RecordDigest;
        var blob = ground.Clients.Blobs.GetBlobContainerClient(BlobStore.Settlements).GetBlobClient($"{vault}/{digest}.json");
        var content = (await blob.DownloadContentAsync()).Value.Content.ToArray();
        content[^2] ^= 1;
        await blob.UploadAsync(BinaryData.FromBytes(content), overwrite: true);
        await Assert.ThrowsAsync<LogDamagedException>(() => ground.NewMachine().Store.Load(vault, default));
    }

    [Fact]
    public async Task Settling_Twice_IsOneSettlement()
    {
        var (one, other) = (ground.NewMachine(), ground.NewMachine());
        var vault = await History.Begin(one);
        await other.Store.Load(vault, default);
        var settlement = new Backstake.Functions.Settlement.VaultSettlement(one.Blobs);
        await Task.WhenAll(new[] { one, other }.Select(machine => machine.Store.Run(vault, async work =>
        {
            if (work.State.Books.LastWeek.Number == 0)
                await settlement.Settle(work, default);
        }, default)));
        Assert.Single(await one.ReadAll(vault), entry => entry.Event is VaultSettled);
    }

    /// <summary>What the queue does with a message whose step lost every race: it comes back.</summary>
    static async Task Until(Func<Task> step)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (HeadMovedException) when (tries < 50)
            {
                // Again.
            }
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Operations;
using Backstake.Functions.Settlement;

namespace Backstake.Faults.Tests.Rows;

/// <summary>
/// FAULTS.md K-4: another version of the program works on the same storage. It is played by what it would store: a record of another shape beside the books, an entry of another kind or version. Its own code
/// isn't here.
/// </summary>
[Collection(StorageGround.Collection)]
public sealed class VersionRows(StorageGround ground)
{
    const int OlderShape = 1;
    const int NewerShape = VaultRecord.ThisShape + 1;

    [Theory]
    [InlineData(OlderShape), InlineData(NewerShape)]
    public async Task K_04_RecordsOfTwoShapes_SideBySide_AreOneHistory(int shape)
    {
        var (mine, other) = (ground.NewMachine(), ground.NewMachine());
        var (vault, alone) = (await History.Begin(mine), await History.Begin(mine));
        for (var week = 1; week <= 4; week++)
        {
            await Settle(week % 2 == 0 ? mine : other, vault, week, week % 2 == 0 ? VaultRecord.ThisShape : shape);
            await Settle(mine, alone, week, VaultRecord.ThisShape);
            var accepted = new NewEntry($"accept|{week}", new SettlementAccepted(week), History.FirstCut.AddDays(7 * week), new ChainSource(900 + week, "0xacce", 0));
            await ground.NewMachine().Append(vault, accepted, History.Opened(week), History.Closed(week)); // who knows nothing yet goes on from what was stored
            await mine.Append(alone, accepted, History.Opened(week), History.Closed(week));
            var place = 100 * week;
            await Task.WhenAll(new[] { mine, other }.Select(machine => Until(() => machine.Append(vault, History.Deposited(place))))); // and both see the same
            await mine.Append(alone, History.Deposited(place));
        }

        var folded = await History.FoldFromTheBeginning(mine, vault);
        foreach (var machine in new[] { mine, other, ground.NewMachine() })
        {
            var state = await machine.Store.Load(vault, default);
            Assert.Null(state.Record.Halted);
            Assert.Equal((folded.Sequence, 4), (state.Sequence, state.Books.LastWeek.Number));
            Assert.Equal(folded.Chain, state.Chain);
            Assert.Equal(StoredBooks.Write(folded.Books), StoredBooks.Write(state.Books));
            Assert.Equal(folded.Record.Write(), state.Record.Write());
        }

        Assert.Equal(await Books(alone), await Books(vault));
        async Task<string> Books(string id) => Encoding.UTF8.GetString(StoredBooks.Write((await ground.NewMachine().Store.Load(id, default)).Books)).Replace(id, "", StringComparison.Ordinal);
    }

    /// <summary>Their records differ, so their settlements do, too; the one that comes second finds the week settled.</summary>
    [Theory]
    [InlineData(OlderShape), InlineData(NewerShape)]
    public async Task K_04_BothSettleTheSameWeekAtOnce_OneDoes(int shape)
    {
        var (other, isSettled) = (ground.NewMachine(), false);
        var vault = await History.Begin(other);
        var mine = App.Machine(App.Connect(ground.ConnectionString, App.Through(new FaultyTransport(async request =>
        {
            if (!isSettled && request.Uri.ToString().Contains("$batch", StringComparison.Ordinal))
            {
                isSettled = true; // a moment before this one's own
                await Settle(other, vault, 1, shape);
            }

            return Storm.None;
        }))));
        await Settle(mine, vault, 1, VaultRecord.ThisShape);
        Assert.True(isSettled);
        await mine.Append(vault, History.Deposited(7));
        await other.Append(vault, History.Deposited(8));
        var state = await ground.NewMachine().Store.Load(vault, default);
        Assert.Equal((1, null), (state.Books.LastWeek.Number, state.Record.Halted));
        Assert.Equal(["settle|1", "deposit|0xfeed|7", "deposit|0xfeed|8"], (await mine.ReadAll(vault)).Skip(3).Select(entry => entry.Key));
    }

    [Theory]
    [InlineData(LogEntryJson.Version, """{"type":"unitsSplit","week":3}"""), InlineData(LogEntryJson.Version, """{"type":"settlementAccepted","week":3,"by":"somebody"}"""), InlineData(LogEntryJson.Version + 1, """{"type":"settlementAccepted","week":3}""")]
    public async Task K_04_EntryOfANewerProgram_IsRefused_AndItsVaultLeftToIt(int version, string written)
    {
        var (known, cold) = (ground.NewMachine(), ground.NewMachine());
        var (vault, others) = (await History.TwoWeeks(known), await History.TwoWeeks(known));
        var (ran, sequence) = (0, (await known.Log.Head(vault, default)).Sequence);
        // One step is under way when the newer program appends; whatever comes after it isn't even begun.
        await Refuses(() => known.Store.Run(vault, async work =>
        {
            ran++;
            await Append(vault, version, written);
            await work.Append(default, History.Deposited(50));
        }, default));
        foreach (var machine in new[] { known, cold })
        {
            await Refuses(() => machine.Append(vault, History.Deposited(51)));
            await Refuses(() => machine.Store.Load(vault, default));
            await Refuses(() => machine.Store.Check(vault, new LogAudit(machine.Log, machine.Blobs), allDocuments: true, default));
            await machine.Append(others, History.Deposited(machine == known ? 50 : 51)); // one vault's newer program is not the others' trouble
        }

        Assert.Equal(1, ran);
        await Append(vault, version, written); // it goes on
        var head = await cold.Log.Head(vault, default);
        Assert.Equal((sequence + 2, null), (head.Sequence, head.Damage));
        Assert.False(await cold.Log.Holds(vault, History.Deposited(50), default) || await cold.Log.Holds(vault, History.Deposited(51), default));
        Assert.True(await cold.Log.Holds(others, History.Deposited(51), default));

        async Task Refuses(Func<Task> step)
        {
            var refusal = await Assert.ThrowsAsync<LogDamagedException>(step);
            Assert.True(refusal.IsNewer && CountAttempts.IsOutside(refusal), refusal.Message); // left to the sweep, of the newer one
            Assert.Contains(VaultPartition.EventRow(sequence + 1), refusal.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Settles the week, unless it is settled, as the watcher does; the record beside the books has this shape.</summary>
    static Task Settle(Machine machine, string vault, int week, int shape) => machine.Store.Run(vault, async work =>
    {
        if (work.State.Books.LastWeek.Number >= week)
            return;
        var documents = SettlementDocuments.Of(work.State);
        if (shape != VaultRecord.ThisShape)
        {
            var record = JsonNode.Parse(documents.Record)!.AsObject();
            record.Remove("shape");
            if (shape != OlderShape) // which didn't say so
                record["shape"] = shape;
            record["somethingElse"] = new JsonArray(1, 2);
            var bytes = Encoding.UTF8.GetBytes(record.ToJsonString());
            documents = documents with { Record = bytes, Event = documents.Event with { RecordDigest = BlobStore.DigestOf(bytes) } };
        }

        foreach (var document in documents.All)
            await machine.Blobs.Put(vault, document, default);
        await work.Append(default, new NewEntry($"settle|{week}", documents.Event, work.State.Record.Cut(week)));
    }, default);

    /// <summary>Appends what this program doesn't know, as a newer one does: with its key, at the end of the chain of hashes, under the head's ETag.</summary>
    async Task Append(string vault, int version, string written)
    {
        var (log, partition) = (ground.NewMachine().Log, VaultPartition.Of(vault));
        var head = await log.Head(vault, default);
        var (sequence, key) = (head.Sequence + 1, $"newer|{head.Sequence + 1}");
        var text = $$"""{"sequence":{{sequence}},"key":"{{key}}","at":"2026-01-20T00:00:00Z","event":{{written}}}""";
        var chain = Convert.ToHexStringLower(LogEntry.LinkAfter(head.Chain, [(byte)version, .. Encoding.UTF8.GetBytes(text)]));
        await new PartitionBatch(ground.Clients.Tables.GetTableClient(LogTable.TableName), partition)
            .Add(VaultPartition.KeyRow(key), new Dictionary<string, object> { ["Digest"] = new string('d', 64), ["Sequence"] = sequence })
            .Add(VaultPartition.EventRow(sequence), new Dictionary<string, object> { ["Version"] = version, ["Entry"] = text, ["Chain"] = chain })
            .Put(VaultPartition.Head, new Dictionary<string, object> { ["Sequence"] = sequence, ["Chain"] = chain, ["SettledSequence"] = head.SettledSequence }, head.ETag)
            .Submit(default);
    }

    static async Task Until(Func<Task> step)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (HeadMovedException) when (tries < 20)
            {
                // The queue brings the message back.
            }
        }
    }
}

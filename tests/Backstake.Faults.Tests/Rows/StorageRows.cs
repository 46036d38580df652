using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Backstake.Accounting;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Operations;
using Backstake.Functions.Settlement;
using Backstake.Functions.Submissions;

namespace Backstake.Faults.Tests.Rows;

/// <summary>FAULTS.md D: what storage may do to us, and what must come of it.</summary>
[Collection(StorageGround.Collection)]
public sealed class StorageRows(StorageGround ground)
{
    const int Appends = 120;

    [Fact]
    public async Task D_02_HeadThatKeepsMoving_IsGivenBack_AndEveryVaultProgresses()
    {
        var random = new Random(2);
        var quiet = ground.NewMachine();
        var vault = await History.Begin(quiet);
        // Nine of ten batches meet a head that somebody wrote a moment ago: a true 412 of the service.
        var stormy = App.Machine(Clients(async request =>
        {
            if (IsBatch(request) && random.Next(10) > 0)
                await quiet.Log.Mark(vault, damage: null, default);
            return Storm.None;
        }));
        for (var place = 10; place < 15; place++)
        {
            var tries = 0;
            for (; !await quiet.Log.Holds(vault, History.Deposited(place), default); tries++)
            {
                Assert.True(tries < 100, "The vault starves.");
                try
                {
                    await stormy.Append(vault, History.Deposited(place));
                }
                catch (HeadMovedException)
                {
                    // The queue brings the message back.
                }
            }
        }

        Assert.Equal(8, (await quiet.ReadAll(vault)).Count);
    }

    [Theory]
    [InlineData(Storm.Busy), InlineData(Storm.TooMany), InlineData(Storm.Broken)]
    public async Task D_03_OverloadedService_IsAskedAgain_NoMoreThanItMust(Storm storm)
    {
        var (random, refused) = (new Random(3), 0);
        var transport = new FaultyTransport(_ => Task.FromResult(random.Next(4) == 0 && Interlocked.Increment(ref refused) > 0 ? storm : Storm.None));
        var calm = new FaultyTransport(_ => Task.FromResult(Storm.None));
        await AppendAll(App.Machine(App.Connect(ground.ConnectionString, App.Through(calm))));
        await AppendAll(App.Machine(App.Connect(ground.ConnectionString, App.Through(transport, retries: 10))));
        Assert.True(refused > Appends / 10);
        Assert.True(transport.Calls <= 1.2 * (calm.Calls + refused), $"{transport.Calls} calls for {calm.Calls} and {refused} refusals");
    }

    [Theory]
    [InlineData(Storm.AnswerLost), InlineData(Storm.Lost)]
    public async Task D_04_D_05_LostAnswersAndRequests_LeaveEachEventOnce(Storm storm)
    {
        var (random, lost) = (new Random(4), 0);
        var machine = App.Machine(Clients(_ => Task.FromResult(random.Next(3) == 0 && Interlocked.Increment(ref lost) > 0 ? storm : Storm.None), retries: 10));
        await AppendAll(machine);
        Assert.True(lost > Appends / 10);
    }

    [Theory]
    [InlineData(Cut.Close), InlineData(Cut.Reset), InlineData(Cut.Hang), InlineData(Cut.Slice)]
    public async Task D_06_HalfAnAnswer_IsNoAnswer(Cut cut)
    {
        await using var proxy = Cutting("Table", cut);
        var (machine, vault) = (App.Machine(Through(proxy, "Table")), StorageGround.NewVault());
        await Until(() => machine.Append(vault, History.Added(vault), History.Offered()));
        for (var place = 1; place <= 12; place++)
            await Until(() => machine.Append(vault, History.Deposited(place)));
        Assert.Equal(14, (await ground.NewMachine().ReadAll(vault)).Count);
        Assert.True(proxy.Cuts > 3);
    }

    [Theory]
    [InlineData(Cut.Close), InlineData(Cut.Reset), InlineData(Cut.Hang), InlineData(Cut.Slice)]
    public async Task D_06_HalfADocument_IsNoDocument(Cut cut)
    {
        await using var proxy = Cutting("Blob", cut);
        var (clients, vault, random) = (Through(proxy, "Blob"), StorageGround.NewVault(), new Random(6));
        var (documents, predictions, folder) = (new BlobStore(clients), new PredictionStore(clients), PredictionStore.FolderOf(vault, 8, 1));
        var hashes = new List<string>();
        for (var number = 0; number < 12; number++)
        {
            var content = new byte[random.Next(1, 15_000)];
            random.NextBytes(content);
            hashes.Add(BlobStore.DigestOf(content));
            await Until(() => documents.Put(vault, content, default));
            await Until(() => predictions.Add(folder, History.FirstCut.AddMinutes(number), hashes[^1], content, default));
            await Until(async () => Assert.Equal(content, await documents.Get(vault, hashes[^1], default)));
            await Until(async () => Assert.Equal(content, await predictions.Find(folder, hashes[^1], default)));
        }

        await Until(async () => Assert.Equal(hashes, (await predictions.In(folder, default)).Select(file => file.Hash)));
        foreach (var hash in hashes) // and each is there whole for those who ask without a proxy
            await ground.NewMachine().Blobs.Get(vault, hash, default);
        Assert.True(proxy.Cuts > 3);
    }

    [Theory]
    [InlineData(Cut.Close), InlineData(Cut.Reset), InlineData(Cut.Hang), InlineData(Cut.Slice)]
    public async Task D_06_MessageWhoseAnswerIsCut_IsThereWhole(Cut cut)
    {
        const int Messages = 24;
        await using var proxy = Cutting("Queue", cut);
        var (clients, vault) = (Through(proxy, "Queue"), StorageGround.NewVault());
        var (queues, quarantine) = (new VaultQueues(clients), new Quarantine(clients, new VaultQueues(clients)));
        var (queue, poisoned) = (ground.Clients.Queues.GetQueueClient(VaultQueues.Releases), ground.Clients.RawQueues.GetQueueClient(VaultQueues.PoisonOf(VaultQueues.Releases)));
        await new VaultQueues(ground.Clients).Prepare(default);
        await quarantine.Prepare(default);
        await queue.ClearMessagesAsync();
        await poisoned.ClearMessagesAsync();
        for (var week = 1; week <= Messages; week++)
        {
            await Until(() => queues.Send(VaultQueues.Releases, new SendReleases(vault, week), null, default));
            await poisoned.SendMessageAsync($"*** {vault} {week} {new string('x', week * 100)}");
            if (week % 2 == 0)
                await Until(() => quarantine.CollectPoisoned(History.FirstCut, default));
        }

        var sent = new List<SendReleases>();
        while ((await queue.ReceiveMessagesAsync(32)).Value is { Length: > 0 } messages)
            sent.AddRange(messages.Select(message => message.Body.ToObjectFromJson<SendReleases>(JsonSerializerOptions.Web)!));
        Assert.Equal(Enumerable.Range(1, Messages).Select(week => new SendReleases(vault, week)), sent.Distinct().OrderBy(message => message.Week)); // each once at least, and no other

        // What was given up is kept, or its taking was lost: then it comes again, half a minute later.
        var kept = (await quarantine.All(default)).Where(message => message.Text.Contains(vault, StringComparison.Ordinal)).ToList();
        Assert.All(kept, message => Assert.Equal($"*** {vault} {message.Text.Split(' ')[2]} {new string('x', int.Parse(message.Text.Split(' ')[2], CultureInfo.InvariantCulture) * 100)}", message.Text));
        Assert.True(kept.Count > Messages / 4 && kept.Count + (await poisoned.GetPropertiesAsync()).Value.ApproximateMessagesCount >= Messages);
        Assert.True(proxy.Cuts > 3);
        foreach (var message in kept)
            await quarantine.Forget(message.Queue, message.Id, default);
        await queue.ClearMessagesAsync();
        await poisoned.ClearMessagesAsync();
    }

    [Fact]
    public async Task D_07_VaultWithAThousandHolders_Settles()
    {
        const int Holders = 1_000;
        var machine = ground.NewMachine();
        var vault = StorageGround.NewVault();
        await machine.Append(vault, History.Added(vault), History.Offered());
        await machine.Append(vault, [.. Enumerable.Range(1, Holders).Select(History.DepositOf)]);
        await History.Settle(machine, vault);
        await machine.Append(vault, new NewEntry("windDown", new Booked(new WindDown()), History.FirstCut.AddDays(1), new ChainSource(30, "0xbeef", 0))); // and everybody leaves
        await History.Settle(machine, vault);
        var cold = ground.NewMachine();
        var state = await cold.Store.Load(vault, default);
        Assert.Equal(2, state.Books.LastWeek.Number);
        Assert.Empty(state.Books.Series);
        var settled = (VaultSettled)(await machine.ReadAll(vault))[^1].Event;
        var proposal = Proposal.FromJson(await cold.Blobs.Get(vault, settled.ProposalDigest, default));
        Assert.Equal(Holders, Assert.Single(proposal.Lines).Holders.Count);
    }

    [Fact]
    public async Task D_07_WhatAzureWouldRefuse_IsNeverSent()
    {
        var sent = 0;
        var table = Clients(_ =>
        {
            sent++;
            return Task.FromResult(Storm.None);
        }).Tables.GetTableClient(LogTable.TableName);
        var (text, bytes) = (new string('a', EntityLimits.TextMost), new byte[EntityLimits.BinaryMost]);
        await Refused(new PartitionBatch(table, "p").Add("r", Row(("A", text + "a"))));
        await Refused(new PartitionBatch(table, "p").Add("r", Row(("A", new byte[EntityLimits.BinaryMost + 1]))));
        await Refused(new PartitionBatch(table, "p").Add("r", Row([.. Enumerable.Range(0, EntityLimits.PropertiesMost + 1).Select(i => ($"P{i}", (object)1))])));
        await Refused(new PartitionBatch(table, "p").Add("r", Row([.. Enumerable.Range(0, 17).Select(i => ($"P{i}", (object)bytes))]))); // 1,088 KiB
        await Refused(new PartitionBatch(table, "p").Add(new string('r', EntityLimits.KeyMost + 1), Row()));
        await Refused(Enumerable.Range(0, 101).Aggregate(new PartitionBatch(table, "p"), (batch, i) => batch.Add($"r{i}", Row())));
        await Refused(Enumerable.Range(0, 9).Aggregate(new PartitionBatch(table, "p"), (batch, i) => batch.Add($"r{i}", Row([.. Enumerable.Range(0, 8).Select(j => ($"P{j}", (object)bytes))])))); // 4.5 MiB
        Assert.Equal(0, sent);
        var (partition, vault) = ("d07-" + Guid.NewGuid(), StorageGround.NewVault());
        await new PartitionBatch(table, partition).Add("r", Row([("A", text), ("B", bytes), .. Enumerable.Range(0, 200).Select(i => ($"P{i}", (object)1))])).Submit(default);
        Assert.Equal(1, sent);
        await Assert.ThrowsAsync<EntityTooLargeException>(() => App.Machine(Clients(_ => Task.FromResult(Storm.None)))
            .Append(vault, new NewEntry("offer|x", new RoundMissed(1, new string('a', 40_000)), History.FirstCut)));
        Assert.Empty(await ground.NewMachine().ReadAll(vault));

        static Dictionary<string, object> Row(params (string Name, object Value)[] properties) => properties.ToDictionary(it => it.Name, it => it.Value);
        static Task Refused(PartitionBatch batch) => Assert.ThrowsAsync<EntityTooLargeException>(() => batch.Submit(default));
    }

    [Fact]
    public async Task D_08_Pages_OfAnySize_EmptyOnesAmongThem_GiveAllRowsOnce()
    {
        const int Pagings = 10_000;
        var random = new Random(8);
        var vault = StorageGround.NewVault();
        var rows = new List<string>();
        var chain = LogEntry.Genesis;
        for (var sequence = 1; sequence <= 12; sequence++)
        {
            var entry = LogEntry.Place(sequence == 1 ? History.Added(vault) : History.Deposited(sequence), sequence, chain);
            chain = entry.Chain;
            rows.Add(JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["PartitionKey"] = VaultPartition.Of(vault), ["RowKey"] = VaultPartition.EventRow(sequence), ["Version"] = 1,
                ["Entry"] = Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(sequence, entry.Key, entry.Event, entry.At, entry.Source).AsSpan(1)), ["Chain"] = Convert.ToHexStringLower(chain),
            }));
        }

        var pages = new PagingTransport(random, rows);
        var log = new LogTable(App.Connect(ground.ConnectionString, App.Through(pages)));
        for (var paging = 0; paging < Pagings; paging++)
        {
            var read = new List<long>();
            await foreach (var entry in log.Read(vault, 0, LogEntry.Genesis, default))
                read.Add(entry.Sequence);
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(it => (long)it), read);
        }

        Assert.True(pages.Empty > Pagings / 10 && pages.Pages > 3 * Pagings);
    }

    [Fact]
    public async Task D_10_ChangedDocument_IsRefused_HaltsTheVault_AndIsMadeAgainFromTheLog()
    {
        var machine = ground.NewMachine();
        var vault = await History.TwoWeeks(machine);
        var settled = (await machine.ReadAll(vault)).Select(entry => entry.Event).OfType<VaultSettled>().ToList();
        var container = ground.Clients.Blobs.GetBlobContainerClient(BlobStore.Settlements);
        async Task Overwrite(string digest, byte[] content) => await container.GetBlobClient($"{vault}/{digest}.json").UploadAsync(BinaryData.FromBytes(content), overwrite: true);
        var (first, last) = (settled[0], settled[^1]);
        var swapped = (await machine.Blobs.Get(vault, first.BooksDigest, default), await machine.Blobs.Get(vault, last.BooksDigest, default));
        await Overwrite(last.BooksDigest, swapped.Item1);
        await Overwrite(first.BooksDigest, swapped.Item2);
        await container.GetBlobClient($"{vault}/{last.RecordDigest}.json").DeleteAsync();
        var damage = await Assert.ThrowsAsync<LogDamagedException>(() => ground.NewMachine().Store.Run(vault, _ => Task.CompletedTask, default));
        Assert.Contains(last.BooksDigest, damage.Message, StringComparison.Ordinal);
        // Whoever still has a good state in memory can't go on either.
        await machine.Append(vault, History.Deposited(50));
        Assert.False(await machine.Log.Holds(vault, History.Deposited(50), default));
        Assert.True((await Assert.ThrowsAsync<LogDamagedException>(() => machine.Store.Load(vault, default))).IsKnown);

        var repaired = await new DocumentRepair(machine.Log, machine.Blobs).Repair(vault, default);
        Assert.Equal(new[] { first.BooksDigest, last.BooksDigest, last.RecordDigest }.Order(StringComparer.Ordinal), repaired.Order(StringComparer.Ordinal));
        await new LogAudit(machine.Log, machine.Blobs).Check(vault, allDocuments: true, default);
        await machine.Store.Resume(vault, "somebody", "the documents are whole again", default);
        await ground.NewMachine().Append(vault, History.Deposited(50));
        Assert.True(await machine.Log.Holds(vault, History.Deposited(50), default));
    }

    [Fact]
    public async Task D_10_EverySingleByteChange_IsFound()
    {
        const int Documents = 1_000;
        var (machine, vault, random) = (ground.NewMachine(), StorageGround.NewVault(), new Random(10));
        var container = ground.Clients.Blobs.GetBlobContainerClient(BlobStore.Settlements);
        var contents = Enumerable.Range(0, Documents).Select(_ => Bytes(random.Next(1, 300))).ToList();
        var found = 0;
        await Parallel.ForEachAsync(contents, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (content, stop) =>
        {
            var digest = BlobStore.DigestOf(content);
            var changed = (byte[])content.Clone();
            changed[content.Length / 2] ^= (byte)(1 << (content.Length % 8));
            await container.GetBlobClient($"{vault}/{digest}.json").UploadAsync(BinaryData.FromBytes(content.Length % 5 == 0 ? content[..^1] : changed), overwrite: true, stop);
            await Assert.ThrowsAsync<LogDamagedException>(() => machine.Blobs.Get(vault, digest, stop));
            Interlocked.Increment(ref found);
        });
        Assert.Equal(Documents, found);

        byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [Fact]
    public async Task D_11_EveryRandomEdit_OfAnyRow_IsFound_AndTheRowIsNamed()
    {
        const int Edits = 1_000;
        var (machine, random) = (ground.NewMachine(), new Random(11));
        var vault = await History.TwoWeeks(machine);
        var audit = new LogAudit(machine.Log, machine.Blobs);
        await audit.Check(vault, allDocuments: true, default);
        var table = ground.Clients.Tables.GetTableClient(LogTable.TableName);
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {VaultPartition.Of(vault)}")))
            rows.Add(row);
        var kinds = new int[5];
        for (var edit = 0; edit < Edits; edit++)
        {
            var victim = rows[random.Next(rows.Count)];
            var other = rows[random.Next(rows.Count)];
            var kind = random.Next(5);
            kinds[kind]++;
            // A head that counts too many says the same as a log whose last row is gone.
            string[] named = victim.RowKey == VaultPartition.Head ? [victim.RowKey, VaultPartition.EventRow(rows.Count(row => row.RowKey[0] == 'e') + 1)] : [victim.RowKey];
            switch (kind)
            {
                case 0: // one property
                    await Write(Changed(victim, random));
                    break;
                case 1: // gone
                    await table.DeleteEntityAsync(victim.PartitionKey, victim.RowKey, ETag.All);
                    break;
                case 2: // a property too many
                    await Write(With(victim, row => row["More"] = 1));
                    break;
                case 3 when other.RowKey[0] == victim.RowKey[0] && other.RowKey != victim.RowKey: // swapped
                    await Write(With(other, row => row.RowKey = victim.RowKey));
                    await Write(With(victim, row => row.RowKey = other.RowKey));
                    named = [victim.RowKey, other.RowKey];
                    break;
                default: // a row too many
                    var stray = victim.RowKey[0] == 'e' ? VaultPartition.EventRow(rows.Count) : VaultPartition.KeyRow($"stray|{edit}");
                    await Write(With(victim, row => row.RowKey = stray));
                    await Found(stray, VaultPartition.EventRow(rows.Count(row => row.RowKey[0] == 'e') + 1));
                    await table.DeleteEntityAsync(victim.PartitionKey, stray, ETag.All);
                    continue;
            }

            await Found(named);
            await Write(victim);
            await Write(other);
        }

        await audit.Check(vault, allDocuments: true, default); // and nothing is found where nothing is changed
        Assert.All(kinds, count => Assert.True(count > Edits / 10));

        Task Write(TableEntity row) => table.UpsertEntityAsync(row, TableUpdateMode.Replace);
        async Task Found(params string[] named)
        {
            var damage = await Assert.ThrowsAsync<LogDamagedException>(() => audit.Check(vault, allDocuments: false, default));
            Assert.True(named.Any(row => damage.Message.Contains(row, StringComparison.Ordinal)), $"{string.Join(" or ", named)} isn't named: {damage.Message}");
        }
    }

    [Theory]
    [InlineData("head"), InlineData("key"), InlineData("headBack"), InlineData("headSettled"), InlineData("headText")]
    public async Task D_11_LostOrWrongHead_AndLostKey_HaltTheVault_NotTheOthers(string damage)
    {
        var machine = ground.NewMachine();
        var (vault, whole) = (await History.TwoWeeks(machine), await History.Begin(machine));
        var (table, partition) = (ground.Clients.Tables.GetTableClient(LogTable.TableName), VaultPartition.Of(vault));
        var head = (await table.GetEntityAsync<TableEntity>(partition, VaultPartition.Head)).Value;
        var key = VaultPartition.KeyRow("deposit|0xfeed|1");
        var row = damage is "key" ? key : VaultPartition.Head;
        switch (damage)
        {
            case "head": await table.DeleteEntityAsync(partition, VaultPartition.Head, ETag.All); break;
            case "key": await table.DeleteEntityAsync(partition, key, ETag.All); break;
            case "headBack": await Change("Sequence", head.GetInt64("Sequence")! - 1); break;
            case "headSettled": await Change("SettledSequence", head.GetInt64("SettledSequence")! - 1); break;
            default: await Change("Sequence", "many"); break;
        }

        var cold = ground.NewMachine();
        var found = await Assert.ThrowsAsync<LogDamagedException>(() => cold.Store.Check(vault, new LogAudit(cold.Log, cold.Blobs), allDocuments: false, default));
        Assert.Contains($"{partition}/{row}", found.Message, StringComparison.Ordinal);
        var after = await Assert.ThrowsAsync<LogDamagedException>(() => ground.NewMachine().Store.Load(vault, default));
        Assert.Contains($"{partition}/{row}", after.Message, StringComparison.Ordinal);
        await ground.NewMachine().Append(whole, History.Deposited(9));
        Assert.True(await machine.Log.Holds(whole, History.Deposited(9), default));

        async Task Change(string name, object? value)
        {
            head[name] = value;
            await table.UpdateEntityAsync(head, ETag.All, TableUpdateMode.Replace);
        }
    }

    [Fact]
    public void D_12_AnyText_IsARowKey_OrRefused()
    {
        const int Inputs = 100_000;
        var random = new Random(12);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var refused = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var key = Text(random);
            try
            {
                var row = VaultPartition.KeyRow(key);
                Assert.True(row.Length <= EntityLimits.KeyMost && row.All(character => char.IsAscii(character) && !char.IsControl(character) && !@"/\#?".Contains(character)), row);
                Assert.True(!seen.TryGetValue(row, out var earlier) || earlier == key, $"{earlier} and {key} have one row");
                seen[row] = key;
            }
            catch (ArgumentException)
            {
                refused++;
                Assert.True(key.Length > 40 || key.Any(char.IsSurrogate), key);
            }
        }

        Assert.InRange(refused, Inputs / 100, Inputs / 2);
        foreach (var id in new[] { "", "a/b", "a b", "ä", "0x'", new string('a', 129), null! })
            Assert.Throws<ArgumentException>(() => VaultPartition.Of(id));

        static string Text(Random random)
        {
            var text = new StringBuilder();
            for (var left = random.Next(5) == 0 ? random.Next(700) : random.Next(12); left > 0; left--)
                text.Append(random.Next(6) switch
                {
                    0 => @"/\#?%|' "[random.Next(8)].ToString(),
                    1 => ((char)random.Next(0x20)).ToString(),
                    2 => ((char)random.Next(0x80, 0xd800)).ToString(),
                    3 when random.Next(8) == 0 => ((char)random.Next(0xd800, 0xe000)).ToString(),
                    4 => char.ConvertFromUtf32(random.Next(0x10000, 0x110000)),
                    _ => ((char)random.Next(0x20, 0x7f)).ToString(),
                });
            return text.ToString();
        }
    }

    async Task AppendAll(Machine machine)
    {
        var vault = StorageGround.NewVault();
        await Until(() => machine.Append(vault, History.Added(vault), History.Offered()));
        for (var place = 0; place < Appends; place++)
            await Until(() => machine.Append(vault, History.Deposited(place)));
        var keys = (await ground.NewMachine().ReadAll(vault)).Skip(2).Select(entry => entry.Key);
        Assert.Equal(Enumerable.Range(0, Appends).Select(place => $"deposit|0xfeed|{place}"), keys);
    }

    /// <summary>In front of one of storage's services: a third of what it answers is cut somewhere (what hangs costs time, and does so a few times only), or all of it comes in slices.</summary>
    CutProxy Cutting(string service, Cut cut)
    {
        const int HangsMost = 4;
        var (random, cuts) = (new Random(6), 0);
        return CutProxy.Start(Endpoint(service), () => cut is Cut.Slice || (random.Next(3) == 0 && (cut is not Cut.Hang || Interlocked.Increment(ref cuts) <= HangsMost)) ? (cut, random.Next(1, 300)) : null);
    }

    StorageClients Through(CutProxy proxy, string service) => App.Connect(ground.ConnectionString.Replace(Endpoint(service).Authority, proxy.Authority, StringComparison.Ordinal), new Transports(
        options =>
        {
            App.Quickly(options, retries: 12);
            options.Retry.NetworkTimeout = TimeSpan.FromMilliseconds(400);
        }, null, null));

    Uri Endpoint(string service)
    {
        var name = $"{service}Endpoint=";
        return new(ground.ConnectionString.Split(';').Single(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..]);
    }

    StorageClients Clients(Func<Request, Task<Storm>> decide, int retries = 3) => App.Connect(ground.ConnectionString, App.Through(new FaultyTransport(decide), retries));

    static bool IsBatch(Request request) => request.Uri.ToString().Contains("$batch", StringComparison.Ordinal);

    static TableEntity With(TableEntity row, Action<TableEntity> change)
    {
        var changed = new TableEntity(row);
        change(changed);
        return changed;
    }

    static TableEntity Changed(TableEntity row, Random random) => With(row, changed =>
    {
        var names = row.Keys.Where(name => name is "Version" or "Entry" or "Chain" or "Digest" or "Sequence" or "SettledSequence").ToList();
        var name = names[random.Next(names.Count)];
        changed[name] = row[name] switch
        {
            int number => number + 1,
            long number => number + 1,
            string text => Flip(text, random.Next(text.Length)),
            var other => other,
        };
    });

    /// <summary>Another character, at one place.</summary>
    static string Flip(string text, int at) => string.Concat(text.AsSpan(0, at), text[at] == 'a' ? "b" : "a", text.AsSpan(at + 1));

    /// <summary>What the queue does with a message that failed: it comes back.</summary>
    static async Task Until(Func<Task> step)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await step();
                return;
            }
            catch (Exception failure) when (tries < 30 && CountAttempts.IsOutside(failure))
            {
                // Again.
            }
        }
    }

    /// <summary>A table that answers every query with pages of random sizes, some of them empty.</summary>
    sealed class PagingTransport(Random random, IReadOnlyList<string> rows) : HttpPipelineTransport
    {
        readonly HttpClientTransport real = new();

        public int Pages { get; private set; }

        public int Empty { get; private set; }

        public override Request CreateRequest() => real.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            var uri = message.Request.Uri.ToUri();
            var from = System.Web.HttpUtility.ParseQueryString(uri.Query)["NextRowKey"] is { } next ? int.Parse(next, CultureInfo.InvariantCulture) : 0;
            var size = random.Next(0, 5);
            var page = rows.Skip(from).Take(size).ToList();
            Pages++;
            if (page.Count == 0)
                Empty++;
            var body = $$"""{"value":[{{string.Join(',', page)}}]}""";
            message.Response = from + page.Count < rows.Count
                ? new CannedResponse(200, body, ("Content-Type", "application/json"), ("x-ms-continuation-NextPartitionKey", "p"), ("x-ms-continuation-NextRowKey", $"{from + page.Count}"))
                : new CannedResponse(200, body, ("Content-Type", "application/json"));
            return ValueTask.CompletedTask;
        }
    }
}

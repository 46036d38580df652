using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Backstake.Accounting;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Notifications;
using Backstake.Functions.Operations;
using Backstake.Functions.Settlement;
using Backstake.Season;
using Backstake.Servers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backstake.Faults.Tests.Rows;

/// <summary>FAULTS.md K, and those of B that are the machine's: poison messages, newer logs, recorded histories, an operator's hands; no disk, no memory. The storage is their own: a host works on all that lies there.</summary>
public sealed class OperationRows(StorageGround ground) : IClassFixture<StorageGround>
{
    const int MemoryOfWorker = 256 << 20;
    const int MoreThanIsFree = 240 << 20; // of that memory the program itself needs more than the rest, and has it again as soon as this is refused
    static readonly Secrets NoSecrets = new(new ConfigurationBuilder().Build());

    /// <summary>A disk on which nothing can be written: the system ends the process at the first byte.</summary>
    [Fact]
    public async Task B_09_AppThatMayWriteNoFile_GoesOn()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var vault = await History.TwoWeeks(ground.NewMachine());
        await using var host = await Host.Start(ground.ConnectionString, limit.Token);
        await host.Register(limit.Token, vault);
        using (var none = Process.Start("prlimit", ["--pid", $"{host.Process.ProcessId}", "--fsize=0:0"]))
        {
            await none.WaitForExitAsync(limit.Token);
            Assert.Equal(0, none.ExitCode);
        }

        Assert.Equal("open", (await host.Get($"api/vaults/{vault}", limit.Token)).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, await host.Post("api/quotes", limit.Token, body: new { vault, text = new string('x', 1_000_000) })); // a body that others would lay down on the disk
        await host.Queue(VaultQueues.News, QueueMessageEncoding.Base64).SendMessageAsync($$"""{"vault":"{{vault}}"}""", limit.Token);
        await host.Queue(VaultQueues.Releases, QueueMessageEncoding.Base64).SendMessageAsync("no message", limit.Token);
        Assert.Contains(await host.Quarantined(1, limit.Token, VaultQueues.Releases), it => it.GetProperty("text").GetString() == "no message");
        Assert.Equal(HttpStatusCode.NoContent, await host.Post($"api/ops/vaults/{vault}/halt", limit.Token, body: new { by = "me", reason = "a drill" }));
        Assert.Equal("halted", (await host.Get($"api/vaults/{vault}", limit.Token)).GetProperty("status").GetString());
        Assert.Equal(1, host.Process.Starts);
    }

    /// <summary>All that was stored vanishes under the running app: the first step that misses something is an outside failure, and the next finds everything made again.</summary>
    [Fact]
    public async Task K_07_StorageThatIsGone_IsMadeAgain_ByTheRunningApp()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var own = new StorageGround(); // the others' isn't to be lost
        await own.InitializeAsync();
        try
        {
            var vault = await History.TwoWeeks(own.NewMachine());
            await using var host = await Host.Start(own.ConnectionString, limit.Token);
            await host.Register(limit.Token, vault);
            Assert.Equal("open", (await host.Get($"api/vaults/{vault}", limit.Token)).GetProperty("status").GetString());
            await own.Lose(limit.Token);
            Assert.Equal("unavailable", (await host.Get($"api/vaults/{vault}", limit.Token, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
            Assert.Equal("unknownVault", (await host.Get($"api/vaults/{vault}", limit.Token, HttpStatusCode.NotFound)).GetProperty("code").GetString());
            vault = await History.TwoWeeks(own.NewMachine());
            await host.Register(limit.Token, vault);
            await host.Queue(VaultQueues.Releases, QueueMessageEncoding.Base64).SendMessageAsync("no message", limit.Token);
            Assert.Contains(await host.Quarantined(1, limit.Token, VaultQueues.Releases), it => it.GetProperty("text").GetString() == "no message");
            Assert.Equal(HttpStatusCode.NoContent, await host.Post($"api/ops/vaults/{vault}/halt", limit.Token, body: new { by = "me", reason = "a drill" }));
            Assert.Equal("halted", (await host.Get($"api/vaults/{vault}", limit.Token)).GetProperty("status").GetString());
            Assert.Equal(1, host.Process.Starts);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    /// <summary>One vault's document is larger than the worker's memory: its message is tried, and put aside; the others' vaults are read and told of all the while. With the document as it was, the message goes through.</summary>
    [Fact]
    public async Task B_10_VaultThatNeedsMoreMemoryThanThereIs_IsIsolated_AndTheOthersGoOn()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var machine = ground.NewMachine();
        var (giant, others) = (await History.TwoWeeks(machine), new List<string>());
        for (var i = 0; i < 3; i++)
            others.Add(await History.TwoWeeks(machine));
        var settled = (await machine.ReadAll(giant)).Select(entry => entry.Event).OfType<VaultSettled>().Last();
        var document = ground.Clients.Blobs.GetBlobContainerClient(BlobStore.Settlements).GetBlobClient($"{giant}/{settled.BooksDigest}.json");
        var whole = (await document.DownloadContentAsync(limit.Token)).Value.Content;
        await document.UploadAsync(BinaryData.FromBytes(new byte[MoreThanIsFree]), overwrite: true, limit.Token);

        await using var host = await Host.Start(ground.ConnectionString, limit.Token, ("DOTNET_GCHeapHardLimit", $"0x{MemoryOfWorker:x}"));
        await host.Register(limit.Token, [giant, .. others]);
        var news = host.Queue(VaultQueues.News, QueueMessageEncoding.Base64);
        await news.CreateIfNotExistsAsync(cancellationToken: limit.Token);
        foreach (var id in others.Prepend(giant))
            await news.SendMessageAsync($$"""{"vault":"{{id}}"}""", limit.Token);
        var kept = Assert.Single(await host.Quarantined(1, limit.Token, VaultQueues.News));
        Assert.Contains(giant, kept.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains(nameof(OutOfMemoryException), kept.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(CountAttempts.AttemptsMost, kept.GetProperty("attempts").GetInt32());
        foreach (var id in others)
        {
            await host.Told(id, (await machine.ReadAll(id)).Count, limit.Token);
            Assert.Equal("open", (await host.Get($"api/vaults/{id}", limit.Token)).GetProperty("status").GetString());
        }

        await host.Get($"api/vaults/{giant}", limit.Token, HttpStatusCode.InternalServerError);
        Assert.Equal("open", (await host.Get($"api/vaults/{others[0]}", limit.Token)).GetProperty("status").GetString());

        await document.UploadAsync(whole, overwrite: true, limit.Token);
        Assert.Equal(HttpStatusCode.NoContent, await host.Post($"api/ops/quarantine/{kept.GetProperty("id").GetString()}/resend", limit.Token, body: new { by = "me", reason = "the document is mended" }));
        Assert.Equal("open", (await host.Get($"api/vaults/{giant}", limit.Token)).GetProperty("status").GetString());
        await host.Told(giant, (await machine.ReadAll(giant)).Count, limit.Token);
        Assert.DoesNotContain((await host.Get("api/ops/quarantine", limit.Token)).GetProperty("messages").EnumerateArray(), it => it.GetProperty("queue").GetString() == VaultQueues.News);
        Assert.Equal(1, host.Process.Starts);
    }

    [Fact]
    public async Task K_01_PoisonMessages_AreQuarantinedByOurOwnCount_AndTheOthersGoOn()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await using var host = await Host.Start(ground.ConnectionString, limit.Token);
        var queue = host.Queue(VaultQueues.Watch, QueueMessageEncoding.Base64);
        await queue.CreateIfNotExistsAsync(cancellationToken: limit.Token);
        string[] poison = ["not JSON", "{\"vault\":", "{\"something\":1}", "[1,2]", "{\"vault\":\"a/b#c\"}"];
        foreach (var text in poison)
            await queue.SendMessageAsync(text, limit.Token);
        await host.Queue(VaultQueues.Watch, QueueMessageEncoding.None).SendMessageAsync("*** no Base64 ***", limit.Token);
        await queue.SendMessageAsync($$"""{"vault":"{{StorageGround.NewVault()}}"}""", limit.Token); // a good one: a vault that isn't there

        var kept = await host.Quarantined(poison.Length + 1, limit.Token);
        Assert.Equal(poison.Append("*** no Base64 ***").Order(StringComparer.Ordinal), kept.Select(it => it.GetProperty("text").GetString()!).Order(StringComparer.Ordinal));
        foreach (var message in kept.Where(it => it.GetProperty("text").GetString() is not "*** no Base64 ***"))
        {
            Assert.Equal((CountAttempts.AttemptsMost, VaultQueues.Watch), (message.GetProperty("attempts").GetInt32(), message.GetProperty("queue").GetString()));
            Assert.NotEqual("", message.GetProperty("reason").GetString());
            Assert.True(message.GetProperty("last").GetDateTimeOffset() > message.GetProperty("first").GetDateTimeOffset());
        }

        Assert.Equal("It isn't Base64.", kept.Single(it => it.GetProperty("text").GetString() is "*** no Base64 ***").GetProperty("reason").GetString());
        Assert.Equal(0, (await queue.GetPropertiesAsync(limit.Token)).Value.ApproximateMessagesCount); // nothing goes round and round

        var id = kept[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, await host.Post($"api/ops/quarantine/{id}/resend", limit.Token, body: new { by = "me", reason = "it is mended" }));
        Assert.Equal(HttpStatusCode.NotFound, await host.Post($"api/ops/quarantine/{id}/resend", limit.Token, body: new { by = "me", reason = "it is mended" }));
        Assert.Equal(poison.Length + 1, (await host.Quarantined(poison.Length + 1, limit.Token)).Count); // it came back, and failed again
    }

    [Fact]
    public async Task K_01_OperatorsRoutes_WantAKey_AReason_AndAVaultThatIsThere()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var machine = ground.NewMachine();
        var (vault, damaged) = (await History.TwoWeeks(machine), await History.TwoWeeks(machine));
        await using var host = await Host.Start(ground.ConnectionString, limit.Token);
        await host.Register(limit.Token, vault, damaged);
        foreach (var path in new[] { $"api/ops/vaults/{vault}/halt", $"api/ops/vaults/{vault}/resume", $"api/ops/vaults/{vault}/check", "api/ops/quarantine/x/resend", $"api/ops/vaults/{vault}/retry", "api/ops/signers/staker/resume" })
            Assert.Equal(HttpStatusCode.Unauthorized, await host.Post(path, limit.Token, key: null));
        foreach (var body in new object?[] { null, new { by = "me" }, new { by = "me", reason = "" }, new { by = "me", reason = "why", more = 1 }, new { by = "me", reason = new string('x', 201) } })
            Assert.Equal(HttpStatusCode.BadRequest, await host.Post($"api/ops/vaults/{vault}/halt", limit.Token, body: body));
        var why = new { by = "somebody", reason = "a drill" };
        Assert.Equal(HttpStatusCode.NotFound, await host.Post("api/ops/vaults/0x01/halt", limit.Token, body: why));
        Assert.Equal(HttpStatusCode.NotFound, await host.Post("api/ops/signers/nobody/resume", limit.Token, body: why));

        Assert.Equal(HttpStatusCode.NoContent, await host.Post($"api/ops/vaults/{vault}/halt", limit.Token, body: why));
        Assert.Equal("halted", (await host.Get($"api/vaults/{vault}", limit.Token)).GetProperty("status").GetString());
        await machine.Append(vault, History.Deposited(60));
        Assert.False(await machine.Log.Holds(vault, History.Deposited(60), limit.Token));
        Assert.Equal(HttpStatusCode.NoContent, await host.Post($"api/ops/vaults/{vault}/check", limit.Token, body: why));

        // A damaged log: said over HTTP with the row's name, and one vault's trouble is not the others'.
        await ground.Clients.Tables.GetTableClient(LogTable.TableName).DeleteEntityAsync(VaultPartition.Of(damaged), VaultPartition.Head);
        var problem = await host.Get($"api/vaults/{damaged}", limit.Token, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("vaultHalted", problem.GetProperty("code").GetString());
        Assert.Contains($"{VaultPartition.Of(damaged)}/head", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var list = (await host.Get("api/vaults", limit.Token)).GetProperty("vaults").EnumerateArray().ToList();
        Assert.Equal("halted", list.Single(it => it.GetProperty("id").GetString() == damaged).GetProperty("status").GetString());
        Assert.Contains(list, it => it.GetProperty("id").GetString() == vault && it.TryGetProperty("chain", out _));
        Assert.Equal(HttpStatusCode.Conflict, await host.Post($"api/ops/vaults/{damaged}/resume", limit.Token, body: why));
    }

    [Theory]
    [InlineData("throws"), InlineData("hangs"), InlineData("ignoresTheToken"), InlineData("killsTheProcess")]
    public async Task K_01_StepThatAlwaysFails_IsCountedByUs_AndGivenUp(string how)
    {
        var (quarantine, queues) = (new Quarantine(ground.Clients, new VaultQueues(ground.Clients)), new VaultQueues(ground.Clients));
        await quarantine.Prepare(default);
        await queues.Prepare(default);
        var limits = new StepLimits(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60));
        var middleware = new CountAttempts(quarantine, limits, NoSecrets, TimeProvider.System, NullLogger<CountAttempts>.Instance);
        var (id, runs, deliveries) = (Guid.NewGuid().ToString(), 0, 0);
        for (var isGone = false; !isGone; deliveries++)
        {
            Assert.True(deliveries < 20, "It goes round and round.");
            // The host's own count is worth nothing where it restarts: it says 2 for ever.
            var context = new Invocation("SettleWeek", id, "{}", deliveries == 0 ? 1 : 2);
            try
            {
                await middleware.Invoke(context, _ =>
                {
                    runs++;
                    return how switch
                    {
                        "throws" => throw new InvalidOperationException("always"),
                        "hangs" => limits.Run(stop => Task.Delay(Timeout.Infinite, stop), default),
                        "ignoresTheToken" => Task.Delay(Timeout.Infinite, CancellationToken.None),
                        _ => throw new Death(), // and nothing after it runs
                    };
                });
                isGone = true;
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                // The queue brings the message back.
            }
        }

        var kept = Assert.Single(await quarantine.All(default), message => message.Id == id);
        Assert.Equal(VaultQueues.Settlements, kept.Queue);
        Assert.Equal(CountAttempts.AttemptsMost, runs);
        Assert.Contains(how switch { "throws" => "always", "killsTheProcess" => "Death", _ => nameof(StepTimeoutException) }, kept.Reason, StringComparison.Ordinal);
        await quarantine.Forget(kept.Queue, id, default);
    }

    [Fact]
    public async Task K_01_WhatFailsBecauseTheWorldIsDown_IsLeftToTheSweep_NotQuarantined()
    {
        var quarantine = new Quarantine(ground.Clients, new VaultQueues(ground.Clients));
        await quarantine.Prepare(default);
        var middleware = new CountAttempts(quarantine, new StepLimits(), NoSecrets, TimeProvider.System, NullLogger<CountAttempts>.Instance);
        var id = Guid.NewGuid().ToString();
        for (var attempt = 1; attempt < CountAttempts.AttemptsMost; attempt++)
            await Assert.ThrowsAsync<HttpRequestException>(() => middleware.Invoke(new Invocation("WatchVault", id, "{}", attempt), _ => throw new HttpRequestException("down")));
        await middleware.Invoke(new Invocation("WatchVault", id, "{}", CountAttempts.AttemptsMost), _ => throw new HttpRequestException("down"));
        Assert.DoesNotContain(await quarantine.All(default), message => message.Id == id);
    }

    [Fact]
    public void K_01_EveryQueueTrigger_IsCounted_HasALimitBelowTheHosts_AndNothingIsAsyncVoid()
    {
        var methods = typeof(VaultQueues).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)).ToList();
        Assert.DoesNotContain(methods, method => method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)));
        var triggered = methods.SelectMany(method => method.GetParameters().Select(parameter => (method, trigger: parameter.GetCustomAttribute<QueueTriggerAttribute>())))
            .Where(it => it.trigger is not null).ToDictionary(it => it.method.GetCustomAttribute<FunctionAttribute>()!.Name, it => it.trigger!.QueueName);
        Assert.Equal(VaultQueues.OfFunction.OrderBy(it => it.Key, StringComparer.Ordinal), triggered.OrderBy(it => it.Key, StringComparer.Ordinal));
        Assert.Equal(VaultQueues.All.Order(StringComparer.Ordinal), triggered.Values.Order(StringComparer.Ordinal));
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));
        var limits = new StepLimits();
        var timeout = TimeSpan.Parse(host.RootElement.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);
        Assert.True(limits.Step < limits.Whole && 2 * limits.Whole <= timeout);
        Assert.True(CountAttempts.AttemptsMost < host.RootElement.GetProperty("extensions").GetProperty("queues").GetProperty("maxDequeueCount").GetInt32());
    }

    static Dictionary<string, string> Digests => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "histories", "digests.json")))!;

    public static TheoryData<string> Histories => new([.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "histories"), "*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]);

    [Theory]
    [MemberData(nameof(Histories))]
    public void K_03_RecordedHistory_GivesTheSameBytes(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "histories", name + ".jsonl"));
        var digests = Digests;
        Assert.Equal(digests[name], BlobStore.DigestOf(file)); // the record itself is what was recorded
        var shape = int.Parse(digests[name + ".recordShape"], CultureInfo.InvariantCulture);
        var (state, settlements) = ((VaultState?)null, 0);
        foreach (var line in Encoding.UTF8.GetString(file).TrimEnd().Split('\n'))
        {
            using var row = JsonDocument.Parse(line);
            var (version, json, chain) = (row.RootElement.GetProperty("version").GetInt32(), row.RootElement.GetProperty("entry").GetString()!, row.RootElement.GetProperty("chain").GetString()!);
            var entry = LogEntryJson.Read(version, json, state?.Chain ?? LogEntry.Genesis);
            Assert.Equal(chain, Convert.ToHexStringLower(entry.Chain));
            Assert.Equal((state?.Sequence ?? 0) + 1, entry.Sequence);
            Assert.Equal($"{(char)version}{json}", Encoding.UTF8.GetString(LogEntryJson.CanonicalBytes(entry.Sequence, entry.Key, entry.Event, entry.At, entry.Source)));
            state ??= VaultState.Empty(((VaultAdded)entry.Event).Vault);
            if (entry.Event is VaultSettled settled)
            {
                // Books, root, proposal, published week, owner's share; and the record, if it was stored in this program's shape.
                var made = SettlementDocuments.Of(state).Event;
                Assert.Equal(settled, shape == VaultRecord.ThisShape ? made : made with { RecordDigest = settled.RecordDigest });
                settlements++;
            }

            state = state.Apply(entry);
        }

        Assert.True(settlements >= 3);
        Assert.Equal(digests[name + ".books"], BlobStore.DigestOf(StoredBooks.Write(state!.Books)));
        var replay = new ReplayFile(state.Books.Vault, state.Record.Terms.ToImmutableSortedDictionary(it => new TermsId(it.Key), it => it.Value), []).Write();
        Assert.Equal(digests[name + ".terms"], BlobStore.DigestOf(replay));
    }

    [Fact]
    public void K_03_ThereAreHistories_OfEveryVersion() =>
        Assert.Equal(Enumerable.Range(1, LogEntryJson.Version), Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "histories"), "*.jsonl")
            .Select(file => JsonDocument.Parse(File.ReadLines(file).First()).RootElement.GetProperty("version").GetInt32()).Distinct().Order());

    [Fact]
    public void K_03_ThereAreHistories_OfEveryShapeOfTheRecord() =>
        Assert.Equal(Enumerable.Range(1, VaultRecord.ThisShape), Digests.Where(it => it.Key.EndsWith(".recordShape", StringComparison.Ordinal)).Select(it => int.Parse(it.Value, CultureInfo.InvariantCulture)).Distinct().Order());

    [Theory]
    [InlineData("−", "٫"), InlineData("~", ",")]
    public async Task K_06_OtherCulture_GivesTheSameBytes(string minus, string point)
    {
        var machine = ground.NewMachine();
        var vault = await History.TwoWeeks(machine);
        var (entries, before) = (await machine.ReadAll(vault), CultureInfo.CurrentCulture);
        var here = Fold(entries, vault);
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NegativeSign, other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator) = (minus, point, "'");
        (other.DateTimeFormat.DateSeparator, other.DateTimeFormat.TimeSeparator) = ("~", ".");
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(here, Fold(entries, vault));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static string Fold(List<LogEntry> entries, string vault)
        {
            var (state, chain, bytes) = (VaultState.Empty(vault), LogEntry.Genesis, new List<string>());
            foreach (var entry in entries)
            {
                var placed = LogEntry.Place(new(entry.Key, entry.Event, entry.At, entry.Source), entry.Sequence, chain);
                state = state.Apply(placed);
                chain = placed.Chain;
                bytes.Add(Convert.ToHexString(chain));
                if (entry.Event is Booked)
                    bytes.Add(Convert.ToHexString(StoredBooks.Write(state.Books)));
            }

            return string.Join('\n', bytes);
        }
    }

    sealed class Death : Exception;

    /// <summary>An invocation as the worker hands it to the middleware.</summary>
    sealed class Invocation(string function, string id, string text, int delivery) : FunctionContext
    {
        public override string InvocationId { get; } = Guid.NewGuid().ToString();
        public override string FunctionId => function;
        public override TraceContext TraceContext => throw new NotSupportedException();
        public override BindingContext BindingContext { get; } = new Binding(new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Id"] = id, ["QueueTrigger"] = text, ["DequeueCount"] = $"{delivery}",
        });
        public override RetryContext RetryContext => throw new NotSupportedException();
        public override IServiceProvider InstanceServices { get; set; } = null!;
        public override FunctionDefinition FunctionDefinition { get; } = new Definition(function);
        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();
        public override IInvocationFeatures Features => throw new NotSupportedException();

        sealed class Binding(IReadOnlyDictionary<string, object?> data) : BindingContext
        {
            public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
        }

        sealed class Definition(string name) : FunctionDefinition
        {
            public override ImmutableArray<FunctionParameter> Parameters => [];
            public override string PathToAssembly => "";
            public override string EntryPoint => "";
            public override string Id => name;
            public override string Name => name;
            public override IImmutableDictionary<string, BindingMetadata> InputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
            public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;
        }
    }

    /// <summary>The app as a process of its own, without a chain and without Numerai: nothing of this needs them.</summary>
    sealed class Host : IAsyncDisposable
    {
        const string Key = "a test's own key";
        readonly AppProcess process;
        readonly HttpClient http;
        readonly string connection;

        Host(AppProcess process, string connection)
        {
            (this.process, this.connection) = (process, connection);
            http = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromSeconds(30) };
            App = Ground.App.Start(connection, TimeProvider.System, new Transports());
        }

        public ServiceProvider App { get; }

        public AppProcess Process => process;

        public static async Task<Host> Start(string connection, CancellationToken stop, params (string Name, string Value)[] more)
        {
            var settings = SampleSettings.With([
                ("AzureWebJobsStorage", connection), ("Ethereum__RpcUrl", "http://127.0.0.1:1"),
                ("AzureFunctionsJobHost__extensions__queues__maxPollingInterval", "00:00:00.100"), ("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "00:00:00"), .. more]);
            var log = Path.Combine(Path.GetTempPath(), $"backstake-faults-{Guid.NewGuid():N}.log");
            return new Host(await AppProcess.Start(FreePort.Checked(0), settings, Key, log, stop), connection);
        }

        public async Task Register(CancellationToken stop, params string[] vaults)
        {
            var registry = App.GetRequiredService<VaultRegistry>();
            await registry.Prepare(stop);
            foreach (var id in vaults)
                await registry.Add(new RegisteredVault(id, 8, "m"), stop);
        }

        /// <summary>Waits until the whole of a vault's log was told.</summary>
        public async Task Told(string vault, long sequence, CancellationToken stop)
        {
            while ((await App.GetRequiredService<SubscriberTable>().Told(vault, stop)).Sequence < sequence)
                await Task.Delay(50, stop);
        }

        public QueueClient Queue(string name, QueueMessageEncoding encoding) =>
            new QueueServiceClient(connection, new QueueClientOptions { MessageEncoding = encoding }).GetQueueClient(name);

        public async Task<JsonElement> Get(string path, CancellationToken stop, HttpStatusCode status = HttpStatusCode.OK)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("x-functions-key", Key);
            using var answer = await http.SendAsync(request, stop);
            Assert.Equal(status, answer.StatusCode);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        }

        public async Task<HttpStatusCode> Post(string path, CancellationToken stop, object? body = null, string? key = Key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            if (body is not null)
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            if (key is not null)
                request.Headers.Add("x-functions-key", key);
            using var answer = await http.SendAsync(request, stop);
            return answer.StatusCode;
        }

        /// <summary>A queue's messages in quarantine, once there are so many; tidying brings what the host itself gave up.</summary>
        public async Task<IReadOnlyList<JsonElement>> Quarantined(int count, CancellationToken stop, string queue = VaultQueues.Watch)
        {
            while (true)
            {
                await process.Fire("Tidy", stop);
                var messages = (await Get("api/ops/quarantine", stop)).GetProperty("messages").EnumerateArray().Where(it => it.GetProperty("queue").GetString() == queue).ToList();
                if (messages.Count >= count)
                    return messages;
                await Task.Delay(50, stop);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            http.Dispose();
            await App.DisposeAsync();
            File.Delete(process.LogFile);
        }
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Storage;
using Backstake.Season;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>What leaves the process is what is on the list, whatever canaries are put into logs, traces and exceptions.</summary>
public sealed class DisclosureTests
{
    const string RpcUrl = "https://node.example/v3/canary-of-the-provider";
    const string Key = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a";
    const string Canary = "canary-nobody-may-see";

    static readonly (string Name, string Value)[] Canaries =
    [
        ("Ethereum:RpcUrl", RpcUrl), ("Ethereum:StakerKey", Key), ("Numerai:SecretKey", "canary-of-numerai"), ("Webhook:Key", "canary-of-the-webhook"),
        ("AzureWebJobsStorage", "AccountKey=canary-of-storage"),
    ];

    static readonly string[] NeverSeen = [RpcUrl, "canary-of-the-provider", Key, Key[2..], "canary-of-numerai", "canary-of-the-webhook", "canary-of-storage", Canary];

    [Fact]
    public async Task Logs_AreTheirListedFields()
    {
        await using var app = Telling();
        app.Log.LogCritical(new LogDamagedException($"row e|1 is missing, said {RpcUrl}"), "Vault {Vault} halts: {Reason}", "0xaa", $"row e|1 is missing, said {RpcUrl} with {Key[2..].ToUpperInvariant()}");
        app.Log.LogWarning(new HttpRequestException($"{Canary} at {RpcUrl}", new InvalidOperationException(Canary)), "{Vault} sent {Body} to {Uri}", "0xbb", Canary, RpcUrl);
        app.Log.Log(LogLevel.Warning, default, Canary, null, (state, _) => state); // no template at all
        var told = app.Logs;
        Assert.Equal(3, told.Count);
        Assert.Equal("Vault 0xaa halts: row e|1 is missing, said *** with ***", told[0].Message);
        Assert.Equal(["Kind", "Reason", "Vault", "{OriginalFormat}"], told[0].Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("LogDamagedException: row e|1 is missing, said ***", told[0].Exception);
        Assert.Equal("0xbb sent {Body} to {Uri}", told[1].Message);
        Assert.Equal(["Kind", "Vault", "{OriginalFormat}"], told[1].Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("HttpRequestException (InvalidOperationException)", told[1].Exception);
        Assert.Equal("HttpRequestException", told[1].Fields["Kind"]);
        Assert.Null(told[2].Message);
        var all = JsonSerializer.Serialize(told);
        Assert.All(NeverSeen, secret => Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Traces_AreTheirListedTags()
    {
        await using var app = Telling();
        using var own = new Activity("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start(); // other tests' steps may be traced meanwhile
        using (var others = app.Others.StartActivity("Invoke"))
        {
            others!.SetTag("faas.invocation_id", "7").SetTag("url.full", RpcUrl).SetTag("http.request.header.x", Canary);
            others.SetStatus(ActivityStatusCode.Error, $"{Canary} at {RpcUrl}");
            await Assert.ThrowsAsync<LogDamagedException>(() => new TraceSteps().Invoke(new Invocation("WatchVault", new() { ["Vault"] = "0xaa", ["Body"] = Canary }), _ => throw new LogDamagedException(Canary)));
        }

        var told = app.Traces.Where(it => it.Trace == own.TraceId.ToHexString()).ToList();
        Assert.Equal(["WatchVault", "Invoke"], told.Select(it => it.Name));
        Assert.Equal(["vault | LogDamagedException", "faas.invocation_id | "], told.Select(it => $"{string.Join(' ', it.Tags)} | {it.Status}"));
        Assert.All(NeverSeen, secret => Assert.DoesNotContain(secret, JsonSerializer.Serialize(told), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Measures_AreExported_UnderTheNamesThatAlertsLookAt()
    {
        await using var app = Telling();
        var meters = app.Services.GetRequiredService<Meters>();
        foreach (var name in MeasureNames.All)
            meters.Record(new(name, "vault", "0xaa", 7));
        meters.Beat();
        meters.Beat();
        app.Flush();
        Assert.Equal(MeasureNames.All.Append(MeasureNames.Heartbeat).Order(StringComparer.Ordinal), app.Metrics.Select(it => it.Name).Order(StringComparer.Ordinal));
        Assert.All(app.Metrics, it => Assert.Equal(it.Name == MeasureNames.Heartbeat ? (2L, "") : (7L, "vault=0xaa"), (it.Value, it.Tags)));
    }

    [Fact]
    public async Task Failure_TellsTheHostNoMoreThanTheLogs()
    {
        var told = await Assert.ThrowsAsync<ReportedException>(() => new DiscloseFailures(Secrets()).Invoke(new Invocation("WatchVault", []), _ => throw new HttpRequestException($"{Canary} {RpcUrl}")));
        Assert.Equal("HttpRequestException", told.Message);
        Assert.All(NeverSeen, secret => Assert.DoesNotContain(secret, told.ToString(), StringComparison.OrdinalIgnoreCase));
        await Assert.ThrowsAsync<OperationCanceledException>(() => new DiscloseFailures(Secrets()).Invoke(new Invocation("WatchVault", []), _ => throw new OperationCanceledException()));
    }

    /// <summary>Each field of our own log lines is on the list, and the list has no other.</summary>
    [Fact]
    public void OurLines_HaveListedFields()
    {
        var used = Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"\.Log(Trace|Debug|Information|Warning|Error|Critical)\((?<line>[^;]*)\);", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            .SelectMany(it => Regex.Matches(it.Groups["line"].Value, @"\{(?<field>[A-Z]\w*)\}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            .Select(it => it.Groups["field"].Value).Distinct(StringComparer.Ordinal).ToList();
        string[] notOurs = [Disclosed.Template, "functionName", "invocationId"];
        Assert.Equal(Disclosed.Fields.Concat(Disclosed.Sentences).Except(notOurs).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    static Secrets Secrets() => new(Configuration);

    static IConfiguration Configuration => new ConfigurationBuilder().AddInMemoryCollection(Canaries.Select(it => new KeyValuePair<string, string?>(it.Name, it.Value))).Build();

    static Told Telling() => new(Configuration);

    sealed record ToldLog(string? Message, Dictionary<string, string?> Fields, string? Exception);

    sealed record ToldTrace(string Trace, string Name, string[] Tags, string? Status);

    sealed record ToldMetric(string Name, long Value, string Tags);

    /// <summary>The app's telemetry with exporters that keep what they get, where Application Insights' would be.</summary>
    sealed class Told : IAsyncDisposable
    {
        readonly ServiceProvider services;

        public Told(IConfiguration configuration)
        {
            var collection = new ServiceCollection();
            collection.AddSingleton(configuration).AddMetrics().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace));
            collection.AddSingleton<Meters>();
            var telemetry = collection.AddOpenTelemetry();
            Telemetry.Disclose(telemetry);
            telemetry.WithTracing(traces => traces.AddSource(Others.Name).AddProcessor(new SimpleActivityExportProcessor(new Keep<Activity>(it =>
                Traces.Add(new(it.TraceId.ToHexString(), it.DisplayName, [.. it.TagObjects.Select(tag => tag.Key)], it.StatusDescription))))));
            telemetry.WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(new Keep<Metric>(Keep))));
            telemetry.WithLogging(logs => logs.AddProcessor(new SimpleLogRecordExportProcessor(new Keep<LogRecord>(it =>
                Logs.Add(new(it.FormattedMessage, it.Attributes!.ToDictionary(field => field.Key, field => field.Value?.ToString(), StringComparer.Ordinal), it.Exception?.Message)))))
                , options => options.IncludeFormattedMessage = options.ParseStateValues = true);
            services = collection.BuildServiceProvider();
            foreach (var hosted in services.GetServices<IHostedService>())
                hosted.StartAsync(default).GetAwaiter().GetResult();
            Log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Backstake.Test");
        }

        public IServiceProvider Services => services;

        public ILogger Log { get; }

        public ActivitySource Others { get; } = new($"Others {Guid.NewGuid()}");

        public List<ToldLog> Logs { get; } = [];

        public List<ToldTrace> Traces { get; } = [];

        public List<ToldMetric> Metrics { get; } = [];

        public void Flush() => Assert.True(services.GetRequiredService<MeterProvider>().ForceFlush());

        public ValueTask DisposeAsync()
        {
            Others.Dispose();
            return services.DisposeAsync();
        }

        void Keep(Metric metric)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var tags = new List<string>();
                foreach (var tag in point.Tags)
                    tags.Add($"{tag.Key}={tag.Value}");
                Metrics.Add(new(metric.Name, metric.MetricType == MetricType.LongGauge ? point.GetGaugeLastValueLong() : point.GetSumLong(), string.Join(' ', tags)));
            }
        }
    }

    sealed class Keep<T>(Action<T> keep) : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var it in batch)
                keep(it);
            return ExportResult.Success;
        }
    }
}

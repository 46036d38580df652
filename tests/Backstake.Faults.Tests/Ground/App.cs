using Azure.Core;
using Azure.Core.Pipeline;
using Backstake.Functions.Settlement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backstake.Faults.Tests.Ground;

/// <summary>The app's own services in this process, on real servers, with other ways to the outside where a test wants them.</summary>
static class App
{
    /// <summary>Retries as quick as a test needs them, and requests through <paramref name="transport"/>.</summary>
    public static Transports Through(HttpPipelineTransport transport, int retries = 3) => new(
        options =>
        {
            options.Transport = transport;
            Quickly(options, retries);
        }, null, null);

    public static void Quickly(ClientOptions options, int retries = 3)
    {
        options.Retry.MaxRetries = retries;
        options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
    }

    public static StorageClients Connect(string connection, Transports transports) =>
        new(Settings([new("AzureWebJobsStorage", connection)]), transports);

    public static Machine Machine(StorageClients clients)
    {
        var (log, blobs) = (new LogTable(clients), new BlobStore(clients));
        return new Machine(log, blobs, new VaultStore(log, blobs, TimeProvider.System, NullLogger<VaultStore>.Instance));
    }

    public static ServiceProvider Start(string connection, TimeProvider clock, Transports transports, params IEnumerable<(string Name, string Value)> settings)
    {
        var configuration = Settings([new("AzureWebJobsStorage", connection), .. settings.Select(it => new KeyValuePair<string, string?>(it.Name, it.Value))]);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(configuration);
        services.AddBackstake(configuration);
        services.AddSingleton(clock);
        services.AddSingleton(transports);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        return services.BuildServiceProvider();
    }

    static IConfiguration Settings(IEnumerable<KeyValuePair<string, string?>> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}

/// <summary>A clock that stands where it is put.</summary>
sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Each look is two minutes after the one before: what is limited by the minute never is.</summary>
sealed class HastyClock(DateTimeOffset now) : TimeProvider
{
    long looks;

    public override DateTimeOffset GetUtcNow() => now.AddMinutes(2 * Interlocked.Increment(ref looks));
}

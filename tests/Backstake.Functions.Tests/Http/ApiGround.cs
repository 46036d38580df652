using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Functions.Tests.Http;

/// <summary>The app as a process of its own over a vault in its storage (<see cref="History.TwoWeeks"/>), one for all tests of a class. There is no node and no Numerai.</summary>
public sealed class ApiGround(StorageGround storage) : IAsyncLifetime
{
    public const string Key = "0123456789abcdef0123456789abcdef";
    readonly string folder = Directory.CreateTempSubdirectory("backstake-api-").FullName;

    public StorageGround Storage => storage;

    public Machine Machine { get; } = storage.NewMachine();

    public string Vault { get; private set; } = "";

    public AppProcess App { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public string Log => File.ReadAllText(App.LogFile);

    public async Task InitializeAsync()
    {
        Vault = await History.TwoWeeks(Machine);
        await Register(Vault);
        App = await Start();
        Http = new HttpClient(new DocumentedTraffic()) { BaseAddress = App.Address };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public async Task Register(string vault)
    {
        var registry = new VaultRegistry(storage.Clients);
        await registry.Prepare(default);
        await registry.Add(new(vault, 8, "11111111-2222-3333-4444-555555555555"), default);
    }

    /// <summary>Another instance over the same storage, to be ended by who starts it.</summary>
    public Task<AppProcess> Start(params (string Name, string Value)[] changes) => AppProcess.Start(
        FreePort.Next(), SampleSettings.With([("AzureWebJobsStorage", storage.ConnectionString), ("RateLimits__PerMinute", "100000"), .. changes]), Key, Path.Combine(folder, $"app-{Guid.NewGuid():N}.log"), default);
}

using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Season;
using Backstake.Servers;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Http;

/// <summary>The app as a process of its own over a vault in its storage (<see cref="History.TwoWeeks"/>), one for all tests of a class. There is no node and no Numerai.</summary>
public sealed class ApiGround(StorageGround storage) : IAsyncLifetime
{
    public const string Key = "0123456789abcdef0123456789abcdef";
    public const string Origin = "http://localhost:7071"; // the sample settings'
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
        await new IdentityTable(storage.Clients).Prepare(default);
        App = await Start();
        Http = App.Client();
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
        await registry.SetReadUpTo((await registry.ReadUpTo(default) ?? 0) + 1, default); // as the watcher does then
    }

    /// <summary>A session of an address whose key nobody has.</summary>
    public async Task<string> SessionOf(string address) => (await SessionsOf(Origin).Begin(address, Sessions.OfKey, default)).Token;

    /// <summary>A key of an address's.</summary>
    public async Task<string> KeyOf(string address, params ApiScope[] scopes) => (await new ApiKeys(new IdentityTable(storage.Clients), TimeProvider.System).Make(address, "key", scopes, null, default))!.Value.Text;

    /// <summary>The sessions of an origin, as on a machine with this clock.</summary>
    public Sessions SessionsOf(string origin, TimeProvider? clock = null) => new(new IdentityTable(storage.Clients), Options.Create(new IdentitySettings { Origin = origin }), clock ?? TimeProvider.System);

    /// <summary>Another instance over the same storage, to be ended by who starts it.</summary>
    public Task<AppProcess> Start(params (string Name, string Value)[] changes) => AppProcess.Start(
        FreePort.Next(), SampleSettings.With([("AzureWebJobsStorage", storage.ConnectionString), ("RateLimits__PerMinute", "100000"), .. changes]), Key, Path.Combine(folder, $"app-{Guid.NewGuid():N}.log"), default, new DocumentedTraffic());
}

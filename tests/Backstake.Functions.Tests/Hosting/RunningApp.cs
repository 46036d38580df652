using System.Diagnostics;
using System.Globalization;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Functions.Hosting;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Seasons;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Season;
using Backstake.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Tests.Hosting;

/// <summary>The sandbox's servers, one vault without any history, and apps as processes of their own with whatever settings a test wants.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    public const string Key = "0123456789abcdef0123456789abcdef";
    static readonly DateOnly FirstTuesday = new(2026, 1, 6);
    static readonly DateTimeOffset Start = new(2025, 12, 30, 12, 0, 0, TimeSpan.Zero);

    readonly string folder = Directory.CreateTempSubdirectory("backstake-ops-").FullName;
    Ground? ground;

    public Ground Ground => ground ?? throw new InvalidOperationException("The contracts aren't built: ./contracts/forge build");

    public string Vault { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!File.Exists(Repository.Artifact("VaultFactory")))
            return;
        var scores = SandboxScores.ReadOrMake(null, Repository.Root, 1);
        ground = await Ground.Start(1, folder, Start, new RoundCalendar(843, FirstTuesday, 850), scores, onAccounts: false, default);
        var wallets = Signers();
        foreach (var wallet in wallets)
            await wallet.Fund("", 0, default);
        Vault = await Create("owner", scores.Models[0]);
    }

    /// <summary>A vault of the model, made by the owner's wallet, in a final block.</summary>
    public Task<string> Create(string owner, string model) => Create(owner, model, _ => { });

    public async Task<string> Create(string owner, string model, Action<CreateVault> change)
    {
        var (wallet, wallets) = (Ground.Wallet(owner), Signers());
        await wallet.Fund("", 0, default);
        var created = new CreateVault
        {
            Owner = wallet.Address, Committer = wallets[0].Address, StakerKey = wallets[1].Address, Settler = wallets[2].Address, Guardian = wallet.Address,
            Nmr = Ground.Nmr, Stakers = Ground.Stakers, Tournament = (int)TournamentKind.Classic, ModelId = UuidWord.Of(SandboxModel.IdOf(model, TournamentKind.Classic)),
            FirstCut = (ulong)new DateTimeOffset(FirstTuesday.AddDays(-2), new TimeOnly(18, 0), TimeSpan.Zero).ToUnixTimeSeconds(), Window = 144_000,
        };
        change(created);
        var vault = Ground.Created(await wallet.Send(Ground.Factory, new CreateVaultFunction { Vault = created }, default)).ToLowerInvariant();
        await Ground.MineNow(default);
        return vault;
    }

    public async Task DisposeAsync()
    {
        if (ground is not null)
            await ground.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    Wallet[] Signers() => [Ground.Wallet("committer"), Ground.Wallet("staker"), Ground.Wallet("settler")];

    public Dictionary<string, string> Settings(params (string Name, string Value)[] changes)
    {
        var wallets = Signers();
        var settings = new Dictionary<string, string>(Ground.AppSettings(wallets[0], wallets[1], wallets[2], "key"), StringComparer.Ordinal);
        foreach (var (name, value) in changes)
            settings[name] = value;
        return settings;
    }

    /// <summary>To be ended by the test that starts it: all of them share the queues.</summary>
    public Task<AppProcess> StartApp(params (string Name, string Value)[] changes) => AppProcess.Start(FreePort.Next(), Settings(changes), Key, LogFile(), default, new DocumentedTraffic());

    /// <summary>The app's services in this process, on the sandbox's servers.</summary>
    public ServiceProvider InProcess(Transports transports, params (string Name, string Value)[] changes)
    {
        var services = new ServiceCollection();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            Settings(changes).Select(it => new KeyValuePair<string, string?>(it.Key.Replace("__", ":", StringComparison.Ordinal), it.Value))).Build();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddBackstake(configuration);
        services.AddSingleton(transports);
        services.AddSingleton<TimeProvider>(new LateClock(Ground.Clock));
        services.AddSingleton<MeasureFunctions>();
        return services.BuildServiceProvider();
    }

    public sealed class LateClock(TimeProvider clock) : TimeProvider
    {
        public TimeSpan Late { get; set; }

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Late;
    }

    public string LogFile() => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"app-{Guid.NewGuid():N}.log"));

    /// <summary><c>backstake</c>, as the operator runs it.</summary>
    public static Task<(int Status, string Output, string Error)> Command(string? key, params string[] arguments) => Command(key, [], arguments);

    public static async Task<(int Status, string Output, string Error)> Command(string? key, IEnumerable<(string Name, string Value)> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("BACKSTAKE_OPS_KEY");
        if (key is not null)
            start.Environment["BACKSTAKE_OPS_KEY"] = key;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

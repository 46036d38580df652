using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Backstake.Functions.Submissions.Intake;
using Backstake.Sandbox;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Sandbox.Time;
using Backstake.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>The app's services over Azurite and a tournament whose round 843 is open, with a node that takes every transaction; and a vault of the tournament's model.</summary>
public abstract class SubmissionGround(StorageGround ground) : IAsyncLifetime
{
    protected const int Number = 843;

    /// <summary>Of this test's vaults, and of its keys: a holder has no more than twenty.</summary>
    protected string Owner { get; } = StorageGround.NewVault();

    protected VirtualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    protected Tournament Tournament { get; private set; } = null!;

    protected ServiceProvider App { get; private set; } = null!;

    protected StorageGround Storage => ground;

    protected virtual Transports Ways => new(null, null, new QuietNode());

    protected virtual IEnumerable<(string, string)> Settings => [];

    protected virtual IReadOnlyList<SandboxAccount> Accounts => [SandboxAccount.Default];

    public virtual async Task InitializeAsync()
    {
        var (corr, mmc) = (ScoreTable.Read(new StringReader("roundNumber,A\n843,0.02\n"), "corr"), ScoreTable.Read(new StringReader("roundNumber,A\n843,0.01\n"), "mmc"));
        Tournament = await Tournament.StartAsync(new TournamentOptions
        {
            Clock = Clock, Calendar = new RoundCalendar(Number, new DateOnly(2026, 11, 24)), Scores = new SandboxScores(corr, mmc, "test"), LiveIds = 20, Accounts = Accounts,
        });
        App = Start(Ways);
        await App.GetRequiredService<StoragePreparation>().Prepare(default);
    }

    public virtual async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Tournament.DisposeAsync();
        Clock.Dispose();
    }

    /// <summary>Another process of the app, on the same storage.</summary>
    protected ServiceProvider Start(Transports ways) => Backstake.Faults.Tests.Ground.App.Start(ground.ConnectionString, Clock, ways,
    [
        ("Numerai:Endpoint", Tournament.Address.ToString()), ("Numerai:PublicId", SandboxAccount.Default.Key.PublicId), ("Numerai:SecretKey", SandboxAccount.Default.Key.SecretKey),
        ("Ethereum:RpcUrl", "http://127.0.0.1:1"), ("Ethereum:ChainId", $"{QuietNode.ChainId}"), ("Ethereum:CommitterKey", Anvil.PrivateKeys[2]), ("Ethereum:StakerKey", Anvil.PrivateKeys[3]),
        ("Ethereum:SettlerKey", Anvil.PrivateKeys[4]), ("Webhook:Key", "a key for tests"), .. Settings,
    ]);

    protected T The<T>() where T : notnull => App.GetRequiredService<T>();

    protected SandboxModel Model => Tournament.FindModel("A")!;

    /// <summary>A vault of this model, registered.</summary>
    protected async Task<RegisteredVault> Begin(SandboxModel? model = null)
    {
        var (vault, its) = (StorageGround.NewVault(), model ?? Model);
        var added = (VaultAdded)History.Added(vault).Event with { ModelId = its.Id.ToString(), Owner = Owner, Tournament = (int)its.Tournament };
        await ground.NewMachine().Append(vault, History.Added(vault) with { Event = added });
        var registered = new RegisteredVault(vault, (int)its.Tournament, its.Id.ToString());
        await The<VaultRegistry>().Add(registered, default);
        return registered;
    }

    /// <summary>The round as Numerai describes it; from here on the app knows it, too.</summary>
    protected async Task<NumeraiRound> Open(int tournament = 8)
    {
        var round = (await The<INumerai>().CurrentRound(tournament, default))!;
        await The<OpenRounds>().Remember(tournament, round, default);
        return round;
    }

    protected byte[] File(string author, int round = Number) => Tournament.Live.Predictions(TournamentKind.Classic, round, author);

    protected Task<IActionResult> Put(RegisteredVault vault, byte[] file, string round = "843") => The<PredictionIntake>().Put(vault, round, file, default);

    protected Task Run(RegisteredVault vault, NumeraiRound round) => The<VaultSubmission>().Submit(RoundOpening.Message(vault.Id, round, null), default);

    protected async Task<List<LogEvent>> Events(RegisteredVault vault) => [.. (await ground.NewMachine().ReadAll(vault.Id)).Select(entry => entry.Event)];

    protected async Task<RoundRecord> Record(RegisteredVault vault) => (await ground.NewMachine().Store.Load(vault.Id, default)).Record.Rounds[Number];

    protected Task Append(RegisteredVault vault, string key, LogEvent seen) => ground.NewMachine().Append(vault.Id, new NewEntry(key, seen, Clock.GetUtcNow()));

    protected async Task<string> Key(string holder, params ApiScope[] scopes) => (await The<ApiKeys>().Make(holder, "test", scopes, null, default))!.Value.Text;

    protected static HttpRequest Request(byte[] body)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true);
        return http.Request;
    }

    /// <summary>As it is after <see cref="KnowCaller"/>.</summary>
    protected async Task<HttpRequest> RequestBy(string? key, byte[] body)
    {
        var request = Request(body);
        if (key is not null)
            request.Headers.Authorization = $"Bearer {key}";
        if (await The<Callers>().Of(request, default) is { } caller)
            request.HttpContext.Items[typeof(KnownCaller)] = caller;
        return request;
    }

    /// <summary>What is visible in the queue of these vaults' messages; all are taken. Those that are sent for later stay hidden in real time: when their time has come, the sweep has sent them again.</summary>
    protected async Task<List<SubmitRound>> Messages(Func<string, bool> isOurs) => (await ground.Taken<SubmitRound>(VaultQueues.Submissions)).FindAll(message => isOurs(message.Vault));

    protected static string? Code(IActionResult answer) => ((answer as ObjectResult)?.Value as ProblemDetails)?.Extensions["code"] as string;

    protected static StoredAnswer Stored(IActionResult answer) => Assert.IsType<StoredAnswer>(Assert.IsType<OkObjectResult>(answer).Value);
}

using System.Text.Json;
using Azure.Core.Pipeline;
using Backstake.Accounting;
using Backstake.Faults.Tests.Ground;
using Backstake.Functions.Notifications;
using Backstake.Functions.Outgoing;
using Backstake.Submissions.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Notifications;

/// <summary>The app's services over Azurite with a clock that is moved, two receivers on this machine, and backers whose vaults' logs are appended to.</summary>
public abstract class NotificationGround(StorageGround ground) : IAsyncLifetime
{
    protected const string Origin = "https://app.example.org";
    protected static readonly DateTimeOffset Begin = History.FirstCut.AddDays(-5);

    private protected StoppedClock Clock { get; } = new(Begin);

    private protected TestNode Receiver { get; private set; } = null!;

    private protected TestNode Other { get; private set; } = null!;

    protected ServiceProvider App { get; private set; } = null!;

    protected StorageGround Storage => ground;

    public async Task InitializeAsync()
    {
        (Receiver, Other) = (await TestNode.Start(), await TestNode.Start());
        App = Start(new Transports());
        await App.GetRequiredService<StoragePreparation>().Prepare(default);
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Receiver.DisposeAsync();
        await Other.DisposeAsync();
    }

    /// <summary>The app as another process, with other ways to storage.</summary>
    protected ServiceProvider Start(Transports ways) => Faults.Tests.Ground.App.Start(ground.ConnectionString, Clock, ways,
        ("Webhook:Key", "a key for tests"), ("Identity:Origin", Origin), ("Nodes:Allowed", $"{Receiver.Allowed},{Other.Allowed}"));

    protected T The<T>() where T : notnull => App.GetRequiredService<T>();

    protected static Backer NewBacker() => new(StorageGround.NewVault());

    /// <summary>A vault with terms on offer and an owner of its own.</summary>
    protected async Task<string> NewVault(string? owner = null)
    {
        var vault = StorageGround.NewVault();
        await ground.NewMachine().Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Owner = owner ?? StorageGround.NewVault() } }, History.Offered());
        return vault;
    }

    /// <summary>A deposit of a unit; each has a transaction of its own.</summary>
    protected Task Deposit(string vault, Backer backer) => Append(vault, $"deposit|{Guid.NewGuid():N}", new Booked(new Deposit(backer, new TermsId(History.TermsOne), new Units(1))));

    protected Task Append(string vault, string key, LogEvent happened) => ground.NewMachine().Append(vault, new NewEntry(key, happened, Clock.Now));

    private protected Task Set(Backer backer, TestNode receiver, params string[] kinds) => The<NotificationSettings>().Set(backer.Address, $"{receiver.Address}hook", kinds.Length == 0 ? null : kinds, default);

    protected Task Tell(string vault) => The<VaultTelling>().Tell(vault, default);

    protected Task Deliver(Backer backer) => The<NotificationDelivery>().Deliver(backer.Address, default);

    protected Task<IReadOnlyList<Delivery>> Deliveries(Backer backer) => The<DeliveryTable>().All(backer.Address, default);

    private protected static string IdOf(Asked asked) => JsonDocument.Parse(asked.Body).RootElement.GetProperty("id").GetString()!;

    /// <summary>A storage that is lost from a call on: what a process does there after its death.</summary>
    protected static Transports DyingAt(int call)
    {
        var calls = 0;
        return new(options =>
        {
            options.Transport = new HttpClientTransport(new Dying(() => Interlocked.Increment(ref calls) >= call));
            Faults.Tests.Ground.App.Quickly(options, 0);
        }, null, null);
    }

    sealed class Dying(Func<bool> isDead) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            isDead() ? throw new HttpRequestException("The process is dead.") : base.SendAsync(request, cancellationToken);
    }
}

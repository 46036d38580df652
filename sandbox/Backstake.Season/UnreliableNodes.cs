using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Submissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Season;

/// <summary>How a vault's rounds went: as the app tells it, or as it was arranged.</summary>
public sealed record RoundCounts(int OnTime, int Retried, int Missed);

/// <summary>
/// The nodes of all vaults but the first: some rounds they answer at once, some at the second call, some with garbage, some not at all. Which is fixed by vault and round,
/// so that it is known how reliable each vault must be told.
/// </summary>
public sealed class UnreliableNodes : IAsyncDisposable
{
    enum Mood
    {
        Good,
        Slow,
        Dead,
        Wrong,
    }

    readonly WebApplication app;
    readonly LiveData live;
    readonly ConcurrentDictionary<(string Vault, int Round), int> calls = new();
    readonly Dictionary<string, SeasonVault> vaults = new(StringComparer.Ordinal);

    UnreliableNodes(WebApplication app, LiveData live) => (this.app, this.live) = (app, live);

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>As the setting <c>Nodes__Allowed</c> has it.</summary>
    public string Host => $"{Address.Host}:{Address.Port}";

    public static async Task<UnreliableNodes> Start(LiveData live)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var nodes = new UnreliableNodes(builder.Build(), live);
        nodes.app.MapPost("/{vault}", nodes.Answer);
        await nodes.app.StartAsync();
        nodes.Address = new Uri(nodes.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return nodes;
    }

    public static bool Has(SeasonVault vault) => vault.Index > 0;

    /// <summary>The vault has a node from here on; its address.</summary>
    public Uri Add(SeasonVault vault)
    {
        vaults[vault.Id] = vault;
        return new Uri(Address, vault.Id);
    }

    /// <summary>What must be told of the vault's rounds.</summary>
    public static RoundCounts Injected(SeasonVault vault, IEnumerable<int> rounds)
    {
        var moods = rounds.Select(round => Has(vault) ? MoodOf(vault, round) : Mood.Good).ToList();
        return new(moods.Count(mood => mood is Mood.Good), moods.Count(mood => mood is Mood.Slow), moods.Count(mood => mood is Mood.Dead or Mood.Wrong));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    static Mood MoodOf(SeasonVault vault, int round) => ((vault.Index + round) % 5) switch { 0 => Mood.Slow, 1 => Mood.Dead, 3 => Mood.Wrong, _ => Mood.Good };

    async Task<IResult> Answer(string vault, HttpRequest request)
    {
        using var call = await JsonDocument.ParseAsync(request.Body);
        var round = call.RootElement.GetProperty("data").GetProperty("round").GetInt32();
        var count = calls.AddOrUpdate((vault, round), 1, (_, before) => before + 1);
        return MoodOf(vaults[vault], round) switch
        {
            Mood.Dead => Results.StatusCode(StatusCodes.Status503ServiceUnavailable),
            Mood.Slow when count == 1 => Results.StatusCode(StatusCodes.Status503ServiceUnavailable),
            Mood.Wrong => Results.Bytes(Encoding.UTF8.GetBytes("id,prediction\nnobody,NaN\n"), "text/csv"),
            _ => Results.Bytes(live.Predictions(TournamentKind.Classic, round, vaults[vault].Model), "text/csv"),
        };
    }
}

using Backstake.Chain.Numerai;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Chain;
using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox;

/// <summary>
/// A tournament that behaves like Numerai's: its GraphQL API on loopback, its rounds, its staking contract, on scores that are known beforehand. Its owner moves the clock and calls
/// <see cref="StepAsync"/>; nothing happens by itself.
/// </summary>
public sealed class Tournament : IAsyncDisposable
{
    private readonly TournamentOptions options;
    private readonly Dictionary<Guid, SandboxModel> models = [];
    private readonly Dictionary<int, RoundResults> results = [];
    private readonly HashSet<int> opened = [];
    private readonly HashSet<int> returned = [];
    private readonly SemaphoreSlim stepping = new(1, 1);
    private ApiServer? server;

    private Tournament(TournamentOptions options)
    {
        this.options = options;
        Live = new LiveData(options.Seed, options.LiveIds);
        Submissions = new SubmissionStore(Calendar, Live, options.Clock, options.Seed);
        foreach (var name in options.Scores.Models)
        {
            AddModel(name, TournamentKind.Classic, options.Accounts[0]);
        }
    }

    public Faults Faults { get; } = new();

    public Webhooks Webhooks { get; } = new();

    /// <summary>Told what each GraphQL request asks for, when it comes.</summary>
    public Action<string>? Asked { get; set; }

    public LiveData Live { get; }

    public RoundCalendar Calendar => options.Calendar;

    public SandboxScores Scores => options.Scores;

    public TimeProvider Clock => options.Clock;

    public IReadOnlyList<SandboxAccount> Accounts => options.Accounts;

    public IStakingChain? Chain => options.Chain;

    /// <summary>http://127.0.0.1:port, where GraphQL is POSTed.</summary>
    public Uri Address => server?.Address ?? throw new InvalidOperationException("The tournament is not started.");

    public IReadOnlyCollection<SandboxModel> Models
    {
        get
        {
            lock (models)
            {
                return [.. models.Values];
            }
        }
    }

    internal SubmissionStore Submissions { get; }

    /// <summary>Starts serving. The first account owns a Classic model for each model of the scores.</summary>
    public static async Task<Tournament> StartAsync(TournamentOptions options, CancellationToken stop = default)
    {
        var tournament = new Tournament(options);
        tournament.server = await ApiServer.StartAsync(tournament, options.Port, stop);
        return tournament;
    }

    /// <summary>Adds a model; scores have effect only for a Classic model of the name of a column.</summary>
    public SandboxModel AddModel(string name, TournamentKind kind, SandboxAccount account)
    {
        var model = new SandboxModel(name, kind, account);
        lock (models)
        {
            models.Add(model.Id, model);
        }
        return model;
    }

    public SandboxModel? FindModel(Guid id)
    {
        lock (models)
        {
            return models.GetValueOrDefault(id);
        }
    }

    public SandboxModel? FindModel(string name) => Models.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>All submissions of a model, newest first, and the one that counts for a round.</summary>
    public IReadOnlyList<Submission> SubmissionsOf(SandboxModel model) => Submissions.Of(model);

    public Submission? Selected(SandboxModel model, int round) => Submissions.Selected(model, round);

    /// <summary>The next time at which <see cref="StepAsync"/> has something to do: a round opens, a webhook is due, a round resolves. Null: never again.</summary>
    public DateTimeOffset? NextDue()
    {
        var now = Clock.GetUtcNow();
        var times = new List<DateTimeOffset>();
        if (Calendar.NextToOpen(now) is { } next)
        {
            times.Add(next.Open);
        }
        foreach (var round in Calendar.Opened(now))
        {
            times.Add(round.Resolve);
            if (Webhooks.Due(round) is { } call)
            {
                times.Add(call);
            }
            if (options.ReturnUnclaimedAfter is { } wait)
            {
                times.Add(round.Resolve + wait);
            }
        }
        times.RemoveAll(t => t <= now);
        return times.Count == 0 ? null : times.Min();
    }

    /// <summary>
    /// Does what is due now, once: opens rounds on chain, calls webhooks, resolves rounds and returns what was left unclaimed. True: something on chain was done.
    /// Transactions wait for the miner: call it beside this.
    /// </summary>
    public async Task<bool> StepAsync(CancellationToken stop = default)
    {
        await stepping.WaitAsync(stop);
        try
        {
            var now = Clock.GetUtcNow();
            var acted = false;
            foreach (var round in Calendar.Opened(now))
            {
                acted |= await OpenAsync(round, now, stop);
                await Webhooks.CallDueAsync(Models, round, now, stop);
                acted |= await ResolveAsync(round, now, stop);
                acted |= await ReturnUnclaimedAsync(round, now, stop);
            }
            return acted;
        }
        finally
        {
            stepping.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
        Webhooks.Dispose();
        stepping.Dispose();
    }

    /// <summary>The round's results once it is resolved; null before.</summary>
    internal RoundResults? Results(int round)
    {
        lock (results)
        {
            return results.GetValueOrDefault(round);
        }
    }

    /// <summary>
    /// A position's return: that of its model's scores. Assumption: a stake authorised for another file than the one selected at the deadline gets 0. The contract can't know of a later
    /// upload, so this is how a new upload makes an authorisation useless; before it is used, v3StakeAuth refuses the old submission.
    /// </summary>
    internal ExactDecimal ReturnOf(StakePosition position)
    {
        var model = Models.FirstOrDefault(m => UuidWord.Of(m.Id).AsSpan().SequenceEqual(position.ModelId));
        return model is not null && Submissions.Selected(model, position.Round) is { } selected && Convert.FromHexString(selected.Sha256).AsSpan().SequenceEqual(position.SubmissionHash)
            ? Scores.Return(model.Name, position.Round)
            : default;
    }

    private async Task<bool> OpenAsync(Round round, DateTimeOffset now, CancellationToken stop)
    {
        // A round whose staking closed before anyone stepped is opened nowhere.
        if (Chain is null || !round.IsOpenForStaking(now) || opened.Contains(round.Number))
        {
            return false;
        }
        await Chain.OpenRoundAsync(round.Number, round.CloseStaking, stop);
        opened.Add(round.Number);
        return true;
    }

    private async Task<bool> ResolveAsync(Round round, DateTimeOffset now, CancellationToken stop)
    {
        if (Chain is null || now < round.Resolve || !opened.Contains(round.Number) || Results(round.Number) is not null)
        {
            return false;
        }
        var result = RoundResults.Of(round.Number, await Chain.PositionsAsync(round.Number, stop), ReturnOf);
        await Chain.ResolveAsync(round.Number, result.MerkleRoot, result.PayoutsWei, stop);
        lock (results)
        {
            results.Add(round.Number, result);
        }
        return true;
    }

    private async Task<bool> ReturnUnclaimedAsync(Round round, DateTimeOffset now, CancellationToken stop)
    {
        if (Chain is null || options.ReturnUnclaimedAfter is not { } wait || now < round.Resolve + wait || Results(round.Number) is not { } result || !returned.Add(round.Number))
        {
            return false;
        }
        var acted = false;
        foreach (var claim in result.Claims)
        {
            if (!await Chain.IsClaimedAsync(claim.Position, stop))
            {
                await Chain.ClaimAsync(claim, stop);
                acted = true;
            }
        }
        return acted;
    }
}

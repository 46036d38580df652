using System.Diagnostics;
using System.Numerics;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;
using Backstake.Servers;
using Nethereum.Signer;

namespace Backstake.Season;

/// <summary>Plays a season: real scores on today's calendar, through the app, on real servers.</summary>
public sealed class SeasonPlay(SeasonOptions options, IProgress<SeasonProgress> progress) : IAsyncDisposable
{
    /// <summary>A settlement can be vetoed for so long.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(40);

    static readonly TimeSpan LastLook = TimeSpan.FromMinutes(5);
    static readonly BigInteger BackerNmr = SeasonTerms.Wei(20_000);

    static int seasons; // of this process

    readonly string folder = Path.Combine(Path.GetTempPath(), $"backstake-season-{Environment.ProcessId}-{Interlocked.Increment(ref seasons)}");
    readonly List<SeasonVault> vaults = [];
    readonly Random kills = new(options.Seed);
    Ground? ground;
    AppProcess? app;
    UnreliableNodes? nodes;
    Conductor? conductor;

    public Ground Ground => ground ?? throw new InvalidOperationException("The season has not begun.");
    public AppProcess App => app ?? throw new InvalidOperationException("The season has not begun.");
    public IReadOnlyList<SeasonVault> Vaults => vaults;
    public Backers Backers { get; private set; } = null!;
    public Owners Owners { get; private set; } = null!;
    public string ScoresSource { get; private set; } = "";
    public int Killed { get; private set; }

    /// <summary>How many passes of the timers it took at most, after a death, until nothing was left to do.</summary>
    public int LongestRepair => conductor?.LongestRepair ?? 0;

    /// <summary>Changes the settings with which the app runs; null: as they are.</summary>
    public Func<IReadOnlyDictionary<string, string>, Task<IReadOnlyDictionary<string, string>>>? Rewire { get; set; }

    /// <summary>What is done at each moment where everything that is due would happen: it is given what lets that happen. Null: that alone.</summary>
    public Func<Func<Task>, Task>? Disturb { get; set; }

    /// <summary>What the app said is kept unless everything went well.</summary>
    public bool Succeeded { get; set; }

    public string LogFile => Path.Combine(folder, "app.log");

    /// <summary>Everything up to the first round: servers, contracts, vaults, the app, the first deposits.</summary>
    public async Task Begin(CancellationToken stop)
    {
        var scores = SandboxScores.ReadOrMake(options.Scores, Repository.Root, options.Seed);
        ScoresSource = scores.Source;
        var models = Models(scores);
        var (firstTuesday, start) = Calendar();
        var calendar = new RoundCalendar(options.FromRound, firstTuesday, options.LastRound);
        ground = await Ground.Start(options.Seed, folder, start, calendar, scores, options.OnAccounts, stop, options.StorageOnDisk, options.StorageApart);

        var (committer, staker, settler) = (ground.Wallet("committer"), ground.Wallet("staker"), ground.Wallet("settler"));
        foreach (var key in new[] { committer, staker, settler })
            await key.Fund("", BigInteger.Zero, stop);
        var firstCut = new DateTimeOffset(firstTuesday.AddDays(-2), new TimeOnly(18, 0), TimeSpan.Zero);
        var together = new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = stop };
        var opened = new SeasonVault[models.Count];
        await Parallel.ForAsync(0, models.Count, together, async (i, stop) => opened[i] = await Open(i, models[i], committer, staker, settler, firstCut, stop));
        vaults.AddRange(opened);

        (Backers, Owners) = (new Backers(options, ground, vaults), new Owners(ground, vaults));
        await Parallel.ForEachAsync(Backers.Wallets, together, async (backer, stop) => await backer.Fund(ground.Nmr, BackerNmr, stop));

        var settings = ground.AppSettings(committer, staker, settler, "sandbox webhook key");
        if (options.Unreliable)
        {
            nodes = await UnreliableNodes.Start(ground.Tournament.Live);
            settings = new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Nodes__Allowed"] = nodes.Host };
        }

        app = await AppProcess.Start(FreePort.Next(), Rewire is null ? settings : await Rewire(settings), Guid.NewGuid().ToString("N"), LogFile, stop);
        foreach (var vault in vaults)
            ground.Tournament.FindModel(vault.Model)!.Webhook = new Uri(app.Address, $"api/webhooks/{vault.Id}/{Webhook(vault.Id)}");
    }

    /// <summary>Plays until every round is resolved, settled and paid.</summary>
    public async Task Play(CancellationToken stop)
    {
        var queues = new QueueServiceClient(Ground.Azurite.ConnectionString, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        conductor = new Conductor(Ground, App, queues);
        var moments = Moments().OrderBy(moment => moment.Time).ToList();
        var killAt = Enumerable.Range(0, moments.Count).OrderBy(_ => kills.Next()).Take(options.Kills).ToHashSet();
        Task SettleDown() => conductor.SettleDown(stop);
        await SettleDown();
        await AttestModels(stop);
        await RegisterNodes(stop);
        for (var i = 0; i < moments.Count; i++)
        {
            if (moments[i].Time > Ground.Clock.GetUtcNow())
                Ground.Clock.MoveTo(moments[i].Time);
            await Ground.MineNow(stop);
            if (moments[i].Act is { } act)
                await act(stop);
            var killer = killAt.Contains(i) ? KillSoon(stop) : Task.CompletedTask;
            await (Disturb is null ? SettleDown() : Disturb(SettleDown));
            await killer;
            if (killAt.Contains(i))
                await SettleDown();
            progress.Report(await Progress(i + 1, moments.Count, stop));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        if (nodes is not null)
            await nodes.DisposeAsync();
        if (ground is not null)
            await ground.DisposeAsync();
        if (Directory.Exists(folder) && Succeeded)
            Directory.Delete(folder, recursive: true);
    }

    async Task KillSoon(CancellationToken stop)
    {
        await Task.Delay(kills.Next(250), stop);
        App.Kill($"{Ground.Clock.GetUtcNow():u} killed at a random moment");
        Killed++;
    }

    /// <summary>All times at which something is due, and what the people of the season do then.</summary>
    IEnumerable<(DateTimeOffset Time, Func<CancellationToken, Task>? Act)> Moments()
    {
        var (calendar, first) = (Ground.Tournament.Calendar, Ground.Tournament.Calendar.Get(options.FromRound));
        var cut = first.Open.Date.AddDays(-2).AddHours(18);
        DateTimeOffset Cut(int week) => new DateTimeOffset(cut, TimeSpan.Zero).AddDays(7 * (week - 1));
        yield return (Cut(1).AddDays(-4), Backers.Begin);
        yield return (Cut(1).AddDays(-3), Backers.Reconsider);
        // Two weeks and more before the first cut that moves; the stakers are listed two weeks after the factory was made, and announced for two weeks more.
        yield return (Cut(1).AddDays(1), Owners.MoveCut);
        yield return (Cut(2).AddDays(4), Owners.AnnounceStaker);
        yield return (Cut(5).AddDays(3), Owners.AdoptStaker);
        for (var number = options.FromRound; number <= options.LastRound; number++)
        {
            var round = calendar.Get(number);
            yield return (round.Open, stop => Deliver(round.Number, stop));
            yield return (round.CloseStaking - LastLook, null);
            yield return (round.Resolve, null);
        }

        var last = calendar.Get(options.LastRound).Resolve;
        var weeks = 1;
        for (; Cut(weeks) <= last; weeks++)
        {
        }

        for (var week = 1; week <= weeks; week++)
        {
            if (week >= Owners.MovedFromWeek)
                yield return (Cut(week) + Owners.Shift, null);
            yield return (Cut(week), null);
            yield return (Cut(week) + Window + TimeSpan.FromMinutes(1), null);
            var played = week;
            if (week <= options.Weeks)
                yield return (Cut(week).AddDays(3).AddHours(-3), stop => Backers.Week(played, stop));
        }

        // The last settlement releases every two weeks: one week more, so that the operator's claims go out whatever the parity.
        yield return (Cut(weeks) + Window + TimeSpan.FromHours(1), Backers.ClaimAll);
        yield return (Cut(weeks + 1), null);
        yield return (Cut(weeks + 1) + Window + TimeSpan.FromMinutes(1), null);
    }

    /// <summary>The models lie in the operator's account, and it is the operator who says from whom they are.</summary>
    async Task AttestModels(CancellationToken stop)
    {
        foreach (var vault in vaults)
            await App.Order($"api/ops/vaults/{vault.Id}/ownership", new { handedOverBy = vault.Owner.Address, by = "the season", reason = "its owner lent the model for the season" }, stop);
    }

    /// <summary>Each owner names their vault's node, signed in.</summary>
    async Task RegisterNodes(CancellationToken stop)
    {
        foreach (var vault in vaults.Where(vault => nodes is not null && UnreliableNodes.Has(vault)))
        {
            using var owner = await SignedIn.As(vault.Owner, App.Address, stop);
            await owner.Put($"api/vaults/{vault.Id}/node", new { url = nodes!.Add(vault).ToString() }, stop);
        }
    }

    /// <summary>The sandbox's delegates store their predictions for a round.</summary>
    public async Task Deliver(int round, CancellationToken stop)
    {
        var container = new BlobServiceClient(Ground.Azurite.ConnectionString).GetBlobContainerClient("predictions");
        await container.CreateIfNotExistsAsync(cancellationToken: stop);
        foreach (var vault in vaults.Where(vault => nodes is null || !UnreliableNodes.Has(vault)))
        {
            var file = Ground.Tournament.Live.Predictions(TournamentKind.Classic, round, vault.Model);
            var name = $"{vault.Id}/{(int)TournamentKind.Classic}/{round}/{Ground.Clock.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}-{Convert.ToHexStringLower(SHA256.HashData(file))}.csv";
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(file), overwrite: true, stop);
        }
    }

    async Task<SeasonVault> Open(int index, string model, Wallet committer, Wallet staker, Wallet settler, DateTimeOffset firstCut, CancellationToken stop)
    {
        var owner = Ground.Wallet($"owner {index}");
        var (house, reserve) = (SeasonTerms.Wei(2_000), SeasonTerms.Wei(1_000));
        await owner.Fund(Ground.Nmr, house + reserve, stop);
        var modelId = SandboxModel.IdOf(model, TournamentKind.Classic);
        var receipt = await owner.Send(Ground.Factory, new CreateVaultFunction
        {
            Vault = new CreateVault
            {
                Owner = owner.Address, Committer = committer.Address, StakerKey = staker.Address, Settler = settler.Address, Guardian = owner.Address,
                Nmr = Ground.Nmr, Stakers = Ground.Stakers, Tournament = (int)TournamentKind.Classic, ModelId = UuidWord.Of(modelId),
                FirstCut = (ulong)firstCut.ToUnixTimeSeconds(), Window = (ulong)Window.TotalSeconds,
            },
        }, stop);
        var vault = Ground.Created(receipt);
        var terms = SeasonTerms.Of(index);
        var signature = SignedTerms.Sign(terms, vault, Ground.ChainId, new EthECKey(owner.Account.PrivateKey));
        await owner.Send(vault, new OfferFunction { Terms = terms, Signature = Convert.FromHexString(signature[2..]) }, stop);
        await owner.Approve(Ground.Nmr, vault, house, stop);
        await owner.Send(vault, new AddHouseFunction { Amount = house }, stop);
        await owner.Approve(Ground.Nmr, vault, reserve, stop);
        await owner.Send(vault, new AddReserveFunction { Amount = reserve }, stop);
        return new SeasonVault(index, model, vault, SignedTerms.Id(terms, vault), terms, owner);
    }

    IReadOnlyList<string> Models(SandboxScores scores)
    {
        if (options.Models.Count > 0)
        {
            var unknown = options.Models.Except(scores.Models, StringComparer.Ordinal).ToList();
            return unknown.Count == 0
                ? options.Models
                : throw new SeasonException($"There are no scores of {string.Join(", ", unknown)}; known models: {string.Join(", ", scores.Models)}.");
        }

        var rounds = Enumerable.Range(options.FromRound, options.Rounds).ToList();
        var whole = scores.Models
            .Where(model => rounds.TrueForAll(round => scores.Corr20.Find(model, round) is not null && scores.Mmc20.Find(model, round) is not null))
            .Take(options.Vaults).ToList();
        return whole.Count == options.Vaults
            ? whole
            : throw new SeasonException($"Only {whole.Count} models have a score in every round from {options.FromRound} to {options.LastRound}; {options.Vaults} vaults were asked for.");
    }

    /// <summary>Today's calendar: the first round opens on the second Tuesday from now, so that a whole week of deposits comes before it.</summary>
    static (DateOnly FirstTuesday, DateTimeOffset Start) Calendar()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var tuesday = today.AddDays(((int)DayOfWeek.Tuesday - (int)today.DayOfWeek + 7) % 7 + 7);
        return (tuesday, new DateTimeOffset(tuesday.AddDays(-7), TimeOnly.MinValue, TimeSpan.Zero));
    }

    static string Webhook(string vault) => Convert.ToHexStringLower(HMACSHA256.HashData(
        System.Text.Encoding.UTF8.GetBytes("sandbox webhook key"), System.Text.Encoding.UTF8.GetBytes(vault)));

    async Task<SeasonProgress> Progress(int done, int of, CancellationToken stop)
    {
        var list = (await App.Ask("api/vaults", stop)).GetProperty("vaults").EnumerateArray().ToList();
        decimal Sum(string field) => list.Sum(vault => decimal.Parse(vault.GetProperty(field).GetString()!));
        return new(done, of, Ground.Clock.GetUtcNow(), list.Max(vault => vault.GetProperty("lastRound").GetInt32()),
            list.Max(vault => vault.GetProperty("lastWeek").GetInt32()), list.Count, Sum("staked"), Sum("paid"));
    }
}

/// <summary>Where the season is. Amounts in NMR, for people's eyes only.</summary>
public sealed record SeasonProgress(int Done, int Of, DateTimeOffset Time, int Round, int Week, int Vaults, decimal Staked, decimal Paid);

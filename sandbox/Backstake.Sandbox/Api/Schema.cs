using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Api;

/// <summary>
/// The fields of Numerai's API that the sandbox covers: those of NUMERAI.md and those that numerapi's covered calls ask for. Leaderboards, diagnostics, pickle uploads, pipeline status and
/// bios are left out: "Cannot query field".
/// </summary>
internal sealed class Schema
{
    private readonly Tournament tournament;
    private readonly GraphType round;
    private readonly GraphType submission;
    private readonly GraphType model;

    public Schema(Tournament tournament)
    {
        this.tournament = tournament;
        round = RoundType();
        submission = SubmissionType();
        model = ModelType();
        Queries = new GraphType("RootQueryType");
        Mutations = new GraphType("RootMutationType");
        AddRounds();
        AddAccount();
        AddSubmissions();
        new ScoreFields(tournament).AddTo(Queries);
        new StakeFields(tournament).AddTo(Queries, Mutations);
    }

    public GraphType Queries { get; }

    public GraphType Mutations { get; }

    /// <summary>A round as one tournament has it.</summary>
    private sealed record RoundOf(TournamentKind Tournament, Round Round, DateTimeOffset Now);

    public static TournamentKind Kind(int? number) => number switch
    {
        null => TournamentKind.Classic,
        { } n when Enum.IsDefined((TournamentKind)n) => (TournamentKind)n,
        _ => throw new GraphQlException($"Tournament {number} not found"),
    };

    private static GraphType RoundType()
    {
        var config = new GraphType("RoundScoreConfig")
            .Value<ScoreConfig>("name", c => c.Name)
            .Value<ScoreConfig>("displayName", c => c.DisplayName)
            .Value<ScoreConfig>("isPayout", c => c.IsPayout)
            .Value<ScoreConfig>("defaultMultiplier", c => c.DefaultMultiplier)
            .Value<ScoreConfig>("clipThreshold", _ => ScoreConfig.ClipThreshold)
            .Value<ScoreConfig>("payoutFactor", _ => ScoreConfig.PayoutFactor);
        return new GraphType("Round")
            .Value<RoundOf>("id", r => $"{(int)r.Tournament}-{r.Round.Number}")
            .Value<RoundOf>("tournament", r => (int)r.Tournament)
            .Value<RoundOf>("number", r => r.Round.Number)
            .Value<RoundOf>("target", _ => "target_cyrusd_20")
            .Value<RoundOf>("openTime", r => r.Round.Open)
            .Value<RoundOf>("closeTime", r => r.Round.Close)
            .Value<RoundOf>("closeStakingTime", r => r.Round.CloseStaking)
            .Value<RoundOf>("scoreTime", r => r.Round.Score)
            .Value<RoundOf>("resolveTime", r => r.Round.Resolve)
            .Value<RoundOf>("resolvedGeneral", r => r.Now >= r.Round.Resolve)
            .Value<RoundOf>("resolvedStaking", r => r.Now >= r.Round.Resolve)
            .Value<RoundOf>("status", r => Status(r.Round, r.Now))
            .Value<RoundOf>("payoutFactor", _ => ScoreConfig.PayoutFactor.ToString())
            .Value<RoundOf>("stakeThreshold", _ => null)
            .Value<RoundOf>("minCorrMultiplier", _ => ScoreConfig.Classic[0].DefaultMultiplier)
            .Value<RoundOf>("maxCorrMultiplier", _ => ScoreConfig.Classic[0].DefaultMultiplier)
            .Value<RoundOf>("defaultCorrMultiplier", _ => ScoreConfig.Classic[0].DefaultMultiplier)
            .Value<RoundOf>("minMmcMultiplier", _ => ScoreConfig.Classic[1].DefaultMultiplier)
            .Value<RoundOf>("maxMmcMultiplier", _ => ScoreConfig.Classic[1].DefaultMultiplier)
            .Value<RoundOf>("defaultMmcMultiplier", _ => ScoreConfig.Classic[1].DefaultMultiplier)
            .Value<RoundOf>("dataDatestamp", r => int.Parse(r.Round.Open.ToString("yyyyMMdd")))
            .Object<RoundOf>("roundScoreConfigs", config, _ => ScoreConfig.Classic);
    }

    private static string Status(Round round, DateTimeOffset now) =>
        now < round.Open ? "UPCOMING" : now < round.Close ? "OPEN" : now < round.Resolve ? "RESOLVING" : "RESOLVED";

    private GraphType SubmissionType() => new GraphType("Submission")
        .Value<Submission>("id", s => s.Id)
        .Value<Submission>("filename", s => s.Filename)
        .Value<Submission>("selected", s => tournament.Submissions.Selected(s.Model, s.Round.Number) == s)
        .Value<Submission>("status", s => s.Status)
        .Value<Submission>("triggerId", s => s.TriggerId)
        .Value<Submission>("source", s => s.Source)
        .Value<Submission>("insertedAt", s => s.InsertedAt)
        .Value<Submission>("errorInfo", s => s.ErrorInfo)
        .Value<Submission>("firstEffectiveDate", s => DateOnly.FromDateTime(s.Round.Score.UtcDateTime))
        .Object<Submission>("round", round, s => new RoundOf(s.Model.Tournament, s.Round, tournament.Clock.GetUtcNow()));

    private GraphType ModelType() => new GraphType("Model")
        .Value<SandboxModel>("id", m => m.Id)
        .Value<SandboxModel>("name", m => m.Name)
        .Value<SandboxModel>("displayName", m => m.Name)
        .Value<SandboxModel>("username", m => m.Account.Username)
        .Value<SandboxModel>("tournament", m => (int)m.Tournament)
        .Object<SandboxModel>("submissions", submission, m => tournament.Submissions.Of(m))
        .Object<SandboxModel>("v2Stake", new GraphType("V2Stake").Value<object>("status", _ => null).Value<object>("txHash", _ => null), _ => null);

    private void AddRounds() => Queries.Call("rounds", round, ["tournament", "number", "target", "status", "limit"], call =>
    {
        var kind = Kind(call.Number("tournament"));
        var now = tournament.Clock.GetUtcNow();
        var number = call.Number("number");
        if (number == 0)
        {
            return tournament.Calendar.Current(now) is { } current ? new[] { new RoundOf(kind, current, now) } : tournament.Faults.BetweenRounds switch
            {
                BetweenRounds.Null => new RoundOf?[] { null },
                BetweenRounds.Error => throw new GraphQlException("Current round not open for submissions"),
                _ => Array.Empty<RoundOf>(),
            };
        }
        if (number is { } one)
        {
            return tournament.Calendar.Find(one) is { } found ? [new RoundOf(kind, found, now)] : Array.Empty<RoundOf>();
        }
        var rounds = tournament.Calendar.Opened(now).Reverse();
        if (tournament.Calendar.NextToOpen(now) is { } next)
        {
            rounds = rounds.Prepend(next);
        }
        var status = call.Text("status");
        return rounds.Where(r => status is null || Status(r, now) == status).Take(call.Number("limit") ?? int.MaxValue).Select(r => new RoundOf(kind, r, now)).ToList();
    });

    private void AddAccount()
    {
        var token = new GraphType("ApiToken").Value<ApiKey>("name", _ => "sandbox").Value<ApiKey>("publicId", k => k.PublicId).Value<ApiKey>("scopes", k => k.Scopes);
        var transaction = new GraphType("WalletTxn");
        foreach (var field in new[] { "amount", "from", "status", "to", "time", "tournament", "txHash", "type" })
        {
            transaction.Value<object>(field, _ => null);
        }
        var account = new GraphType("Account")
            .Value<SandboxAccount>("id", a => SandboxModel.MakeId($"account|{a.Username}"))
            .Value<SandboxAccount>("username", a => a.Username)
            .Value<SandboxAccount>("walletAddress", a => a.WalletAddress)
            .Value<SandboxAccount>("availableNmr", _ => "0.000000000000000000")
            .Value<SandboxAccount>("email", a => $"{a.Username}@sandbox.invalid")
            .Value<SandboxAccount>("mfaEnabled", _ => false)
            .Value<SandboxAccount>("status", _ => "VERIFIED")
            .Value<SandboxAccount>("insertedAt", _ => tournament.Calendar.Get(tournament.Calendar.FirstRound).Open)
            .Object<SandboxAccount>("models", model, a => tournament.Models.Where(m => m.Account == a))
            .Object<SandboxAccount>("apiTokens", token, a => new[] { a.Key })
            .Object<SandboxAccount>("walletTxns", transaction, _ => Array.Empty<object>());
        Queries.Call("account", account, [], call => Access.Account(tournament, call));
        Queries.Call("model", model, ["modelId"], call => Access.OwnModel(tournament, Access.Account(tournament, call), call.Text("modelId")));
        var profile = new GraphType("AccountProfile")
            .Object<(SandboxAccount Account, TournamentKind Kind)>("models", model, p => tournament.Models.Where(m => m.Account == p.Account && m.Tournament == p.Kind));
        Queries.Call("accountProfile", profile, ["username!", "tournament"], call =>
            (tournament.Accounts.FirstOrDefault(a => a.Username == call.RequiredText("username")) ?? throw new GraphQlException("Account not found"), Kind(call.Number("tournament"))));
        Mutations.Call("setSubmissionWebhook", type: null, ["modelId!", "newSubmissionWebhook"], call =>
        {
            var own = Access.OwnModel(tournament, Access.Account(tournament, call), call.RequiredText("modelId"));
            own.Webhook = call.Text("newSubmissionWebhook") is not { } text ? null
                : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : throw new GraphQlException("Webhook is not a valid URL");
            return "true";
        });
    }

    private void AddSubmissions()
    {
        var file = new GraphType("FileAuth").Value<(string Filename, string Url)>("filename", f => f.Filename).Value<(string Filename, string Url)>("url", f => f.Url);
        foreach (var field in new[] { "submissionUploadAuth", "submissionUploadSignalsAuth" })
        {
            Queries.Call(field, file, ["filename!", "tournament", "modelId"], call =>
            {
                var account = Access.Account(tournament, call, ApiKey.UploadScope);
                var own = Access.OwnModel(tournament, account, call.Text("modelId"));
                CheckTournament(own, call.Number("tournament"));
                var name = tournament.Submissions.NewUpload(own, call.RequiredText("filename"));
                return (name, $"{call.Context.BaseUrl}/uploads/{name}");
            });
        }
        Queries.Call("submissions", submission, ["modelId"], call => tournament.Submissions.Of(Access.OwnModel(tournament, Access.Account(tournament, call), call.Text("modelId"))));
        Queries.Call("submissionDownloadAuth", file, ["id!"], call =>
        {
            var found = Access.OwnSubmission(tournament, Access.Account(tournament, call), call.RequiredId("id"));
            return (found.Filename, $"{call.Context.BaseUrl}/downloads/{found.Id}");
        });
        Mutations.Call("createSubmission", submission, ["filename!", "tournament", "modelId", "triggerId", "source", "dataDatestamp"], Create);
        Mutations.Call("createSignalsSubmission", submission, ["filename!", "modelId", "triggerId", "source", "dataDatestamp"], Create);
        Queries.Call("listDatasets", type: null, ["round", "tournament"], call => new[] { LiveData.FileOf(Kind(call.Number("tournament"))) });
        Queries.Call("dataset", type: null, ["filename!", "round", "tournament"], Dataset);
    }

    private Submission Create(FieldCall call)
    {
        var own = Access.OwnModel(tournament, Access.Account(tournament, call, ApiKey.UploadScope), call.Text("modelId"));
        CheckTournament(own, call.Number("tournament"));
        return tournament.Submissions.Create(own, call.RequiredText("filename"), call.Text("triggerId"), call.Text("source"));
    }

    private string Dataset(FieldCall call)
    {
        var (kind, filename, now) = (Kind(call.Number("tournament")), call.RequiredText("filename"), tournament.Clock.GetUtcNow());
        if (filename != LiveData.FileOf(kind))
        {
            throw new GraphQlException($"Dataset {filename} not found");
        }
        var asked = call.Number("round") is { } number and not 0 ? tournament.Calendar.Find(number) : tournament.Calendar.LatestOpened(now);
        return asked is not null && asked.Open <= now
            ? $"{call.Context.BaseUrl}/datasets/{(int)kind}/{asked.Number}/{filename}"
            : throw new GraphQlException("Round not found");
    }

    private static void CheckTournament(SandboxModel model, int? asked)
    {
        if (asked is { } number && number != (int)model.Tournament)
        {
            throw new GraphQlException($"Model {model.Name} is not of tournament {number}");
        }
    }
}

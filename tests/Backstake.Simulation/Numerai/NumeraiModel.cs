using System.Security.Cryptography;
using System.Text.Json;
using Backstake.Chain.Numerai;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Numerai;

/// <summary>A round of the tournament. Times are UTC.</summary>
public sealed record SimulatedRound(int Number, DateTimeOffset Opens, DateTimeOffset ClosesStaking, DateTimeOffset Resolves, int ReturnBps);

/// <summary>A submission that Numerai holds.</summary>
public sealed class HeldSubmission(Guid id, Guid model, int round, byte[] file, string? triggerId)
{
    public Guid Id { get; } = id;

    public Guid Model { get; } = model;

    public int Round { get; } = round;

    public byte[] File { get; } = file;

    public string? TriggerId { get; } = triggerId;

    public bool Selected { get; set; } = true;
}

/// <summary>
/// Numerai's API as NUMERAI.md describes it, and its staking contract's knowledge: rounds, live ids, submissions, authorisations, claims. One tournament.
/// </summary>
public sealed class NumeraiModel(Loop loop, int tournament, IReadOnlyList<SimulatedRound> rounds, IReadOnlyDictionary<Guid, string> models, ChainModel chain, long chainId) : INumeraiOnChain
{
    public const string Address = "https://numerai.simulator";
    static readonly TimeSpan AuthorisationLasts = TimeSpan.FromMinutes(15);
    static readonly byte[] SigningKey = SHA256.HashData("the simulated Numerai's"u8);

    readonly Dictionary<string, byte[]> uploads = new(StringComparer.Ordinal);
    readonly List<HeldSubmission> submissions = [];
    int lastId;

    public IReadOnlyList<HeldSubmission> Submissions => submissions;

    public static byte[] LiveFile(int round) => Encoding.UTF8.GetBytes($"id,prediction\nn{round}a,0.5\nn{round}b,0.5\nn{round}c,0.5\n");

    public Answer Answer(HttpCall call)
    {
        if (call.Json is not { } json)
            return File(call);
        var variables = json.GetProperty("variables");
        try
        {
            var result = call.Name switch
            {
                "rounds" => Rounds(variables.GetProperty("number").GetInt32()),
                "model" => Model(Guid.Parse(variables.GetProperty("modelId").GetString()!)),
                "dataset" => JsonSerializer.Serialize($"{Address}/live/{variables.GetProperty("round").GetInt32()}"),
                "submissionUploadAuth" => Upload(),
                "createSubmission" => Create(variables),
                "submissionDownloadAuth" => $"{{\"filename\":\"predictions.csv\",\"url\":\"{Address}/download/{variables.GetProperty("id").GetString()}\"}}",
                "v3StakeAuth" => Authorise(variables),
                "v3StakeClaim" => Claim(variables),
                var other => throw new NumeraiRefusal($"Cannot query field \"{other}\"."),
            };
            return Engine.Answer.Json($"{{\"data\":{{\"{call.Name}\":{result}}}}}");
        }
        catch (NumeraiRefusal refusal)
        {
            return Engine.Answer.Json($"{{\"data\":{{\"{call.Name}\":null}},\"errors\":[{{\"message\":{JsonSerializer.Serialize(refusal.Message)}}}]}}");
        }
    }

    public void CheckStake(VaultModel vault, uint round, BigInteger amount, byte[] authorisation, long time)
    {
        BigInteger Word(int index) => new(authorisation.AsSpan(32 * index, 32), true, true);
        var (most, nonce, deadline) = (Word(0), Word(3), Word(4));
        Revert.Unless(time <= (long)deadline, "Expired");
        Revert.Unless(amount <= most, "BeyondMaxAmount");
        Revert.Unless(time < rounds.Single(it => it.Number == round).ClosesStaking.ToUnixTimeSeconds(), "RoundClosed");
        // The stake itself has been counted by then.
        Revert.Unless(nonce == NonceOf(vault.Facts.Staker, (int)round), "BadNonce");
        var signature = Signature((int)round, vault.Facts, most, authorisation.AsSpan(32, 32).ToArray(), authorisation.AsSpan(64, 32).ToArray(), nonce, deadline);
        Revert.Unless(authorisation.AsSpan(32 * 7, 65).SequenceEqual(signature), "BadSignature");
    }

    public BigInteger Returned(VaultModel vault, uint round, BigInteger staked, BigInteger payout, BigInteger burn, long time)
    {
        var of = rounds.Single(it => it.Number == round);
        Revert.Unless(time >= of.Resolves.ToUnixTimeSeconds() && (payout, burn) == ResultOf(of, staked), "BadProof");
        return staked + payout - burn;
    }

    // A staker's nonce must differ from round to round; which it is, is Numerai's affair.
    static BigInteger NonceOf(string staker, int round) => BigInteger.Abs(staker.Aggregate(round, (hash, c) => unchecked((hash * 31) + c)));

    static (BigInteger Payout, BigInteger Burn) ResultOf(SimulatedRound round, BigInteger staked) =>
        round.ReturnBps >= 0 ? (staked * round.ReturnBps / 10_000, 0) : (0, staked * -round.ReturnBps / 10_000);

    byte[] Signature(int round, VaultFacts facts, BigInteger most, byte[] submission, byte[] hash, BigInteger nonce, BigInteger deadline)
    {
        var mac = HMACSHA256.HashData(SigningKey, Encoding.UTF8.GetBytes($"{tournament}|{round}|{facts.ModelId}|{facts.Staker}|{most}|{Convert.ToHexString(submission)}|{Convert.ToHexString(hash)}|{nonce}|{deadline}"));
        return [.. mac, .. mac, 27];
    }

    Answer File(HttpCall call)
    {
        var parts = call.Uri.AbsolutePath.Split('/');
        switch (parts[1])
        {
            case "live":
                return new Answer(200, LiveFile(int.Parse(parts[2])), "text/csv");
            case "upload":
                uploads[parts[2]] = call.Body;
                return Engine.Answer.Empty(200);
            case "download" when submissions.FirstOrDefault(it => it.Id.ToString() == parts[2]) is { } held:
                return new Answer(200, held.File, "text/csv");
            default:
                return Engine.Answer.Empty(404);
        }
    }

    SimulatedRound? Current() => rounds.LastOrDefault(round => round.Opens <= loop.Now) is { } last && loop.Now <= last.ClosesStaking ? last : null;

    string Rounds(int number)
    {
        var round = number == 0 ? Current() : rounds.FirstOrDefault(it => it.Number == number && it.Opens <= loop.Now);
        return round is null ? "[]"
            : $"[{{\"number\":{round.Number},\"openTime\":\"{Utc(round.Opens)}\",\"closeTime\":\"{Utc(round.ClosesStaking.AddDays(1))}\",\"closeStakingTime\":\"{Utc(round.ClosesStaking)}\","
                + $"\"scoreTime\":\"{Utc(round.Resolves)}\",\"resolveTime\":\"{Utc(round.Resolves)}\"}}]";
    }

    string Model(Guid id)
    {
        if (!models.TryGetValue(id, out var name))
            throw new NumeraiRefusal("Model not found.");
        var held = submissions.Where(it => it.Model == id).TakeLast(10).Select(it =>
            $"{{\"id\":\"{it.Id}\",\"filename\":\"predictions.csv\",\"selected\":{(it.Selected ? "true" : "false")},\"status\":\"\",\"triggerId\":{(it.TriggerId is { } trigger ? $"\"{trigger}\"" : "null")},"
            + $"\"insertedAt\":\"{Utc(loop.Now)}\",\"errorInfo\":null,\"round\":{{\"number\":{it.Round},\"tournament\":{tournament}}}}}");
        return $"{{\"name\":\"{name}\",\"submissions\":[{string.Join(',', held)}]}}";
    }

    string Upload()
    {
        var name = NextId().ToString();
        return $"{{\"filename\":\"{name}\",\"url\":\"{Address}/upload/{name}\"}}";
    }

    /// <summary>A file that comes after the round's deadline becomes the next round's (FAULTS.md 3.8).</summary>
    string Create(JsonElement variables)
    {
        var model = Guid.Parse(variables.GetProperty("modelId").GetString()!);
        if (!uploads.TryGetValue(variables.GetProperty("filename").GetString()!, out var file))
            throw new NumeraiRefusal("Upload not found.");
        var round = Current() ?? rounds.FirstOrDefault(it => it.Opens > loop.Now) ?? throw new NumeraiRefusal("No round is open.");
        foreach (var earlier in submissions.Where(it => it.Model == model && it.Round == round.Number))
            earlier.Selected = false;
        var created = new HeldSubmission(NextId(), model, round.Number, file, variables.GetProperty("triggerId").GetString());
        submissions.Add(created);
        return $"{{\"id\":\"{created.Id}\"}}";
    }

    string Authorise(JsonElement variables)
    {
        var id = Guid.Parse(variables.GetProperty("submissionId").GetString()!);
        var held = submissions.FirstOrDefault(it => it.Id == id && it.Selected) ?? throw new NumeraiRefusal("Submission not found.");
        if (Current()?.Number != held.Round)
            throw new NumeraiRefusal("The round is not open for staking.");
        var staker = variables.GetProperty("staker").GetString()!.ToLowerInvariant();
        var facts = chain.World.Vaults.Values.FirstOrDefault(vault => vault.Facts.Staker == staker && vault.Facts.ModelId == held.Model)?.Facts ?? throw new NumeraiRefusal("Unknown staker.");
        var most = BigInteger.Parse(variables.GetProperty("maxAmount").GetString()!);
        var (nonce, deadline) = (NonceOf(staker, held.Round), new BigInteger((loop.Now + AuthorisationLasts).ToUnixTimeSeconds()));
        var (submission, hash) = (UuidWord.Of(held.Id), SHA256.HashData(held.File));
        var signature = Signature(held.Round, facts, most, submission, hash, nonce, deadline);
        return $"{{\"chainId\":{chainId},\"deadline\":\"{deadline}\",\"maxAmount\":\"{most}\",\"modelId\":\"{Words.Hex(UuidWord.Of(held.Model))}\",\"nmrAddress\":\"{Addresses.Zero}\",\"nonce\":\"{nonce}\",\"roundId\":{held.Round},"
            + $"\"signature\":\"{Words.Hex(signature)}\",\"staker\":\"{staker}\",\"stakingAddress\":\"{Addresses.Zero}\",\"submissionId\":\"{Words.Hex(submission)}\",\"submissionHash\":\"{Words.Hex(hash)}\",\"tournamentId\":{tournament}}}";
    }

    string Claim(JsonElement variables)
    {
        var number = int.Parse(variables.GetProperty("roundId").GetString()!, CultureInfo.InvariantCulture);
        var staker = variables.GetProperty("staker").GetString()!.ToLowerInvariant();
        var vault = chain.World.Vaults.Values.First(it => it.Facts.Staker == staker);
        var round = rounds.First(it => it.Number == number);
        var staked = vault.StakeIn((uint)number);
        if (staked.IsZero || loop.Now < round.Resolves)
            return "null";
        var (payout, burn) = ResultOf(round, staked);
        return $"{{\"modelId\":\"{vault.Facts.ModelId}\",\"burnAmountWei\":\"{burn}\",\"payoutAmountWei\":\"{payout}\",\"proof\":[],\"roundId\":{number},\"staker\":\"{staker}\"}}";
    }

    Guid NextId() => new(++lastId, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
}

sealed class NumeraiRefusal(string message) : Exception(message);

using System.Globalization;
using System.Numerics;
using Backstake.Chain.Numerai;
using Backstake.Sandbox.Chain;
using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Submissions;

namespace Backstake.Sandbox.Api;

/// <summary>
/// Staking: per round on chain ("v3") for Classic; the account book ("v2") answers with an error. Amounts are wei as decimal strings, ids on chain 0x hex of 32 bytes.
/// </summary>
internal sealed class StakeFields(Tournament tournament)
{
    /// <summary>How long an authorisation lasts. Assumption: "short-lived" is all that is documented.</summary>
    private static readonly TimeSpan AuthorizationLife = TimeSpan.FromMinutes(10);

    private sealed record Authorized(StakeAuthorization Authorization, SignedAuthorization Signed, StakingAddresses Addresses);

    private sealed record ClaimOf(RoundClaim Claim, SandboxModel? Model, Submission? Submission);

    private sealed record RoundStake(Round Round, byte[]? MerkleRoot, BigInteger StakedWei, BigInteger PayoutWei, BigInteger RemainingPayoutWei, BigInteger RemainingBurnWei, string State);

    private sealed record StakeTransaction(StakePosition Position, Round Round, SandboxModel? Model);

    public void AddTo(GraphType queries, GraphType mutations)
    {
        AddAuthorization(queries);
        AddClaims(queries);
        AddState(queries);
        AddPublic(queries);
        AddAccountBook(mutations);
    }

    private void AddAuthorization(GraphType queries)
    {
        var type = new GraphType("V3StakeAuth")
            .Value<Authorized>("authorizationSigner", a => a.Addresses.AuthorizationSigner)
            .Value<Authorized>("authorizationDigest", a => a.Signed.Digest)
            .Value<Authorized>("chainId", a => ChainIds.Digits(a.Addresses.ChainId))
            .Value<Authorized>("deadline", a => ChainIds.Digits(a.Authorization.Deadline))
            .Value<Authorized>("maxAmount", a => ChainIds.Digits(a.Authorization.MaxAmount))
            .Value<Authorized>("modelId", a => ChainIds.Hex(a.Authorization.ModelId))
            .Value<Authorized>("nmrAddress", a => a.Addresses.Nmr)
            .Value<Authorized>("nonce", a => ChainIds.Digits(a.Authorization.Nonce))
            .Value<Authorized>("roundId", a => ChainIds.Digits(a.Authorization.RoundId))
            .Value<Authorized>("signature", a => a.Signed.Signature)
            .Value<Authorized>("staker", a => a.Authorization.Staker)
            .Value<Authorized>("stakingAddress", a => a.Addresses.Staking)
            .Value<Authorized>("submissionId", a => ChainIds.Hex(a.Authorization.SubmissionId))
            .Value<Authorized>("submissionHash", a => ChainIds.Hex(a.Authorization.SubmissionHash))
            .Value<Authorized>("tournamentId", a => ChainIds.Digits(a.Authorization.TournamentId));
        queries.CallAsync("v3StakeAuth", type, ["submissionId!", "staker!", "maxAmount!"], async call => await AuthorizeAsync(call));
    }

    /// <summary>
    /// Only for the selected submission of a round that is open for staking; bound to its file's hash and the staker's next nonce. A later upload of the same round is then the selected
    /// one: the old submission is refused here, and a stake already authorised for it earns nothing (<see cref="Tournament.ReturnOf"/>).
    /// Assumption: any address may be the staker.
    /// </summary>
    private async Task<Authorized> AuthorizeAsync(FieldCall call)
    {
        var account = Access.Account(tournament, call, ApiKey.StakeScope);
        var submission = Access.OwnSubmission(tournament, account, call.RequiredId("submissionId"));
        var staker = Staker(call);
        var maxAmountWei = call.RequiredWei("maxAmount");
        var chain = Chain();
        CheckPerRound(submission.Model.Tournament);
        var now = tournament.Clock.GetUtcNow();
        if (!submission.Round.IsOpenForStaking(now))
        {
            throw new GraphQlException($"Round {submission.Round.Number} is not open for staking");
        }
        if (tournament.Submissions.Selected(submission.Model, submission.Round.Number) != submission)
        {
            throw new GraphQlException("Submission is not selected");
        }
        var authorization = new StakeAuthorization
        {
            TournamentId = (int)submission.Model.Tournament,
            RoundId = submission.Round.Number,
            ModelId = UuidWord.Of(submission.Model.Id),
            Staker = staker,
            MaxAmount = maxAmountWei,
            SubmissionId = UuidWord.Of(submission.Id),
            SubmissionHash = Convert.FromHexString(submission.Sha256),
            Nonce = await chain.NonceAsync(staker, call.Context.Stop),
            Deadline = (now + AuthorizationLife).ToUnixTimeSeconds(),
        };
        return new Authorized(authorization, chain.Sign(authorization), chain.Addresses);
    }

    private void AddClaims(GraphType queries)
    {
        var claim = new GraphType("V3StakeClaim")
            .Value<ClaimOf>("apiModelId", c => c.Model?.Id)
            .Value<ClaimOf>("modelId", c => ChainIds.Hex(c.Claim.Position.ModelId))
            .Value<ClaimOf>("burnAmountWei", c => ChainIds.Digits(c.Claim.Payout.BurnWei))
            .Value<ClaimOf>("payoutAmountWei", c => ChainIds.Digits(c.Claim.Payout.PayoutWei))
            .Value<ClaimOf>("claimableAmountWei", c => ChainIds.Digits(c.Claim.ClaimableWei))
            .Value<ClaimOf>("merkleRoot", c => ChainIds.Hex(c.Claim.MerkleRoot))
            .Value<ClaimOf>("proof", c => c.Claim.Proof.Select(p => ChainIds.Hex(p)))
            .Value<ClaimOf>("roundId", c => c.Claim.Position.Round.ToString(CultureInfo.InvariantCulture))
            .Value<ClaimOf>("staker", c => c.Claim.Position.Staker)
            .Value<ClaimOf>("submissionId", c => c.Submission is { } s ? ChainIds.Hex(UuidWord.Of(s.Id)) : null)
            .Value<ClaimOf>("tournamentId", _ => ((int)TournamentKind.Classic).ToString(CultureInfo.InvariantCulture));
        // modelId: the API's UUID or the chain's 32 bytes. Null: not resolved, or nothing staked.
        queries.Call("v3StakeClaim", claim, ["roundId!", "modelId!", "staker!"], call =>
        {
            Access.Account(tournament, call, ApiKey.StakeScope);
            var (staker, modelId) = (Staker(call), call.RequiredText("modelId").ToLowerInvariant());
            return Claims(call.RequiredNumber("roundId"), staker).FirstOrDefault(c => c.Model?.Id.ToString("D") == modelId || ChainIds.Hex(c.Claim.Position.ModelId) == modelId);
        });
        queries.CallAsync("v3StakeClaims", claim, ["staker!", "tournamentId"], async call =>
        {
            Access.Account(tournament, call, ApiKey.StakeScope);
            CheckPerRound(Schema.Kind(call.Number("tournamentId")));
            var (chain, staker, unclaimed) = (Chain(), Staker(call), new List<ClaimOf>());
            foreach (var found in tournament.Calendar.Opened(tournament.Clock.GetUtcNow()).SelectMany(r => Claims(r.Number, staker)))
            {
                if (!await chain.IsClaimedAsync(found.Claim.Position, call.Context.Stop))
                {
                    unclaimed.Add(found);
                }
            }
            return unclaimed;
        });
    }

    private void AddState(GraphType queries)
    {
        var config = new GraphType("V3StakeConfig")
            .Value<StakingAddresses>("address", a => a.Staking)
            .Value<StakingAddresses>("authorizationSigner", a => a.AuthorizationSigner)
            .Value<StakingAddresses>("nmrAddress", a => a.Nmr)
            .Value<StakingAddresses>("owner", a => a.Owner)
            .Value<StakingAddresses>("paused", _ => false)
            .Value<StakingAddresses>("pendingOwner", _ => null)
            .Value<StakingAddresses>("serviceWallet", a => a.Owner);
        queries.Call("v3StakeConfig", config, ["tournamentId"], call =>
        {
            Access.Account(tournament, call);
            CheckPerRound(Schema.Kind(call.Number("tournamentId")));
            return Chain().Addresses;
        });
        var round = new GraphType("V3StakeRound")
            .Value<RoundStake>("roundId", r => r.Round.Number.ToString(CultureInfo.InvariantCulture))
            .Value<RoundStake>("tournamentId", _ => ((int)TournamentKind.Classic).ToString(CultureInfo.InvariantCulture))
            .Value<RoundStake>("openTime", r => Unix(r.Round.Open))
            .Value<RoundStake>("closeTime", r => Unix(r.Round.CloseStaking))
            .Value<RoundStake>("resolveTime", r => Unix(r.Round.Resolve))
            .Value<RoundStake>("resolved", r => r.MerkleRoot is not null)
            .Value<RoundStake>("merkleRoot", r => r.MerkleRoot is { } root ? ChainIds.Hex(root) : null)
            .Value<RoundStake>("payoutFactor", _ => ScoreConfig.PayoutFactor.ToString())
            .Value<RoundStake>("remainingBurn", r => ChainIds.Digits(r.RemainingBurnWei))
            .Value<RoundStake>("remainingPayout", r => ChainIds.Digits(r.RemainingPayoutWei))
            .Value<RoundStake>("stakeCap", _ => null)
            .Value<RoundStake>("stakeThreshold", _ => null)
            .Value<RoundStake>("state", r => r.State)
            .Value<RoundStake>("totalPayout", r => ChainIds.Digits(r.PayoutWei))
            .Value<RoundStake>("totalStaked", r => ChainIds.Digits(r.StakedWei));
        queries.CallAsync("v3StakeRound", round, ["tournamentId", "roundId!"], async call => await RoundStakeAsync(call));
    }

    /// <summary>What is public: a model's profile with its stake, and the stakes of a model. Assumption: the fields of `stakeTransactions`.</summary>
    private void AddPublic(GraphType queries)
    {
        var profile = new GraphType("V3UserProfile")
            .Value<SandboxModel>("id", m => m.Id)
            .Value<SandboxModel>("username", m => m.Name)
            .Value<SandboxModel>("startDate", _ => tournament.Calendar.Get(tournament.Calendar.FirstRound).Open)
            .Value<SandboxModel>("bio", _ => null);
        foreach (var field in new[] { "stakeValue", "nmrStaked" })
        {
            profile.CallAsync(field, type: null, [], async call => new ExactDecimal(await OpenStakeAsync((SandboxModel)call.Source, call.Context.Stop), 18).ToString());
        }
        queries.Call("v3UserProfile", profile, ["modelName!"], call => tournament.FindModel(call.RequiredText("modelName")) ?? throw new GraphQlException("Model not found"));
        var transaction = new GraphType("StakeTransaction")
            .Value<StakeTransaction>("modelId", t => t.Model?.Id)
            .Value<StakeTransaction>("roundNumber", t => t.Round.Number)
            .Value<StakeTransaction>("tournament", _ => (int)TournamentKind.Classic)
            .Value<StakeTransaction>("staker", t => t.Position.Staker)
            .Value<StakeTransaction>("amount", t => new ExactDecimal(t.Position.AmountWei, 18).ToString());
        queries.CallAsync("stakeTransactions", transaction, ["modelId!", "tournament"], async call =>
        {
            var own = Access.OwnModel(tournament, Access.Account(tournament, call), call.RequiredText("modelId"));
            var found = new List<StakeTransaction>();
            foreach (var round in tournament.Calendar.Opened(tournament.Clock.GetUtcNow()))
            {
                found.AddRange((await Chain().PositionsAsync(round.Number, call.Context.Stop)).Where(p => ModelOf(p) == own).Select(p => new StakeTransaction(p, round, own)));
            }
            return found;
        });
    }

    /// <summary>The account book belongs to `continuous` tournaments; the sandbox has none of them yet, and says so.</summary>
    private void AddAccountBook(GraphType mutations)
    {
        var change = new GraphType("V2StakeChange");
        foreach (var field in new[] { "id", "dueDate", "requestedAmount", "status", "type", "drain" })
        {
            change.Value<object>(field, _ => null);
        }
        mutations.Call("v2ChangeStake", change, ["value!", "type!", "modelId", "tournamentNumber!"], Refuse);
        mutations.Call("releaseStake", change, ["drain", "amount", "modelId"], Refuse);
        mutations.Call("cancelPendingStakeRelease", change, ["modelId", "tournamentNumber"], Refuse);

        object? Refuse(FieldCall call)
        {
            Access.Account(tournament, call, "stake");
            throw new GraphQlException("Stakes of this tournament are on chain, per round: use v3StakeAuth. Continuous stakes are not part of the sandbox.");
        }
    }

    private async Task<RoundStake?> RoundStakeAsync(FieldCall call)
    {
        Access.Account(tournament, call);
        CheckPerRound(Schema.Kind(call.Number("tournamentId")));
        var (chain, now) = (Chain(), tournament.Clock.GetUtcNow());
        if (tournament.Calendar.Find(call.RequiredNumber("roundId")) is not { } round || round.Open > now)
        {
            return null;
        }
        var positions = await chain.PositionsAsync(round.Number, call.Context.Stop);
        var staked = positions.Aggregate(BigInteger.Zero, (sum, p) => sum + p.AmountWei);
        var results = tournament.Results(round.Number);
        var (remainingPayout, remainingBurn) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var claim in results?.Claims ?? [])
        {
            if (!await chain.IsClaimedAsync(claim.Position, call.Context.Stop))
            {
                (remainingPayout, remainingBurn) = (remainingPayout + claim.Payout.PayoutWei, remainingBurn + claim.Payout.BurnWei);
            }
        }
        var state = results is not null ? "RESOLVED" : round.IsOpenForStaking(now) ? "OPEN" : "CLOSED";
        return new RoundStake(round, results?.MerkleRoot, staked, results?.PayoutsWei ?? 0, remainingPayout, remainingBurn, state);
    }

    private async Task<BigInteger> OpenStakeAsync(SandboxModel model, CancellationToken stop)
    {
        var total = BigInteger.Zero;
        foreach (var round in tournament.Calendar.Opened(tournament.Clock.GetUtcNow()).Where(r => tournament.Chain is not null && tournament.Results(r.Number) is null))
        {
            total += (await Chain().PositionsAsync(round.Number, stop)).Where(p => ModelOf(p) == model).Aggregate(BigInteger.Zero, (sum, p) => sum + p.AmountWei);
        }
        return total;
    }

    private IEnumerable<ClaimOf> Claims(int round, string staker) =>
        (tournament.Results(round)?.Claims ?? []).Where(c => string.Equals(c.Position.Staker, staker, StringComparison.OrdinalIgnoreCase)).Select(c =>
        {
            var model = ModelOf(c.Position);
            return new ClaimOf(c, model, model is null ? null : tournament.Submissions.Selected(model, round));
        });

    private SandboxModel? ModelOf(StakePosition position) => tournament.Models.FirstOrDefault(m => UuidWord.Of(m.Id).AsSpan().SequenceEqual(position.ModelId));

    private IStakingChain Chain() => tournament.Chain ?? throw new GraphQlException("Staking is not available: the sandbox runs without a chain");

    private static string Staker(FieldCall call) => call.RequiredText("staker") is var text && ChainIds.IsAddress(text) ? text.ToLowerInvariant() : throw new GraphQlException("staker is not an address");

    private static string Unix(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static void CheckPerRound(TournamentKind kind)
    {
        if (kind != TournamentKind.Classic)
        {
            throw new GraphQlException($"Tournament {(int)kind} has no staking in the sandbox");
        }
    }
}

using System.Numerics;
using System.Text.Json;
using Backstake.Chain.Numerai;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Chain;

namespace Backstake.Sandbox.Tests;

public sealed class StakingTests : TournamentFixture
{
    private const string Authorize =
        "query($submissionId: ID!, $staker: String!, $maxAmount: String!){ v3StakeAuth(submissionId:$submissionId,staker:$staker,maxAmount:$maxAmount){ authorizationSigner authorizationDigest chainId deadline maxAmount modelId nmrAddress nonce roundId signature staker stakingAddress submissionId submissionHash tournamentId } }";

    private const string Claim =
        "query($roundId: String!, $modelId: ID!, $staker: String!){ v3StakeClaim(roundId:$roundId,modelId:$modelId,staker:$staker){ apiModelId modelId burnAmountWei payoutAmountWei merkleRoot proof roundId staker submissionId tournamentId } }";

    [Fact]
    public async Task AnAuthorization_IsSignedAndBoundToTheFile()
    {
        var id = await SubmitAsync(Predictions());
        var auth = (await DataAsync(Authorize, new { submissionId = id, staker = Staker, maxAmount = "1000" }, Key)).GetProperty("v3StakeAuth");
        string Text(string name) => auth.GetProperty(name).GetString()!;
        var signed = new StakeAuthorization
        {
            TournamentId = 8, RoundId = 843, ModelId = UuidWord.Of(Model.Id), Staker = Staker, MaxAmount = 1000, SubmissionId = UuidWord.Of(id),
            SubmissionHash = Convert.FromHexString(Tournament.Selected(Model, 843)!.Sha256), Nonce = 7, Deadline = Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds(),
        };
        Assert.Equal("0x" + Convert.ToHexStringLower(signed.Digest(Text("stakingAddress"), 31337)), Text("authorizationDigest"));
        Assert.Equal(Text("authorizationSigner"), signed.Recover(Text("stakingAddress"), 31337, Text("signature")), ignoreCase: true);
        Assert.Equal("0x" + Tournament.Selected(Model, 843)!.Sha256, Text("submissionHash"));
        Assert.Equal(["8", "843", "7", "1000", "31337"], [Text("tournamentId"), Text("roundId"), Text("nonce"), Text("maxAmount"), Text("chainId")]);
    }

    [Fact]
    public async Task ANewUpload_NeedsANewAuthorization()
    {
        var first = await SubmitAsync(Predictions("a"));
        var second = await SubmitAsync(Predictions("b"));
        Assert.Equal("Submission is not selected", await ErrorAsync(Authorize, new { submissionId = first, staker = Staker, maxAmount = "1" }, Key));
        await DataAsync(Authorize, new { submissionId = second, staker = Staker, maxAmount = "1" }, Key);
    }

    [Theory]
    [InlineData("0", Staker, "positive whole number of wei")]
    [InlineData("1.5", Staker, "positive whole number of wei")]
    [InlineData("-1", Staker, "positive whole number of wei")]
    [InlineData("1", "0xff", "staker is not an address")]
    public async Task AWrongAuthorization_IsRefused(string maxAmount, string staker, string message)
    {
        var id = await SubmitAsync(Predictions());
        Assert.Contains(message, await ErrorAsync(Authorize, new { submissionId = id, staker, maxAmount }, Key));
    }

    [Fact]
    public async Task AfterTheDeadline_NothingIsAuthorized()
    {
        var id = await SubmitAsync(Predictions());
        Clock.MoveTo(Calendar.Get(843).CloseStaking);
        Assert.Equal("Round 843 is not open for staking", await ErrorAsync(Authorize, new { submissionId = id, staker = Staker, maxAmount = "1" }, Key));
        Assert.Equal("Submission not found", await ErrorAsync(Authorize, new { submissionId = Guid.NewGuid(), staker = Staker, maxAmount = "1" }, Key));
        Assert.Contains("authenticated", await ErrorAsync(Authorize, new { submissionId = id, staker = Staker, maxAmount = "1" }));
    }

    [Fact]
    public async Task ARound_OpensAndResolves_Once()
    {
        Assert.True(await Tournament.StepAsync());
        Assert.False(await Tournament.StepAsync());
        Assert.Equal(Calendar.Get(843).CloseStaking, Chain.Opened[843]);
        await StakeAsync("A", 1001);
        await StakeAsync("B", 1001);
        Chain.Positions.Add(new StakePosition(843, Staker.Replace("ff", "fe"), UuidWord.Of(Model.Id), 500, new byte[32]));
        Assert.Equal(JsonValueKind.Null, (await ClaimAsync("A")).ValueKind);
        Clock.MoveTo(Calendar.Get(843).Resolve.AddTicks(-1));
        await Tournament.StepAsync();
        Assert.Empty(Chain.Resolved);
        Clock.MoveTo(Calendar.Get(843).Resolve);
        Assert.True(await Tournament.StepAsync());
        Assert.False(await Tournament.StepAsync());

        // A: 0.5 · 0.02 + 2 · 0.01 = 0.03: ⌊30.03⌋. B: 0.5 · −0.03 + 2 · −0.02 = −0.055: ⌊−55.055⌋.
        var (won, lost) = (await ClaimAsync("A"), await ClaimAsync("B"));
        Assert.Equal(("30", "0"), (won.GetProperty("payoutAmountWei").GetString(), won.GetProperty("burnAmountWei").GetString()));
        Assert.Equal(("0", "56"), (lost.GetProperty("payoutAmountWei").GetString(), lost.GetProperty("burnAmountWei").GetString()));
        Assert.Equal(Model.Id, won.GetProperty("apiModelId").GetGuid());
        Assert.Equal(new BigInteger(30), Chain.Resolved[843].PayoutsWei);
        AssertProves(won, 843, "A", 30, 0);
        AssertProves(lost, 843, "B", 0, 56);
        var claims = (await DataAsync("query($staker:String!){ v3StakeClaims(staker:$staker,tournamentId:8){ roundId claimableAmountWei } }", new { staker = Staker }, Key)).GetProperty("v3StakeClaims");
        Assert.Equal(["1031", "945"], claims.EnumerateArray().Select(c => c.GetProperty("claimableAmountWei").GetString()));
    }

    [Fact]
    public async Task AStakeOnAnotherFile_GetsNothing()
    {
        await Tournament.StepAsync();
        await StakeAsync("A", 1000);
        await SubmitAsync(Predictions("later"));
        Clock.MoveTo(Calendar.Get(843).Resolve);
        await Tournament.StepAsync();
        Assert.Equal("0", (await ClaimAsync("A")).GetProperty("payoutAmountWei").GetString());
    }

    [Fact]
    public async Task WhatIsNotClaimedInAWeek_IsReturned()
    {
        await Tournament.StepAsync();
        await StakeAsync("A", 1000);
        Clock.MoveTo(Calendar.Get(843).Resolve);
        await Tournament.StepAsync();
        Clock.MoveTo(Calendar.Get(843).Resolve.AddDays(7).AddTicks(-1));
        await Tournament.StepAsync();
        Assert.Empty(Chain.Claimed);
        Clock.MoveTo(Calendar.Get(843).Resolve.AddDays(7));
        Assert.True(await Tournament.StepAsync());
        Assert.Single(Chain.Claimed);
        Assert.Equal(0, (await DataAsync("query($staker:String!){ v3StakeClaims(staker:$staker){ roundId } }", new { staker = Staker }, Key)).GetProperty("v3StakeClaims").GetArrayLength());
    }

    [Fact]
    public async Task NextDue_IsTheNextOpeningOrResolution()
    {
        await Tournament.StepAsync();
        Assert.Equal(Calendar.Get(844).Open, Tournament.NextDue());
        Clock.MoveTo(Calendar.Get(866).Open);
        Assert.Equal(Calendar.Get(843).Resolve, Tournament.NextDue());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public void EveryLeaf_HasAProof(int count)
    {
        var leaves = Enumerable.Range(1, count).Select(i => ClaimProof.Leaf(i, new byte[32], Staker, i, 0)).ToList();
        var tree = new MerkleTree(leaves);
        Assert.All(leaves, leaf => Assert.Equal(tree.Root, tree.Proof(leaf).Aggregate(leaf, ClaimProof.Node)));
        Assert.Throws<ArgumentException>(() => tree.Proof(new byte[32]));
    }

    [Theory]
    [InlineData(WebhookMode.Once, 1)]
    [InlineData(WebhookMode.Twice, 2)]
    [InlineData(WebhookMode.Late, 0)]
    [InlineData(WebhookMode.Never, 0)]
    public async Task AWebhook_IsCalledWhenARoundOpens(WebhookMode mode, int calls)
    {
        // The tournament's own address stands in for a webhook: it answers 200, with an error, which nobody reads.
        Model.Webhook = Tournament.Address;
        await SwitchAsync(HttpMethod.Put, "sandbox/webhooks", new { mode = mode.ToString(), delayMinutes = 30 });
        await Tournament.StepAsync();
        await Tournament.StepAsync();
        Assert.Equal(calls, Tournament.Webhooks.Calls.Count);
        Assert.All(Tournament.Webhooks.Calls, c => Assert.Equal((200, 843, Webhooks.TriggerId(Model, 843)), (c.Status, c.Round, c.TriggerId)));
        Clock.Advance(TimeSpan.FromMinutes(30));
        await Tournament.StepAsync();
        Assert.Equal(mode == WebhookMode.Late ? 1 : calls, Tournament.Webhooks.Calls.Count);
    }

    private async Task StakeAsync(string model, int amountWei)
    {
        var found = Tournament.FindModel(model)!;
        await SubmitAsync(Predictions(model), found);
        Chain.Positions.Add(new StakePosition(843, Staker, UuidWord.Of(found.Id), amountWei, Convert.FromHexString(Tournament.Selected(found, 843)!.Sha256)));
    }

    private async Task<JsonElement> ClaimAsync(string model) =>
        (await DataAsync(Claim, new { roundId = "843", modelId = Tournament.FindModel(model)!.Id, staker = Staker }, Key)).GetProperty("v3StakeClaim");

    private void AssertProves(JsonElement claim, int round, string model, BigInteger payoutWei, BigInteger burnWei)
    {
        var leaf = ClaimProof.Leaf(round, UuidWord.Of(Tournament.FindModel(model)!.Id), Staker, payoutWei, burnWei);
        var root = claim.GetProperty("proof").EnumerateArray().Select(p => Convert.FromHexString(p.GetString()!.AsSpan(2))).Aggregate(leaf, ClaimProof.Node);
        Assert.Equal(claim.GetProperty("merkleRoot").GetString(), "0x" + Convert.ToHexStringLower(root));
        Assert.Equal(Chain.Resolved[round].Root, root);
    }
}

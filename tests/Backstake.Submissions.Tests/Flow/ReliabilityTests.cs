using Backstake.Research;
using Backstake.Sandbox.Api;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>What a vault's log says of its reliability, on rounds as the flow writes them.</summary>
[Collection(StorageGround.Collection)]
public sealed class ReliabilityTests(StorageGround ground) : SubmissionGround(ground)
{
    [Fact]
    public async Task Rounds_AreTold_AsTheyWent()
    {
        var (onTime, retried, late, replaced) = (await Begin(), await Begin(), await Begin(), await Begin());
        var round = await Open();
        await Put(onTime, File("a"));
        await Run(onTime, round);
        await Run(retried, round); // nothing stored yet
        await Run(late, round);
        await Put(replaced, File("b"));
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Put(retried, File("c"));
        await Run(retried, round);
        Tournament.Faults.Add(new Fault(FaultKind.BadGatewayHtml));
        await Run(replaced, round);
        Tournament.Faults.Clear();
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Run(replaced, round);
        await Append(replaced, "check|843|3", new SubmissionChecked(Number, "another", Stale: true));
        await Append(late, "missed|843", new RoundMissed(Number, Cause.NoPredictions));

        async Task<RoundReliability> Of(RegisteredVault vault, DateTimeOffset now) => Assert.Single(VaultReliability.Of(await Storage.NewMachine().ReadAll(vault.Id), now));
        Assert.Equal(RoundOutcome.Open, (await Of(onTime, Clock.GetUtcNow())).Outcome);
        Assert.Equal(new(Number, RoundOutcome.OnTime, Blame.Nobody, null, 0), await Of(onTime, round.CloseStakingTime));
        Assert.Equal(new(Number, RoundOutcome.Retried, Blame.Owner, Cause.NoPredictions, 1), await Of(retried, round.CloseStakingTime));
        Assert.Equal(new(Number, RoundOutcome.Missed, Blame.Owner, Cause.NoPredictions, 1), await Of(late, round.CloseStakingTime));
        Assert.Equal(new(Number, RoundOutcome.Replaced, Blame.Owner, "replaced", 1), await Of(replaced, round.CloseStakingTime));
    }
}

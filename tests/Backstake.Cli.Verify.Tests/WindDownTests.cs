namespace Backstake.Cli.Verify.Tests;

/// <summary>A vault to its end: a series that ended by its term, everybody leaving at once with a round still open, a waiting deposit given back, claims made and not made.</summary>
public sealed class WindDownTests(PlayedVault played) : IClassFixture<PlayedVault>
{
    [SkippableFact]
    public async Task AVaultThatWoundDown_IsVerified()
    {
        played.SkipWithoutContracts();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await played.WindDown(limit.Token);

        var history = played.History;
        var checks = Verification.Of(history, PlayedVault.Published(history), played.Chain);
        Assert.All(checks, check => Assert.True(check.Holds, $"{check.Name}: {check.Detail}"));
        Assert.Empty(history.Document.Errors);
        Assert.Equal(4u, played.Chain.State.LastAccepted);
        Assert.True(Assert.Single(played.Chain.OpenStakes).Value > 0);
        Assert.NotEmpty(history.Settlements[^1].GivenBack);
        Assert.Contains(played.Chain.Claimable, claim => claim.Key.Class.ExitWeek == 4 && claim.Value > 0);
    }
}

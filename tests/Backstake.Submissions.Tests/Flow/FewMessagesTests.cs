using System.Globalization;
using Backstake.Functions.Rounds;
using Backstake.Functions.Submissions;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>No message is sent for what another one does already, or for a round whose next step isn't ours; and none of that outlasts what it was good for.</summary>
[Collection(StorageGround.Collection)]
public sealed class FewMessagesTests(StorageGround ground) : SubmissionGround(ground)
{
    [Fact]
    public async Task RoundForWhichAllIsDone_IsAskedAgain_WhenItsLogHasGrown_OrAfterSomeMinutes_OrByAnotherProcess()
    {
        var vault = await Begin();
        var round = await Open();
        await Put(vault, File("mine"));
        Assert.Single(await Due(vault)); // nothing is done yet
        await Run(vault, round);
        Assert.NotNull((await Record(vault)).SubmissionId);
        Assert.Empty(await Due(vault)); // its commitment is sent: a block comes next

        await using (var other = Start(Ways))
            Assert.Single(await Due(vault, other));
        Clock.Advance(RestingRounds.MostForABlock - TimeSpan.FromSeconds(1));
        Assert.Empty(await Due(vault));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(await Due(vault));

        await Run(vault, round);
        Assert.Empty(await Due(vault));
        await Append(vault, $"commit|{Number}", new PredictionsCommitted(Number, (await Record(vault)).Hash!));
        Assert.Single(await Due(vault));

        await Run(vault, round); // there is nothing to stake, and no block to wait for
        Clock.Advance(RestingRounds.MostForABlock);
        Assert.Empty(await Due(vault));
    }

    /// <summary>Whatever of a round is still to be done by us isn't waited for: what isn't submitted, what was replaced, and a stake that a node behind the others kept from being decided.</summary>
    [Fact]
    public void Round_RestsOnlyWhereTheNextStepIsNotOurs()
    {
        var opened = new RoundRecord(Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(1), Clock.GetUtcNow().AddDays(31));
        var submitted = opened with { SubmissionId = "s", Hash = "h" };
        var committed = submitted with { CommittedHash = "h" };
        Assert.Null(RestingRounds.MostOf(opened, isToStake: false));
        Assert.Null(RestingRounds.MostOf(committed with { Stale = true }, isToStake: false));
        Assert.Null(RestingRounds.MostOf(committed, isToStake: true));
        Assert.Equal(RestingRounds.MostForABlock, RestingRounds.MostOf(submitted, isToStake: true));
        Assert.Equal(RestingRounds.MostForABlock, RestingRounds.MostOf(committed with { Intent = new(1, Backstake.Accounting.Nmr.FromNmr(1), 0) }, isToStake: true));
        Assert.Equal(RestingRounds.Most, RestingRounds.MostOf(committed, isToStake: false));
        Assert.Equal(RestingRounds.Most, RestingRounds.MostOf(committed with { Closed = true }, isToStake: true));
    }

    /// <summary>A look at what Numerai holds is due at its time, whatever else rests.</summary>
    [Fact]
    public async Task RoundForWhichAllIsDone_IsLookedAtInTime()
    {
        var vault = await Begin();
        var round = await Open();
        await Put(vault, File("mine"));
        var look = round.CloseStakingTime + Backstake.Functions.Vaults.Due.Looks[0];
        Clock.MoveTo(look - (RestingRounds.MostForABlock / 2));
        await Run(vault, round);
        Clock.MoveTo(look - TimeSpan.FromSeconds(1));
        Assert.Empty(await Due(vault));
        Clock.MoveTo(look);
        Assert.Single(await Due(vault));
    }

    [Fact]
    public async Task WebhookAndTimer_SendOneMessage_WithTheTrigger_AndWhoHasNoWebhookGetsOne()
    {
        var (called, quiet) = (await Begin(), await Begin());
        var rounds = Storage.Clients.Tables.GetTableClient(OpenRounds.TableName);
        await rounds.DeleteEntityAsync("8", Number.ToString("D10", CultureInfo.InvariantCulture)); // tests before have seen this round
        await Messages(_ => true); // and left messages
        var trigger = Guid.NewGuid().ToString();
        await The<RoundOpening>().Triggered(new RoundTriggered(called.Id, trigger), default);
        await The<RoundOpening>().Poll(8, default);
        var messages = await Messages(id => id == called.Id || id == quiet.Id);
        Assert.Equal([(called.Id, trigger), (quiet.Id, null)], messages.Select(message => (message.Vault, message.TriggerId)).OrderBy(it => it.TriggerId is null));

        await rounds.DeleteEntityAsync("8", Number.ToString("D10", CultureInfo.InvariantCulture));
        await using var other = Start(Ways); // it doesn't know what the first one sent
        await other.GetRequiredService<RoundOpening>().Poll(8, default);
        Assert.Equal(new[] { called.Id, quiet.Id }.Order(StringComparer.Ordinal), (await Messages(id => id == called.Id || id == quiet.Id)).Select(message => message.Vault).Order(StringComparer.Ordinal));
    }

    /// <summary>The messages of the vault that a sweep sends now, by this process or another.</summary>
    async Task<List<SubmitRound>> Due(RegisteredVault vault, IServiceProvider? process = null)
    {
        await Messages(_ => true);
        var app = process ?? App;
        await app.GetRequiredService<DueSender>().Send(await app.GetRequiredService<VaultStore>().Load(vault.Id, default), default);
        return (await Messages(id => id == vault.Id)).Where(message => message.Round == Number).ToList(); // rounds of tests before may be open, too
    }
}

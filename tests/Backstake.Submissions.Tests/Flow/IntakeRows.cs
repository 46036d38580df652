using System.Security.Cryptography;
using System.Text;
using Backstake.Accounting;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Submissions;
using Backstake.Functions.Submissions.Intake;
using Backstake.Research;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Backstake.Servers;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Flow;

/// <summary>Predictions on their way from the delegate to Numerai.</summary>
[Collection(StorageGround.Collection)]
public sealed class IntakeRows(StorageGround ground) : SubmissionGround(ground)
{
    [Fact]
    public async Task File_IsJudgedAtOnce()
    {
        var vault = await Begin();
        await Open();
        var stored = Stored(await Put(vault, File("mine")));
        Assert.Equal((843, HashOf(File("mine")), 1, true, 20), (stored.Round, stored.Hash, stored.Version, stored.IdsChecked, stored.Statistics.Rows));
        Assert.Equal(1, Stored(await Put(vault, File("mine"))).Version); // the same once more
        Assert.Equal(2, Stored(await Put(vault, File("other"))).Version);
        var bad = Assert.IsType<ObjectResult>(await Put(vault, Encoding.UTF8.GetBytes("id,prediction\nn1,2\n")));
        Assert.Equal((422, "predictionsInvalid"), (bad.StatusCode, Code(bad)));
        var errors = Assert.IsAssignableFrom<IReadOnlyList<PredictionError>>(((ProblemDetails)bad.Value!).Extensions["errors"]);
        Assert.Equal([(2, 2, "value"), (2, 1, "missingId")], errors.Select(error => (error.Line, error.Column, error.Code)));
        Assert.Equal("predictionsNotCsv", Code(await Put(vault, [.. "PAR1"u8, .. File("mine")])));
        Assert.Equal("predictionsInvalid", Code(await Put(vault, File("mine", Number + 1)))); // another round's ids
        Assert.Equal(2, (await Versions(vault)).Count);
    }

    [Theory]
    [InlineData("843", null), InlineData("next", null), InlineData("844", null), InlineData("845", "unknownRound"), InlineData("842", "unknownRound"), InlineData("-1", "unknownRound"), InlineData("0", "unknownRound"),
     InlineData("last", "unknownRound"), InlineData("NEXT", "unknownRound"), InlineData("../843", "unknownRound"), InlineData("99999999999", "unknownRound"), InlineData(" 843", "unknownRound")]
    public async Task Round_IsNamedByItsNumber_OrAsNext(string asked, string? code)
    {
        var vault = await Begin();
        await Open();
        var answer = await Put(vault, File("mine"), asked);
        Assert.Equal(code, Code(answer));
        if (code is null)
            Assert.Equal((asked == "844" ? 844 : 843, asked != "844"), (Stored(answer).Round, Stored(answer).IdsChecked));
    }

    [Fact]
    public async Task FileThatWasStoredAhead_IsCheckedWhenTheRoundOpens_AndNoOtherRoundGetsIt()
    {
        var vault = await Begin();
        var round = await Open();
        Assert.Equal(844, Stored(await Put(vault, File("mine", 844), "844")).Round);
        await Run(vault, round);
        Assert.Equal(Cause.NoPredictions, Assert.Single((await Events(vault)).OfType<AttemptFailed>()).Cause);
        Clock.MoveTo(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        await Run(vault, await Open());
        Assert.Equal((844, HashOf(File("mine", 844))), Assert.Single((await Events(vault)).OfType<PredictionsSubmitted>()) is var it ? (it.Round, it.Hash) : default);
    }

    [Theory]
    [InlineData(TournamentKind.Signals), InlineData(TournamentKind.Crypto)]
    public async Task OtherTournaments_GoTheSameWay_WithTheirOwnNumber(TournamentKind kind)
    {
        var vault = await Begin(Tournament.AddModel($"{kind}", kind, SandboxAccount.Default));
        var round = await Open((int)kind);
        var file = Tournament.Live.Predictions(kind, Number, "mine");
        Assert.Equal("predictionsInvalid", Code(await Put(vault, File("mine"))));
        Assert.Equal((200, (int)kind), Stored(await Put(vault, file)) is var stored ? (stored.Statistics.Rows, stored.Tournament) : default);
        await Run(vault, round);
        Assert.Equal(HashOf(file), Assert.Single((await Events(vault)).OfType<PredictionsSubmitted>()).Hash);
        Assert.Equal(file, Tournament.Selected(Tournament.FindModel($"{kind}")!, Number)!.File);
    }

    [Fact]
    public async Task H_06_FilesOwnName_IsNotLookedAt()
    {
        var vault = await Begin();
        await Open();
        var key = await Key(Owner, ApiScope.Submit(vault.Id));
        foreach (var name in new[] { "../../x", "CON", new string('n', 4096), "\u202Evsc.x", "a;b\"c" })
        {
            var request = await RequestBy(key, File("mine"));
            request.Headers["Content-Disposition"] = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}";
            request.Headers["X-File-Name"] = Uri.EscapeDataString(name);
            request.ContentType = "application/vnd.apache.parquet";
            Stored(await ActivatorUtilities.CreateInstance<IntakeFunctions>(App).Put(request, vault.Id, "843", default));
        }

        var only = Assert.Single(await Versions(vault));
        Assert.Equal($"{vault.Id}/8/843/20261124T120000000Z-{HashOf(File("mine"))}.csv", only.Name);
    }

    [Fact]
    public async Task OnlyTheOwnersSession_OrTheirKeyForThisVault_MayStore()
    {
        var (vault, other) = (await Begin(), await Begin());
        await Open();
        var functions = ActivatorUtilities.CreateInstance<IntakeFunctions>(App);
        async Task<string?> Ask(string? key, string id) => Code(await functions.Put(await RequestBy(key, File("mine")), id, "843", default));
        Assert.Equal("notSignedIn", await Ask(null, vault.Id));
        Assert.Equal("notSignedIn", await Ask("bst_0123456789abcdef_" + new string('a', 43), vault.Id));
        Assert.Equal("notDelegate", await Ask(await Key(Owner, ApiScope.ReadOwn), vault.Id));
        Assert.Equal("notDelegate", await Ask(await Key(Owner, ApiScope.Submit(other.Id)), vault.Id));
        Assert.Equal("notDelegate", await Ask(await Key("0x00000000000000000000000000000000000000ab", ApiScope.Submit(vault.Id)), vault.Id)); // anybody can make such a key
        Assert.Equal("unknownVault", await Ask(await Key(Owner, ApiScope.Submit(vault.Id)), StorageGround.NewVault()));
        Assert.Empty(await Versions(vault));
        var right = await Key(Owner, ApiScope.Submit(vault.Id));
        Assert.Null(await Ask(right, vault.Id.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal)));
        Assert.Equal(202, Assert.IsType<AcceptedResult>(await functions.Submit(await RequestBy(right, []), vault.Id, "next", default)).StatusCode);
        Assert.Equal("notDelegate", Code(await functions.Submit(await RequestBy(right, []), other.Id, "next", default)));
        Clock.MoveTo((await Open()).CloseStakingTime);
        Assert.Equal("roundNotSubmittable", Code(await functions.Submit(await RequestBy(right, []), vault.Id, "843", default)));
    }

    [Fact]
    public async Task H_09_LastCompleteFileBeforeTheDeadline_Counts_ToTheMillisecond_AndLateOnesStayApart()
    {
        var vault = await Begin();
        var round = await Open();
        await Task.WhenAll(Put(vault, File("first")), Put(vault, File("beside"))); // two at once
        Assert.Equal(2, (await Versions(vault)).Count);
        Clock.MoveTo(round.CloseStakingTime.AddMilliseconds(-1));
        Stored(await Put(vault, File("last")));
        Clock.MoveTo(round.CloseStakingTime);
        Assert.Equal("roundOver", Code(await Put(vault, File("late"))));
        Assert.Equal(HashOf(File("last")), (await The<PredictionStore>().Latest(vault.Id, 8, Number, default))!.Hash);
        Assert.Equal(3, (await Versions(vault)).Count);
        Assert.Equal(HashOf(File("late")), Assert.Single(await The<PredictionStore>().In(PredictionStore.LateFolderOf(vault.Id, 8, Number), default)).Hash);
        Assert.Empty(await The<PredictionStore>().In(PredictionStore.FolderOf(vault.Id, 8, Number + 1), default));
        Clock.MoveTo(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        var next = await Open();
        Assert.Equal(Number + 1, next.Number);
        Assert.Equal("roundOver", Code(await Put(vault, File("much later")))); // a round that isn't the last one: nothing is kept
        Assert.Single(await The<PredictionStore>().In(PredictionStore.LateFolderOf(vault.Id, 8, Number), default));
        await Run(vault, next);
        Assert.DoesNotContain(await Events(vault), it => it is PredictionsSubmitted);
    }

    [Fact]
    public async Task H_10_QuotaOfARound_IsTheVaultsOwn()
    {
        var (vault, other) = (await Begin(), await Begin());
        await Open();
        for (var i = 0; i < PredictionStore.VersionsMost; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(i + 1, Stored(await Put(vault, File($"{i}"))).Version);
        }

        var refused = Assert.IsType<ObjectResult>(await Put(vault, File("one more")));
        Assert.Equal((429, "uploadQuota"), (refused.StatusCode, Code(refused)));
        Assert.Equal(PredictionStore.VersionsMost, Stored(await Put(vault, File($"{PredictionStore.VersionsMost - 1}"))).Version); // what is there is there
        Stored(await Put(other, File("one more")));
        Assert.Equal(PredictionStore.VersionsMost, (await Versions(vault)).Count);
    }

    [Fact]
    public async Task NewerFile_IsSubmittedAgain_AndCommittedAgain_UntilAStakeIsBoundToOne()
    {
        var vault = await Begin();
        var round = await Open();
        await Put(vault, File("first"));
        await Run(vault, round);
        await Run(vault, round); // nothing new
        Clock.MoveTo(Clock.GetUtcNow().AddMinutes(1));
        await Put(vault, File("second"));
        await Run(vault, round);
        Clock.MoveTo(Clock.GetUtcNow().AddMinutes(1));
        await Put(vault, File("first")); // and back
        await Run(vault, round);
        var submitted = (await Events(vault)).OfType<PredictionsSubmitted>().Select(it => it.Hash).ToList();
        Assert.Equal([HashOf(File("first")), HashOf(File("second")), HashOf(File("first"))], submitted);
        Assert.Equal(File("first"), Tournament.Selected(Model, Number)!.File);
        foreach (var purpose in new[] { "commit|843", "commit|843|2", "commit|843|3" })
            Assert.NotNull(await The<OutboxTable>().Find(Anvil.Addresses[2], vault.Id, purpose, default));
        var record = (await Storage.NewMachine().Store.Load(vault.Id, default)).Record;
        Assert.Equal((1, 3), (record.Submitted, record.Rounds[Number].Versions)); // a round counts once

        await Append(vault, "commit|seen", new PredictionsCommitted(Number, HashOf(File("first"))));
        await Append(vault, "stake|843|1", new StakeIntended(Number, 1, Nmr.FromNmr(5), 0));
        Clock.MoveTo(Clock.GetUtcNow().AddMinutes(1));
        Assert.Equal("roundStaked", Code(await Put(vault, File("third"))));
        Assert.Equal(HashOf(File("third")), Assert.Single(await The<PredictionStore>().In(PredictionStore.LateFolderOf(vault.Id, 8, Number), default)).Hash);
        await Assert.ThrowsAnyAsync<Exception>(() => Run(vault, round)); // as far as the stake, of which this node knows nothing
        Assert.Equal(3, (await Events(vault)).OfType<PredictionsSubmitted>().Count());
        Assert.Equal(File("first"), Tournament.Selected(Model, Number)!.File);
    }

    [Theory]   // minutes from the deadline at which somebody else replaces the file, restored?
    [InlineData(-20, true), InlineData(-5, true), InlineData(-1, false)]
    public async Task E_10_FileThatSomebodyElseReplaced_IsRestored_OrRecorded(int minutes, bool isRestored)
    {
        var vault = await Begin();
        var round = await Open();
        await Put(vault, File("mine"));
        await Run(vault, round);
        await Append(vault, "close|843", new Booked(new Close(new Round(Number)))); // staked: the hash is bound
        var replaced = TimeSpan.FromMinutes(minutes);
        foreach (var at in Due.Looks.Append(replaced).Order())
        {
            Clock.MoveTo(round.CloseStakingTime + at);
            if (at == replaced)
                await The<INumerai>().Submit(8, vault.Model, File("another"), null, default);
            await Run(vault, round);
            await Run(vault, round);
        }

        var (hash, events) = (HashOf(File("mine")), await Events(vault));
        Assert.Equal([isRestored && minutes == -20, isRestored && minutes == -5, !isRestored], events.OfType<SubmissionChecked>().Select(it => it.Stale));
        Assert.Equal(isRestored ? [hash, hash] : [hash], events.OfType<PredictionsSubmitted>().Select(it => it.Hash));
        Assert.Equal(isRestored, Tournament.Selected(Model, Number)!.Sha256 == hash);
        Assert.Equal(!isRestored, (await Record(vault)).Stale);
    }

    Task<IReadOnlyList<StoredPredictions>> Versions(RegisteredVault vault) => The<PredictionStore>().In(PredictionStore.FolderOf(vault.Id, 8, Number), default);

    static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}

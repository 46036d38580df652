using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Submissions.Record;
using Backstake.Research;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

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

        async Task<RoundReliability> Of(RegisteredVault vault, DateTimeOffset now) => RoundReliability.Of(Assert.Single((await Story(vault)).Rounds).Value.Facts, now);
        Assert.Equal(RoundOutcome.Open, (await Of(onTime, Clock.GetUtcNow())).Outcome);
        Assert.Equal(new(Number, RoundOutcome.OnTime, Blame.Nobody, null, 0), await Of(onTime, round.CloseStakingTime));
        Assert.Equal(new(Number, RoundOutcome.Retried, Blame.Owner, Cause.NoPredictions, 1), await Of(retried, round.CloseStakingTime));
        Assert.Equal(new(Number, RoundOutcome.Missed, Blame.Owner, Cause.NoPredictions, 1), await Of(late, round.CloseStakingTime));
        Assert.Equal(new(Number, RoundOutcome.Replaced, Blame.Owner, "replaced", 1), await Of(replaced, round.CloseStakingTime));
    }

    [Fact]
    public async Task Route_TellsOutcomes_Files_AndWhatLooksLikeAnotherModel_ButNoPrediction()
    {
        var vault = await Begin(Tournament.AddModel("Signals", TournamentKind.Signals, SandboxAccount.Default));
        var (even, first) = (Tournament.Live.Predictions(TournamentKind.Signals, Number, "one"), await Open(11));
        Assert.Empty(Stored(await Put(vault, even)).Warnings);
        await Run(vault, first);
        Clock.MoveTo(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        var second = await Open(11);
        var reversed = Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(even).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) =>
            i == 0 ? line : $"{line.Split(',')[0]},{(0.2 * (1 - double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))).ToString(CultureInfo.InvariantCulture)}")));
        Assert.Equal(["highChurn"], Stored(await Put(vault, reversed, "844")).Warnings.Select(warning => warning.Code));
        await Run(vault, second);

        var told = await Told(vault);
        Assert.Equal(["onTime", "open"], told["rounds"]!.AsArray().Select(round => (string)round!["outcome"]!));
        Assert.Equal((1, 1, 1.0), ((int)told["summary"]!["rounds"]!, (int)told["summary"]!["onTime"]!, (double)told["summary"]!["reliable"]!));
        Assert.Equal(["843", "844"], told["files"]!.AsArray().Select(file => file!["round"]!.ToJsonString()));
        Assert.Equal(2, (double)told["files"]![1]!["churn"]!, 9); // the very opposite order
        Assert.Equal(["distribution 844 false", "churn 844 false"], told["breaks"]!.AsArray().Select(it => $"{it!["kind"]} {it["round"]} {it["announced"]}").OrderDescending(StringComparer.Ordinal));
        Assert.Equal(told.ToJsonString(), (await Told(vault)).ToJsonString()); // from what is known
        foreach (var line in Encoding.UTF8.GetString(reversed).Split('\n').Skip(1).Where(line => line.Length > 0))
            Assert.DoesNotContain(line.Split(',')[0], told.ToJsonString(), StringComparison.Ordinal);

        Assert.Null(Code(await Announce(vault, Owner, 844, "more trees")));
        Assert.Null(Code(await Announce(vault, Owner, 844, "more trees"))); // once more is the same
        told = await Told(vault);
        Assert.All(told["breaks"]!.AsArray(), it => Assert.True((bool)it!["announced"]!));
        Assert.Equal("844 more trees", $"{Assert.Single(told["announced"]!.AsArray())!["fromRound"]} {told["announced"]![0]!["note"]}");
    }

    [Fact]
    public async Task ModelChange_IsTheOwnersAlone_OfARoundThatIsntOver_InAFewWords()
    {
        var vault = await Begin();
        await Run(vault, await Open());
        Assert.Equal("notOwner", Code(await Announce(vault, "0x00000000000000000000000000000000000000ab", 843, "mine")));
        Assert.Equal("notSignedIn", Code(await Announce(vault, null, 843, "mine")));
        Assert.Equal("scopeMissing", Code(await Announce(vault, Owner, 843, "mine", isKey: true)));
        Assert.Equal("changeRefused", Code(await Announce(vault, Owner, 842, "late")));
        Assert.Equal("changeRefused", Code(await Announce(vault, Owner, 1844, "far")));
        foreach (var note in new[] { "", "a\nb", new string('n', 201) })
            Assert.Equal("malformed", Code(await Announce(vault, Owner, 843, note)));
        Assert.DoesNotContain(await Events(vault), it => it is ModelChangeAnnounced);
        Assert.Null(Code(await Announce(vault, Owner, 1843, "planned")));
        await Storage.NewMachine().Store.Halt(vault.Id, "test", "test", default);
        Assert.Equal("changeRefused", Code(await Announce(vault, Owner, 843, "halted")));
        Assert.Equal(new ModelChangeAnnounced(1843, "planned"), Assert.Single((await Events(vault)).OfType<ModelChangeAnnounced>()));
    }

    async Task<IActionResult> Announce(RegisteredVault vault, string? caller, int round, string note, bool isKey = false)
    {
        var request = Request(JsonSerializer.SerializeToUtf8Bytes(new { fromRound = round, note }));
        if (caller is not null)
            request.HttpContext.Items[typeof(KnownCaller)] = new KnownCaller(caller, isKey ? null : "a session", isKey ? [ApiScope.ReadOwn] : null);
        return await ActivatorUtilities.CreateInstance<ModelChangeFunctions>(App).Announce(request, vault.Id, default);
    }

    async Task<JsonNode> Told(RegisteredVault vault) =>
        JsonNode.Parse(Assert.IsType<RenderedAnswer>(await ActivatorUtilities.CreateInstance<ReliabilityFunctions>(App).Get(new DefaultHttpContext().Request, vault.Id, default)).Body)!;

    async Task<VaultStory> Story(RegisteredVault vault) => (await Storage.NewMachine().ReadAll(vault.Id)).Aggregate(VaultStory.Of(vault.Id), (story, entry) => story.Apply(entry));
}

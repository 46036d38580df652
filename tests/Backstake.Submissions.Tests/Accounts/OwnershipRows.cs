using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Backers;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Http;
using Backstake.Functions.Operations;
using Backstake.Functions.Owners;
using Backstake.Functions.Quotes;
using Backstake.Sandbox.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Backstake.Submissions.Tests.Accounts;

/// <summary>FAULTS.md G-7: anybody can make a vault that names any model; whose it is, Numerai says, asked again every week.</summary>
[Collection(StorageGround.Collection)]
public sealed class OwnershipRows(StorageGround ground) : AccountsGround(ground)
{
    static readonly Backer Backer = new("0x00000000000000000000000000000000000000bb");

    [Fact]
    public async Task G_07_ModelIsItsOwners_ByAKeyInWhoseAccountItLies_AndByNoOther()
    {
        var vault = await In(anna);
        Assert.Equal("unproven", await Shown(vault));
        Assert.Equal("numeraiKeyRefused", Code(await Bring(vault, bert.Key)));
        Assert.Equal("unproven", await Shown(vault));
        await Bring(vault, anna.Key);
        Assert.Equal(("proven", "numeraiKey", Clock.GetUtcNow()), await Told(vault));
        Assert.IsType<NoContentResult>(await Keys.TakeBack(As(Owner, false), vault.Id, default));
        var taken = await Json(vault);
        Assert.Equal(("unproven", null), ((string)taken["status"]!, (string?)taken["checkedAt"]));
        Clock.Advance(Ownership.Pause);
        await Look();
        Assert.Equal(("unproven", "numeraiKey", Clock.GetUtcNow()), await Told(vault)); // nor does it lie in the operator's account
    }

    [Fact]
    public async Task G_07_ModelThatGoesToAnother_IsLostWithinAWeek_AndNobodyIsHelpedToBringMore()
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        await Append(vault, $"offer|{History.TermsOne}", new TermsOffered(History.TermsOne, History.Terms));
        Assert.Null(await Quoted(vault));
        ModelOf(anna).Account = bert;
        Clock.Advance(Ownership.Between - TimeSpan.FromMinutes(1));
        numerai.Calls.Clear();
        await Look();
        Assert.DoesNotContain(numerai.Calls, call => call.Key == anna.Key.PublicId);
        Assert.Equal("proven", await Shown(vault));

        Clock.Advance(TimeSpan.FromMinutes(1));
        await Look();
        Assert.Equal(("lost", "numeraiKey", Clock.GetUtcNow()), await Told(vault));
        Assert.Equal("ownershipLost", await Quoted(vault));
        Assert.Equal("ownershipLost", Code(await The<VaultActs>().Prepare(vault.Id, Deposit(), Backer, default)));
        Assert.Equal("unknownSeries", Code(await The<VaultQuotes>().Answer(new(vault.Id, new ExitAsk(Backer, new SeriesId(new TermsId(History.TermsOne), new Week(1), Payout.Compound), new Units(1)), false), default)));
        // Taking the key back doesn't wash it clean; only a proof does.
        await Keys.TakeBack(As(Owner, false), vault.Id, default);
        Assert.Equal("lost", await Shown(vault));
        await Bring(vault, bert.Key);
        Assert.Equal("proven", await Shown(vault));
        Assert.Null(await Quoted(vault));
    }

    [Fact]
    public async Task G_07_Outage_LosesNothing_UntilTheLastAnswerIsTooOld()
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        var proven = Clock.GetUtcNow();
        Tournament.Faults.Add(new Fault(FaultKind.BadGatewayHtml));
        Clock.Advance(Ownership.Between);
        await Look();
        var told = await Json(vault);
        Assert.Equal(("proven", proven, "numeraiUnreachable"), ((string)told["status"]!, (DateTimeOffset)told["checkedAt"]!, (string)told["trouble"]!));
        Clock.Advance(Ownership.Lasts - Ownership.Between);
        Assert.Equal("proven", await Shown(vault));
        Clock.Advance(TimeSpan.FromSeconds(1));
        told = await Json(vault);
        Assert.Equal(("unproven", proven + Ownership.Lasts), ((string)told["status"]!, (DateTimeOffset)told["since"]!));

        Tournament.Faults.Clear();
        await Look();
        Assert.Equal(("proven", "numeraiKey", Clock.GetUtcNow()), await Told(vault));
        // A key that is revoked says nothing of the model.
        numerai.Revoked.Add(anna.Key.PublicId);
        Clock.Advance(Ownership.Between);
        await Look();
        Assert.Equal(("proven", "ownersKeyRefused"), ((string)(await Json(vault))["status"]!, (string)(await Json(vault))["trouble"]!));
    }

    [Fact]
    public async Task G_07_OperatorsWord_CountsForThisOwner_WhileTheModelLiesInTheOperatorsAccount()
    {
        var vault = await Begin(Tournament.AddModel($"lent-{Guid.NewGuid():N}", Sandbox.Submissions.TournamentKind.Classic, SandboxAccount.Default));
        var model = Tournament.FindModel(Guid.Parse(vault.ModelId))!;
        Assert.Equal("unproven", await Shown(vault));
        Assert.Equal("otherOwner", Code(await Attest(vault, "0x00000000000000000000000000000000000000ab")));
        Assert.Equal("reasonMissing", Code(await Attest(vault, Owner, "")));
        Assert.Equal("malformed", Code(await Functions.Attest(Request("{}"u8.ToArray()), vault.Id, default)));
        Assert.Null(Code(await Attest(vault, Owner)));
        Assert.Equal(("proven", "attestation", Clock.GetUtcNow()), await Told(vault));

        // Another vault of the model can't be attested while this one goes on, nor a halted one.
        var other = await Begin(model);
        Assert.Equal("modelTaken", Code(await Attest(other, Owner)));
        await The<VaultStore>().Halt(vault.Id, "operator", "a test", default);
        Assert.Equal("vaultHalted", Code(await Attest(vault, Owner)));
        Assert.Null(Code(await Attest(other, Owner)));
        Assert.Equal("proven", await Shown(other));

        Clock.Advance(TimeSpan.FromSeconds(1)); // of orders at the same moment neither is the newer
        Assert.Null(Code(await Functions.Withdraw(Request("""{"by":"me","reason":"a mistake"}"""u8.ToArray()), other.Id, default)));
        Assert.Equal("unproven", await Shown(other));
        await Look();
        Assert.Equal("unproven", await Shown(other));
        Assert.Equal(["withdrawAttestation", "attest"], (await Record(other.Id))["orders"]!.AsArray().Select(order => (string)order!["act"]!));
        // With all that operators ordered.
        Assert.Equal(["withdrawAttestation", "attest"], (await The<OperatorOrders>().Last(1_000, default)).Where(order => order.Subject == other.Id).Select(order => order.Act));

        // A model that left and came back may be another's: the word doesn't count any more.
        Assert.Null(Code(await Attest(other, Owner)));
        model.Account = bert;
        Clock.Advance(Ownership.Between);
        Assert.Equal(0, await Lost(other));
        await Look();
        Assert.Equal("lost", await Shown(other));
        Assert.Equal(1, await Lost(other)); // somebody is woken
        model.Account = SandboxAccount.Default;
        Clock.Advance(Ownership.Between);
        await Look();
        Assert.Equal("lost", await Shown(other));
        Assert.Null(Code(await Attest(other, Owner)));
        Assert.Equal("proven", await Shown(other));
        Assert.Equal(0, await Lost(other));
    }

    /// <summary>Who winds down, or is halted, is dealt with.</summary>
    [Fact]
    public async Task G_07_LostModel_WakesSomebody_UntilTheVaultWindsDown()
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        Tournament.FindModel(Guid.Parse(vault.ModelId))!.Account = bert;
        Clock.Advance(Ownership.Between);
        await Look();
        Assert.Equal(1, await Lost(vault));
        await The<VaultStore>().Run(vault.Id, work => work.Append(default, new NewEntry("windDown", new Booked(new WindDown()), Clock.GetUtcNow(), new ChainSource(1_000_000, "0xfeed", 0))), default);
        Assert.Equal(0, await Lost(vault));
    }

    async Task<long> Lost(RegisteredVault vault) => (await The<VaultLook>().At(vault, null, default)).Single(measure => measure.Name == MeasureNames.ModelLost).Value;

    [Fact]
    public async Task G_07_WordThatNumeraiDoesNotConfirm_ProvesNothing_AndIsAskedForAgainWhenItWasDown()
    {
        var elsewhere = await Begin(Tournament.AddModel($"his-{Guid.NewGuid():N}", Sandbox.Submissions.TournamentKind.Classic, bert));
        Assert.Null(Code(await Attest(elsewhere, Owner)));
        Assert.Equal("unproven", await Shown(elsewhere));

        var vault = await Begin(Tournament.AddModel($"late-{Guid.NewGuid():N}", Sandbox.Submissions.TournamentKind.Classic, SandboxAccount.Default));
        Tournament.Faults.Add(new Fault(FaultKind.BadGatewayHtml));
        Assert.Null(Code(await Attest(vault, Owner)));
        Assert.Equal(("unproven", "numeraiUnreachable"), ((string)(await Json(vault))["status"]!, (string)(await Json(vault))["trouble"]!));
        Tournament.Faults.Clear();
        Clock.Advance(Ownership.Pause);
        await Look();
        Assert.Equal("proven", await Shown(vault));
    }

    [Fact]
    public async Task G_07_ProofThatComesWhileNumeraiIsAsked_IsntUndoneByTheOlderAnswer()
    {
        var vault = await Begin(Tournament.AddModel($"moved-{Guid.NewGuid():N}", Sandbox.Submissions.TournamentKind.Classic, anna));
        numerai.Meanwhile = () => The<ModelOwners>().KeyBrought(vault.Id, default);
        Assert.Null(Code(await Attest(vault, Owner))); // in the operator's account it isn't
        Assert.Equal(("proven", "numeraiKey", Clock.GetUtcNow()), await Told(vault));
    }

    [Fact]
    public async Task G_07_TwoMachines_AtTheSameTime_LoseNobodysWord()
    {
        await using var second = Faults.Tests.Ground.App.Start(Storage.ConnectionString, Clock, new(null, null, new Flow.QuietNode()),
            ("Numerai:Endpoint", Tournament.Address.ToString()), ("Numerai:PublicId", SandboxAccount.Default.Key.PublicId), ("Numerai:SecretKey", SandboxAccount.Default.Key.SecretKey));
        for (var round = 0; round < 10; round++)
        {
            var vault = await Begin(Tournament.AddModel($"both-{Guid.NewGuid():N}", Sandbox.Submissions.TournamentKind.Classic, SandboxAccount.Default));
            await Task.WhenAll(
                The<ModelOwners>().Attest(vault, new("one", "a test"), default), second.GetRequiredService<ModelOwners>().Attest(vault, new("two", "a test"), default),
                The<ModelOwners>().LookAgain(default), second.GetRequiredService<ModelOwners>().LookAgain(default));
            Assert.Equal(("proven", "attestation", Clock.GetUtcNow()), await Told(vault));
            Assert.Equal(["one", "two"], (await Record(vault.Id))["orders"]!.AsArray().Select(order => (string)order!["by"]!).Order());
        }
    }

    OwnershipFunctions Functions => ActivatorUtilities.CreateInstance<OwnershipFunctions>(App);

    Task<IActionResult> Attest(RegisteredVault vault, string owner, string reason = "handed over in person") =>
        Functions.Attest(Request(JsonSerializer.SerializeToUtf8Bytes(new { handedOverBy = owner, by = "me", reason })), vault.Id, default);

    /// <summary>Sweeps until everything that was due, of all tests, has been looked at.</summary>
    async Task Look()
    {
        for (var sweeps = 0; sweeps < 80; sweeps++)
            await The<ModelOwners>().LookAgain(default);
    }

    async Task<string> Shown(RegisteredVault vault) => (string)(await Json(vault))["status"]!;

    async Task<(string, string?, DateTimeOffset)> Told(RegisteredVault vault)
    {
        var told = await Json(vault);
        return ((string)told["status"]!, (string?)told["by"], (DateTimeOffset)told["checkedAt"]!);
    }

    /// <summary>What GET /api/vaults/{id} says; the operator's route says the same.</summary>
    async Task<JsonNode> Json(RegisteredVault vault)
    {
        var functions = ActivatorUtilities.CreateInstance<VaultFunctions>(App);
        var shown = JsonNode.Parse(Assert.IsType<RenderedAnswer>(await functions.Get(Request([]), vault.Id, default)).Body)!["ownership"]!;
        Assert.True(JsonNode.DeepEquals(shown, (await Record(vault.Id))["ownership"]));
        return shown;
    }

    async Task<JsonNode> Record(string vault) => JsonNode.Parse(Assert.IsType<RenderedAnswer>(await Functions.Get(Request([]), vault, default)).Body)!;

    async Task<string?> Quoted(RegisteredVault vault) =>
        Code(await The<VaultQuotes>().Answer(new(vault.Id, new DepositAsk(new TermsId(History.TermsOne), new Units(1), Payout.Compound), false), default)) is { } code and not "reserveInsufficient" ? code : null;

    static BackerAct Deposit() => BackerAct.Read(JsonSerializer.SerializeToUtf8Bytes(new { act = "deposit", terms = History.TermsOne, units = 1 }), Backer).Value;
}

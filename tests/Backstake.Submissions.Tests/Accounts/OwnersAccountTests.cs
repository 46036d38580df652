using System.Net;
using System.Security.Cryptography;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Submissions;
using Backstake.Functions.Submissions.Accounts;
using Backstake.Functions.Submissions.Intake;
using Backstake.Research;
using Backstake.Sandbox.Api;
using Backstake.Sandbox.Submissions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using ApiKey = Backstake.Sandbox.Api.ApiKey;

namespace Backstake.Submissions.Tests.Accounts;

/// <summary>Models in their owners' own Numerai accounts: what of a key is taken, where it lies, what is done with it, and that it is taken back.</summary>
[Collection(StorageGround.Collection)]
public sealed class OwnersAccountTests(StorageGround ground) : AccountsGround(ground)
{
    [Fact]
    public async Task Key_IsTaken_IfItSubmitsAndStakes_AndNothingElse_ForTheVaultsModel()
    {
        var vault = await In(anna);
        Assert.Contains("It may do more than it is for (1 other scopes)", Refusal(await Bring(await In(lax), lax.Key)), StringComparison.Ordinal);
        Assert.Contains("It lacks web3_staking", Refusal(await Bring(await In(weak), weak.Key)), StringComparison.Ordinal);
        Assert.Contains("The vault's model isn't one of its account's", Refusal(await Bring(vault, bert.Key)), StringComparison.Ordinal);
        Assert.Equal("Numerai refuses it.", Refusal(await Bring(vault, anna.Key with { SecretKey = "wrong" })));
        foreach (var (publicId, secretKey) in new[] { ("", "s"), ("p", ""), ("p$", "s"), ("p", "s s"), ("p", "s\n"), (new string('p', 201), "s") })
            Assert.Equal("malformed", Code(await Bring(vault, new(publicId, secretKey, []))));
        Assert.Empty(secrets.Readable);
        Assert.Equal("operator", await Whose(vault));
        Assert.Null(Code(await Bring(vault, anna.Key)));
        Assert.Equal("owner", await Whose(vault));
        Assert.Null(Code(await Bring(await In(bert), bert.Key)));
    }

    [Fact]
    public async Task Key_DoesWhatARoundNeeds_AndNothingElse_AndLiesNowhereElse()
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        numerai.Calls.Clear();
        var round = await Open();
        await Put(vault, File("mine"));
        await Run(vault, round);
        Clock.MoveTo(round.CloseStakingTime + Due.Looks[0]);
        await Run(vault, round);
        await The<INumerai>().Claim(Number, vault.Model, "0x00000000000000000000000000000000000000aa", default);
        var staking = await Assert.ThrowsAsync<NumeraiException>(() => The<INumerai>().Authorise(vault.Model, Guid.NewGuid().ToString(), "0x00000000000000000000000000000000000000aa", 1, default));
        Assert.Equal("numeraiRefused", staking.Cause); // there is no such submission; the key is asked for itself once more

        Assert.Equal(HashOf(File("mine")), Tournament.Selected(ModelOf(anna), Number)!.Sha256);
        var own = numerai.Calls.Where(call => call.Key == anna.Key.PublicId).Select(call => call.Field).ToHashSet();
        Assert.Equal(["account", "createSubmission", "model", "submissionDownloadAuth", "submissionUploadAuth", "v3StakeAuth", "v3StakeClaim"], own.Order());
        Assert.Equal(["dataset", "rounds"], numerai.Calls.Where(call => call.Key != anna.Key.PublicId).Select(call => call.Field).Distinct().Order());
        Assert.Equal([$"{anna.Key.PublicId}${anna.Key.SecretKey}"], secrets.Readable);
        Assert.True(storage.Sent.Count > 10);
        Assert.DoesNotContain(storage.Sent, sent => sent.Contains(anna.Key.SecretKey, StringComparison.Ordinal));
        Assert.Equal("***", The<Functions.Hosting.Disclosure.Secrets>().Strike(anna.Key.SecretKey));
        Assert.DoesNotContain(anna.Key.SecretKey, $"{new NumeraiKey(anna.Key.PublicId, anna.Key.SecretKey)}", StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_AreGivenToNobodyElse() => Assert.Equal(
        ["NumeraiClient", "NumeraiKeyFunctions"],
        typeof(OwnersKeys).Assembly.GetTypes().Where(type => type.GetConstructors().Any(it => it.GetParameters().Any(parameter => parameter.ParameterType == typeof(OwnersKeys)))).Select(type => type.Name).Order());

    [Fact]
    public async Task AnotherVaultOfTheSameModel_HasNoPartInTheKey()
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        var other = await Begin(ModelOf(anna));
        var round = await Open();
        await Put(other, File("not hers"));
        numerai.Calls.Clear();
        await Run(other, round);
        Assert.DoesNotContain(numerai.Calls, call => call.Key == anna.Key.PublicId);
        Assert.Null(Tournament.Selected(ModelOf(anna), Number));
        Assert.Equal("numeraiRefused", Assert.Single((await Events(other)).OfType<AttemptFailed>()).Cause);
    }

    [Fact]
    public async Task KeyThatIsRevoked_FailsItsOwnVault_AsItsOwners_AndDelaysNoOther()
    {
        var (failing, going, operators) = (await In(anna), await In(bert), await Begin());
        await Bring(failing, anna.Key);
        await Bring(going, bert.Key);
        numerai.Revoked.Add(anna.Key.PublicId);
        var round = await Open();
        foreach (var vault in new[] { failing, going, operators })
        {
            await Put(vault, File(vault.Id));
            await Run(vault, round);
        }

        Assert.Equal("ownersKeyRefused", Assert.Single((await Events(failing)).OfType<AttemptFailed>()).Cause);
        Assert.Equal(Blame.Owner, RoundReliability.BlameOf("ownersKeyRefused"));
        foreach (var vault in new[] { going, operators })
            Assert.Equal(HashOf(File(vault.Id)), Assert.Single((await Events(vault)).OfType<PredictionsSubmitted>()).Hash);
        numerai.Revoked.Clear();
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Run(failing, round);
        Assert.Single((await Events(failing)).OfType<PredictionsSubmitted>());
    }

    [Fact]
    public async Task KeyVaultThatIsSilent_StopsNoVaultWhoseKeyIsKnown()
    {
        var (known, unknown) = (await In(anna), await In(bert));
        await Bring(known, anna.Key);
        secrets.Refuses = HttpStatusCode.ServiceUnavailable;
        var round = await Open();
        foreach (var vault in new[] { unknown, known })
        {
            await Put(vault, File(vault.Id));
            await Run(vault, round);
        }

        Assert.Equal("numeraiKeyUnavailable", Assert.Single((await Events(unknown)).OfType<AttemptFailed>()).Cause);
        Assert.Single((await Events(known)).OfType<PredictionsSubmitted>());
        await Assert.ThrowsAsync<NumeraiException>(() => Bring(known, anna.Key)); // 503 by the pipeline: it isn't said to be kept
    }

    [Fact]
    public async Task Owner_TakesTheKeyBack_AndNobodyElseTouchesIt()
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        foreach (var (caller, isKey, code) in new[] { ("0x00000000000000000000000000000000000000ab", false, "notOwner"), (Owner, true, "scopeMissing"), (null, false, "notSignedIn") })
        {
            Assert.Equal(code, Code(await Keys.Get(As(caller, isKey), vault.Id, default)));
            Assert.Equal(code, Code(await Keys.TakeBack(As(caller, isKey), vault.Id, default)));
            Assert.Equal(code, Code(await Keys.Put(As(caller, isKey, Body(anna.Key)), vault.Id, default)));
        }

        Assert.Equal("owner", await Whose(vault));
        Assert.IsType<NoContentResult>(await Keys.TakeBack(As(Owner, false), vault.Id, default));
        Assert.Equal("operator", await Whose(vault));
        Assert.Equal(["none"], secrets.Readable);
        Assert.IsType<NoContentResult>(await Keys.TakeBack(As(Owner, false), vault.Id, default)); // once more is the same
        Assert.Equal(["none"], secrets.Readable);
        Assert.Null(Code(await Bring(vault, anna.Key)));
        Assert.Equal("owner", await Whose(vault));
    }

    /// <summary>Whatever fails on the way, saying it again brings it to its end: no secret that was ever kept stays readable.</summary>
    [Theory]
    [InlineData("GET", 0)]
    [InlineData("PUT", 0)]
    [InlineData("PATCH", 0)]
    [InlineData("PATCH", 1)]
    public async Task TakingBack_ThatFailedHalfway_IsRepeatedToItsEnd(string refused, int after)
    {
        var vault = await In(anna);
        await Bring(vault, anna.Key);
        secrets.Enable(); // as a deployment left them that disabled nothing when a key was replaced
        await Bring(vault, anna.Key);
        secrets.Enable();
        Assert.Equal(2, secrets.Readable.Count());
        secrets.RefusesFrom(refused, after);
        await Assert.ThrowsAsync<NumeraiException>(() => Keys.TakeBack(As(Owner, false), vault.Id, default));
        Assert.Contains(secrets.Readable, secret => secret.Contains(anna.Key.SecretKey, StringComparison.Ordinal));
        secrets.Refuses = null;
        Assert.IsType<NoContentResult>(await Keys.TakeBack(As(Owner, false), vault.Id, default));
        Assert.Equal(["none"], secrets.Readable);
        Assert.Equal("operator", await Whose(vault));
    }

    [Fact]
    public async Task KeyThatReplacesAnother_LeavesNoneOfThemReadableButItself()
    {
        var vault = await In(anna);
        for (var times = 0; times < 3; times++)
            await Bring(vault, anna.Key);
        Assert.Equal([$"{anna.Key.PublicId}${anna.Key.SecretKey}"], secrets.Readable);
        secrets.RefusesFrom("PATCH", 0);
        await Assert.ThrowsAsync<NumeraiException>(() => Bring(vault, anna.Key));
        Assert.Equal(2, secrets.Readable.Count());
        secrets.Refuses = null;
        Assert.Null(Code(await Bring(vault, anna.Key)));
        Assert.Single(secrets.Readable);
    }

    /// <summary>FAULTS.md J-15: a secret that changes while others run is known to them within five minutes, without a restart.</summary>
    [Fact]
    public async Task J_15_KeyThatIsReplacedElsewhere_IsUsedHere_WithinFiveMinutes()
    {
        var minutes = new Minutes();
        OwnersKeys Instance() => ActivatorUtilities.CreateInstance<OwnersKeys>(App, minutes);
        var (here, elsewhere, vault) = (Instance(), Instance(), (await In(anna)).Id);
        await elsewhere.Put(vault, new("FIRST", "s1"), default);
        Assert.Equal("FIRST", (await here.Find(vault, default))!.PublicId);
        await elsewhere.Put(vault, new("SECOND", "s2"), default);
        minutes.Passed += TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1);
        Assert.Equal("FIRST", (await here.Find(vault, default))!.PublicId);
        minutes.Passed += TimeSpan.FromTicks(1);
        Assert.Equal("SECOND", (await here.Find(vault, default))!.PublicId);
        await elsewhere.TakeBack(vault, default);
        minutes.Passed += TimeSpan.FromMinutes(5);
        Assert.Null(await here.Find(vault, default));
    }

    sealed class Minutes : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }

    [Fact]
    public async Task Submission_IsHandedToADelegate_AndTakenBack()
    {
        var vault = await In(anna);
        await Open();
        var made = (await The<ApiKeys>().Make(Owner, "delegate", [ApiScope.Submit(vault.Id)], null, default))!.Value;
        var functions = ActivatorUtilities.CreateInstance<IntakeFunctions>(App);
        Assert.Null(Code(await functions.Put(await RequestBy(made.Text, File("theirs")), vault.Id, "843", default)));
        Assert.Single(await The<PredictionStore>().In(PredictionStore.FolderOf(vault.Id, 8, Number), default));
        Assert.True(await The<ApiKeys>().Revoke(Owner, made.Key.Id, default));
        Assert.Equal(401, Assert.IsType<ObjectResult>(await functions.Put(await RequestBy(made.Text, File("more")), vault.Id, "843", default)).StatusCode);
        Assert.Single(await The<PredictionStore>().In(PredictionStore.FolderOf(vault.Id, 8, Number), default));
    }

    [Fact]
    public async Task DeploymentWithoutAKeyVault_TakesNoKey()
    {
        await using var app = Faults.Tests.Ground.App.Start(Storage.ConnectionString, Clock, Ways, [("Numerai:Endpoint", Tournament.Address.ToString())]);
        var vault = await In(anna);
        var functions = ActivatorUtilities.CreateInstance<NumeraiKeyFunctions>(app);
        Assert.Equal("keysOff", Code(await functions.Put(As(Owner, false, Body(anna.Key)), vault.Id, default)));
        Assert.Equal("keysOff", Code(await functions.TakeBack(As(Owner, false), vault.Id, default)));
        Assert.Equal(0, secrets.Calls);
    }

    static string HashOf(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}

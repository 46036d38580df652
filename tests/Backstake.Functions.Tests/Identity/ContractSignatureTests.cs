using Backstake.Chain;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Servers;

namespace Backstake.Functions.Tests.Identity;

/// <summary>FAULTS.md G-4: contract wallets (ERC-1271) on a real node, and addresses that only look like one.</summary>
[Collection(StorageGround.Collection)]
public sealed class ContractSignatureTests(StorageGround ground) : IAsyncLifetime
{
    const string Wallet = "0x00000000000000000000000000000000000c0de1";
    const string Yes = "0x631626ba7e60e01b60005260206000f3";

    readonly HandClock clock = new(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    Anvil? anvil;
    IdentityGround people = null!;

    public async Task InitializeAsync()
    {
        anvil = await Anvil.StartAsync();
        people = new(ground, clock, anvil.RpcUrl);
        await people.Table.Prepare(default);
    }

    public async Task DisposeAsync()
    {
        if (anvil is not null)
            await anvil.DisposeAsync();
    }

    [Theory]
    [InlineData("says yes", Yes, true)]
    [InlineData("says no", "0x60206000f3", false)]
    [InlineData("says true, as a number", "0x600160005260206000f3", false)]
    [InlineData("says yes and more", "0x631626ba7e60e01b60005260406000f3", false)]
    [InlineData("says yes in the wrong place", "0x631626ba7e60005260206000f3", false)]
    [InlineData("says nothing", "0x00", false)]
    [InlineData("reverts", "0x60006000fd", false)]
    [InlineData("burns all gas", "0x5b600056", false)]
    [InlineData("has no code", "0x", false)]
    public async Task AContract_IsAsked(string which, string code, bool signsIn)
    {
        await SetCode(code);
        var answer = await SignIn();
        Assert.True(signsIn == answer.Session is not null, which);
        Assert.Equal(signsIn ? null : SignInRefusal.SignatureWrong, answer.Refusal);
    }

    [Fact]
    public async Task AContractsSession_IsShorter_AndItsAnswerMayChange()
    {
        await SetCode(Yes);
        var session = (await SignIn()).Session!;
        Assert.Equal((Wallet, clock.Now.AddHours(1)), (session.Address, session.Ends));
        await SetCode("0x60206000f3");
        Assert.Equal(SignInRefusal.SignatureWrong, (await SignIn()).Refusal);
    }

    [Fact]
    public async Task AKeysSignature_CountsWhereTheAddressHasCode()
    {
        // EIP-7702: a person's address may have code, and it may say no.
        var anna = IdentityGround.AddressOf(IdentityGround.Anna);
        await ChainNode.Connect(anvil!.RpcUrl, TimeSpan.FromSeconds(10)).Client.SendRequestAsync("anvil_setCode", null, anna, "0x60206000f3");
        var message = (await people.SignIn.Message(anna, default))!.ToString();
        var session = (await people.SignIn.Begin(message, IdentityGround.Sign(message, IdentityGround.Anna), default)).Session!;
        Assert.Equal((anna, clock.Now.AddHours(24)), (session.Address, session.Ends));
    }

    async Task<SignedIn> SignIn()
    {
        var message = (await people.SignIn.Message(Wallet, default))!.ToString();
        return await people.SignIn.Begin(message, "0x1234", default);
    }

    Task SetCode(string code) => ChainNode.Connect(anvil!.RpcUrl, TimeSpan.FromSeconds(10)).Client.SendRequestAsync("anvil_setCode", null, Wallet, code);
}

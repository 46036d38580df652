using System.Net;
using System.Numerics;
using Backstake.Chain;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting;
using Backstake.Functions.Storage;
using Backstake.Servers;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Functions.Tests.Ethereum;

/// <summary>A key in a key vault signs what the key in the process would, and whatever the vault gives instead is never sent.</summary>
public sealed class KeyVaultKeyTests
{
    const int ChainId = 31337;
    static readonly BigInteger Gwei = 1_000_000_000;

    static RawTransaction Call(int nonce) => new(ChainId, nonce, Gwei, 100 * Gwei, 60_000, "0x" + new string('a', 40), [.. Enumerable.Range(0, 37 + nonce).Select(i => (byte)i)]);

    static Task<KeyVaultKey> Open(KeyVault vault) => KeyVaultKey.Open(vault.Id, vault.Credential, vault.Options, default);

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the vault gives either s; Ethereum takes the lower
    public async Task Signature_IsThatOfTheKeyInTheProcess(bool highS)
    {
        await using var vault = await KeyVault.Start(Anvil.PrivateKeys[2]);
        vault.GivesHighS = highS;
        var (away, here) = (await Open(vault), new KeyInProcess(Anvil.PrivateKeys[2], ChainId));
        Assert.Equal(Anvil.Addresses[2], away.Address, ignoreCase: true);
        for (var nonce = 0; nonce < 40; nonce++) // both points, and lengths of every kind
            Assert.Equal(await here.Sign(Call(nonce), default), await away.Sign(Call(nonce), default));
        Assert.Equal(40, vault.Signatures);
        Assert.Equal(["https://vault.azure.net/.default"], vault.Scopes.Distinct());
    }

    [Fact]
    public async Task SignedCall_IsTakenByANode_AsItsSenders()
    {
        await using var vault = await KeyVault.Start(Anvil.PrivateKeys[2]);
        await using var anvil = await Anvil.StartAsync(new AnvilOptions { ChainId = ChainId });
        var web3 = ChainNode.Connect(anvil.RpcUrl, TimeSpan.FromSeconds(20));
        vault.GivesHighS = true;
        var signed = await (await Open(vault)).Sign(Call(0), default);
        Assert.Equal(signed.Hash, await web3.Eth.Transactions.SendRawTransaction.SendRequestAsync(signed.Raw));
        var sent = await web3.Eth.Transactions.GetTransactionByHash.SendRequestAsync(signed.Hash);
        Assert.Equal(Anvil.Addresses[2], sent!.From, ignoreCase: true);
        Assert.Equal(Call(0), RawTransaction.Read(signed.Raw.HexToByteArray()) with { Data = Call(0).Data }, Same);
        Assert.Equal(Call(0).Data, RawTransaction.Read(signed.Raw.HexToByteArray()).Data);
    }

    [Fact]
    public async Task AnothersSignature_IsNeverSent()
    {
        await using var vault = await KeyVault.Start(Anvil.PrivateKeys[2]);
        var key = await Open(vault);
        vault.SignsWith = new EthECKey(Anvil.PrivateKeys[3]);
        var refusal = await Assert.ThrowsAsync<SignerUnavailableException>(async () => await key.Sign(Call(0), default));
        Assert.Equal(Cause.SignerUnavailable, refusal.Cause);
        Assert.Contains("isn't one of the key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyOfAnotherCurve_IsRefused()
    {
        await using var vault = await KeyVault.Start(Anvil.PrivateKeys[2]);
        vault.Curve = "P-256";
        Assert.Contains("isn't on the curve P-256K", (await Assert.ThrowsAsync<SignerUnavailableException>(() => Open(vault))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "give it the role Key Vault Crypto User")]
    [InlineData(HttpStatusCode.NotFound, "There is no key https://kv-test.vault.azure.net/keys/committer/")]
    [InlineData(HttpStatusCode.Unauthorized, "belong to the same tenant")]
    [InlineData(HttpStatusCode.TooManyRequests, "answers with 429")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "answers with 503")]
    public async Task Refusal_IsTheSentenceThatEndsIt(HttpStatusCode status, string sentence)
    {
        await using var vault = await KeyVault.Start(Anvil.PrivateKeys[2]);
        var key = await Open(vault);
        vault.Refuses = status;
        Assert.Contains(sentence, (await Assert.ThrowsAsync<SignerUnavailableException>(async () => await key.Sign(Call(0), default))).Message, StringComparison.Ordinal);
        Assert.Contains(sentence, (await Assert.ThrowsAsync<SignerUnavailableException>(() => Open(vault))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VaultThatIsntThere_IsNamed()
    {
        var vault = await KeyVault.Start(Anvil.PrivateKeys[2]);
        var key = await Open(vault);
        await vault.DisposeAsync();
        Assert.Contains("kv-test.vault.azure.net can't be reached", (await Assert.ThrowsAsync<SignerUnavailableException>(async () => await key.Sign(Call(0), default))).Message, StringComparison.Ordinal);
    }

    static readonly EqualityComparer<RawTransaction> Same = EqualityComparer<RawTransaction>.Create((one, other) =>
        one! with { Data = [], To = "" } == other! with { Data = [], To = "" } && one.To.IsTheSameAddress(other.To));
}

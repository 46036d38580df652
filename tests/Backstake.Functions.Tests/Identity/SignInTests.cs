using System.Numerics;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Storage;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Identity;

/// <summary>FAULTS.md J-5 and G-3, beside the forms in <see cref="SiweMessageTests"/>: every way in which a message and its signature can be wrong has its own code; one way is right.</summary>
[Collection(StorageGround.Collection)]
public sealed class SignInTests(StorageGround ground) : IAsyncLifetime
{
    static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    static readonly BigInteger Order = BigInteger.Parse("115792089237316195423570985008687907852837564279074904382605163141518161494337");

    readonly IdentityGround people = new(ground, new HandClock(Noon));

    public Task InitializeAsync() => people.Table.Prepare(default);

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>What is done to the message that the app gave, who signs it, what is done to the signature, and after which time it comes.</summary>
    sealed record Case(Func<SiweMessage, SiweMessage>? Message = null, Func<string, string>? Text = null, Func<string, string>? Signature = null, bool ByBert = false, int AfterSeconds = 0, string? Code = null);

    static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["as it was given"] = new(),
        ["another statement"] = new(message => message with { Statement = "Hello" }),
        ["no expiration"] = new(message => message with { ExpirationTime = null }),
        ["a path of ours"] = new(message => message with { Uri = message.Uri + "/sign-in?x=1" }),
        ["the scheme named"] = new(message => message with { Scheme = "https" }),
        ["the clock of the wallet half a minute ahead"] = new(message => message with { IssuedAt = "2026-11-21T12:00:30Z" }),
        ["another zone"] = new(message => message with { IssuedAt = "2026-11-21T14:00:00+02:00" }),
        ["just in time"] = new(AfterSeconds: 599),
        ["no message at all"] = new(Text: _ => "", Code: "signInMessageMalformed"),
        ["another line at the end"] = new(Text: text => text + "\n", Code: "signInMessageMalformed"),
        ["an address in small letters"] = new(message => message with { Address = message.Address.ToLowerInvariant() }, Code: "addressNotChecksummed"),
        ["an address in capitals"] = new(message => message with { Address = "0x" + message.Address[2..].ToUpperInvariant() }, Code: "addressNotChecksummed"),
        ["another domain"] = new(message => message with { Domain = "backstake.evil" }, Code: "wrongDomain"),
        ["a domain below ours"] = new(message => message with { Domain = "www.backstake.example" }, Code: "wrongDomain"),
        ["a domain that begins like ours"] = new(message => message with { Domain = "backstake.example.evil" }, Code: "wrongDomain"),
        ["our domain in capitals"] = new(message => message with { Domain = "Backstake.Example" }, Code: "wrongDomain"),
        ["our domain with a port"] = new(message => message with { Domain = "backstake.example:8443" }, Code: "wrongDomain"),
        ["without TLS"] = new(message => message with { Scheme = "http" }, Code: "wrongDomain"),
        ["another URI"] = new(message => message with { Uri = "https://backstake.evil" }, Code: "wrongUri"),
        ["a URI that begins like ours"] = new(message => message with { Uri = "https://backstake.example.evil/" }, Code: "wrongUri"),
        ["a URI with our name as user"] = new(message => message with { Uri = "https://backstake.example@evil.example/" }, Code: "wrongUri"),
        ["a URI without TLS"] = new(message => message with { Uri = "http://backstake.example" }, Code: "wrongUri"),
        ["another chain"] = new(message => message with { ChainId = "1" }, Code: "wrongChain"),
        ["our chain with a zero before it"] = new(message => message with { ChainId = "031337" }, Code: "wrongChain"),
        ["issued in the future"] = new(message => message with { IssuedAt = "2026-11-21T12:01:01Z" }, Code: "issuedInFuture"),
        ["issued long ago"] = new(message => message with { IssuedAt = "2026-11-21T11:48:59Z" }, Code: "issuedTooEarly"),
        ["expired"] = new(AfterSeconds: 600, Code: "signInMessageExpired"),
        ["expired by itself"] = new(message => message with { ExpirationTime = "2026-11-21T12:00:00Z" }, Code: "signInMessageExpired"),
        ["not valid yet"] = new(message => message with { NotBefore = "2026-11-21T12:00:01Z" }, Code: "notYetValid"),
        ["a nonce of our form that is none of ours"] = new(message => message with { Nonce = message.Nonce[..^1] + (message.Nonce[^1] == '0' ? '1' : '0') }, Code: "nonceUnknown"),
        ["a nonce of another form"] = new(message => message with { Nonce = "32891756" }, Code: "nonceUnknown"),
        ["a nonce with a later end"] = new(message => message with { Nonce = "ffffffff" + message.Nonce[8..] }, Code: "nonceUnknown"),
        ["a nonce in capitals"] = new(message => message with { Nonce = message.Nonce.ToUpperInvariant() + "A" }, Code: "nonceUnknown"),
        ["after the nonce's end"] = new(message => message with { ExpirationTime = null }, AfterSeconds: 600, Code: "nonceUnknown"),
        ["signed by somebody else"] = new(ByBert: true, Code: "signatureWrong"),
        ["changed after signing"] = new(Text: text => text.Replace("moves no money", "moves money", StringComparison.Ordinal), Code: "signatureWrong"),
        ["no signature"] = new(Signature: _ => "", Code: "signatureWrong"),
        ["a signature that is no hex"] = new(Signature: _ => "0x" + new string('z', 130), Code: "signatureWrong"),
        ["a signature without 0x"] = new(Signature: signature => signature[2..], Code: "signatureWrong"),
        ["half a digit too much"] = new(Signature: signature => signature + "0", Code: "signatureWrong"),
        ["v 0 or 1"] = new(Signature: signature => signature[..^2] + (signature.EndsWith("1b", StringComparison.Ordinal) ? "00" : "01"), Code: "signatureWrong"),
        ["the other v"] = new(Signature: signature => signature[..^2] + (signature.EndsWith("1b", StringComparison.Ordinal) ? "1c" : "1b"), Code: "signatureWrong"),
        ["v of another chain"] = new(Signature: signature => signature[..^2] + "25", Code: "signatureWrong"),
        ["the higher s"] = new(Signature: Malleated, Code: "signatureWrong"),
        ["all zeros"] = new(Signature: _ => "0x" + new string('0', 128) + "1b", Code: "signatureWrong"),
        ["r beyond the order"] = new(Signature: signature => "0x" + new string('f', 64) + signature[66..], Code: "signatureWrong"),
        ["r that is no point"] = new(Signature: signature => "0x" + 5.ToString("x64", null) + signature[66..], Code: "signatureWrong"),
        ["the compact form of 64 bytes"] = new(Signature: signature => signature[..^2], Code: "signatureWrong"),
        ["far too long"] = new(Signature: _ => "0x" + new string('1', 2 * PersonalSignature.BytesMost + 2), Code: "signatureWrong"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AMessage_SignsIn_OrIsRefusedByItsCode(string name)
    {
        var it = Cases[name];
        var given = (await people.SignIn.Message(IdentityGround.AddressOf(IdentityGround.Anna), default))!;
        var message = (it.Message?.Invoke(given) ?? given).ToString();
        var signature = IdentityGround.Sign(message, it.ByBert ? IdentityGround.Bert : IdentityGround.Anna);
        people.Clock.Now += TimeSpan.FromSeconds(it.AfterSeconds);

        var answer = await people.SignIn.Begin(it.Text?.Invoke(message) ?? message, it.Signature?.Invoke(signature) ?? signature, default);

        Assert.Equal(it.Code, answer.Refusal?.Code);
        Assert.Equal(it.Code is null ? IdentityGround.AddressOf(IdentityGround.Anna) : null, answer.Session?.Address);
        Assert.Equal(it.Code is null, answer.Token is not null);
    }

    [Fact]
    public void Table_HasFortyCases_AndEveryCode()
    {
        Assert.InRange(Cases.Count, 40, 100);
        Assert.Equal(SignInRefusal.All.Select(refusal => refusal.Code).Order(), Cases.Values.Select(it => it.Code).OfType<string>().Distinct().Order());
    }

    [Fact]
    public async Task ANonce_IsUsedOnce_OfAHundredAtTheSameTime_OnTwoMachines()
    {
        var other = new IdentityGround(ground, people.Clock);
        var message = (await people.SignIn.Message(IdentityGround.AddressOf(IdentityGround.Anna), default))!.ToString();
        var signature = IdentityGround.Sign(message, IdentityGround.Anna);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? people : other).SignIn.Begin(message, signature, default)));

        Assert.Single(answers, answer => answer.Session is not null);
        Assert.Equal(99, answers.Count(answer => answer.Refusal == SignInRefusal.NonceUnknown));
        Assert.Equal(SignInRefusal.NonceUnknown, (await other.SignIn.Begin(message, signature, default)).Refusal);
    }

    [Fact]
    public async Task AWrongSignature_UsesTheNonceUp()
    {
        var message = (await people.SignIn.Message(IdentityGround.AddressOf(IdentityGround.Anna), default))!.ToString();
        Assert.Equal(SignInRefusal.SignatureWrong, (await people.SignIn.Begin(message, IdentityGround.Sign(message, IdentityGround.Bert), default)).Refusal);
        Assert.Equal(SignInRefusal.NonceUnknown, (await people.SignIn.Begin(message, IdentityGround.Sign(message, IdentityGround.Anna), default)).Refusal);
    }

    [Fact]
    public async Task WithoutAnOrigin_NobodySignsIn()
    {
        var nowhere = new IdentityGround(ground, people.Clock, origin: "");
        Assert.Null(await nowhere.SignIn.Message(IdentityGround.AddressOf(IdentityGround.Anna), default));
        var message = (await people.SignIn.Message(IdentityGround.AddressOf(IdentityGround.Anna), default))!.ToString();
        Assert.Equal(SignInRefusal.MessageMalformed, (await nowhere.SignIn.Begin(message, IdentityGround.Sign(message, IdentityGround.Anna), default)).Refusal);
    }

    [Fact]
    public async Task WhatIsOver_IsForgotten()
    {
        var first = new List<string>();
        for (var i = 0; i < 8; i++)
            first.Add(await people.Nonces.New(default));
        people.Clock.Now += TimeSpan.FromHours(1);
        for (var i = 0; i < 200; i++)
            await people.Nonces.New(default);
        foreach (var nonce in first)
            Assert.Null(await people.Table.Find("nonce|" + nonce[^1], nonce, default));
    }

    /// <summary>The same signing with the other s, which the curve allows too.</summary>
    static string Malleated(string signature)
    {
        var bytes = signature.HexToByteArray();
        var s = Order - new BigInteger(bytes.AsSpan(32, 32), isUnsigned: true, isBigEndian: true);
        return signature[..66] + s.ToString("x64")[^64..] + (bytes[64] == 27 ? "1c" : "1b");
    }
}

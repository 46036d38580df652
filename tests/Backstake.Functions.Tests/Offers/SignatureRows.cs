using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Tests;
using Backstake.Chain.Vault;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Servers;
using Microsoft.AspNetCore.Mvc;
using Nethereum.Contracts;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Offers;

/// <summary>Rows of the fault table's group G (Rows.md): signatures that bind an owner, judged by the contract and by the app.</summary>
[Collection(StorageGround.Collection)]
public sealed class SignatureRows(StorageGround ground)
{
    const string Order = "0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    static readonly Terms Content = History.Terms with { HouseMinBps = new BasisPoints(100) };
    static readonly BigInteger N = BigInteger.Parse(Order, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>A hundred times, on two machines: one document, one offer on chain, and none after it was withdrawn.</summary>
    [SkippableFact]
    public async Task G_01_SignatureThatIsSentAgain_HasOneEffect()
    {
        await using var world = await OffersWorld.Start(ground);
        var (signature, id) = (world.Sign(Content), SignedTerms.Id(ChainTerms.Of(Content), world.Vault));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(call => world.Put(Content, signature, call % 2)));
        Assert.Single(answers.Select(answer => Assert.IsType<RenderedAnswer>(answer)).Select(answer => System.Text.Encoding.UTF8.GetString(answer.Body)).Distinct());
        var documents = new List<SignedDocument>();
        await foreach (var document in world.Documents.All(world.Vault, "terms", default))
            documents.Add(document);
        Assert.Equal(id, Assert.Single(documents).Name);

        var offer = new OfferFunction { Terms = ChainTerms.Of(Content), Signature = Convert.FromHexString(signature[2..]) };
        Assert.Single((await world.Chain.Send(6, world.Vault, offer, default)).DecodeAllEvents<OfferedEvent>());
        Assert.Equal("alreadyOffered", await world.OnChain(offer.Terms, offer.Signature));
        Assert.Empty(Json(await world.Put(Content, signature))["transactions"]!.AsArray());
        await world.Chain.Send(1, world.Vault, new WithdrawOfferFunction { Terms = Convert.FromHexString(id) }, default);
        Assert.Equal("alreadyOffered", await world.OnChain(offer.Terms, offer.Signature));
        await world.Machine.Append(world.Vault, new NewEntry($"offer|{id}", new TermsOffered(id, Content), History.FirstCut), new NewEntry($"withdraw|{id}", new TermsWithdrawn(id), History.FirstCut));
        Assert.Equal("offerWithdrawn", Code(await world.Put(Content, signature)));
    }

    /// <summary>What was signed for another chain, contract, version, name, type or field is nothing here.</summary>
    [SkippableFact]
    public async Task G_02_EveryPartOfWhatIsSigned_Binds()
    {
        await using var world = await OffersWorld.Start(ground);
        var own = TypedDigest.Of(Content, world.Vault);
        Assert.Equal(own.Hash, world.Digest(Content));
        Assert.Null(await Verdict(own));
        var other = StorageGround.NewVault();
        List<TypedDigest> mutated =
        [
            own with { Name = "backstake" }, own with { Name = "Backstake " }, own with { Name = "" }, own with { Version = "2" }, own with { Version = "" }, own with { Version = "1.0" },
            own with { ChainId = 1 }, own with { ChainId = 0 }, own with { ChainId = 11155111 }, own with { ChainId = VaultOnChain.ChainId + (BigInteger.One << 64) }, own with { Verifying = other }, own with { Verifying = "0x0" },
            own with { DomainType = own.DomainType.Replace("EIP712Domain", "EIP712domain", StringComparison.Ordinal) }, own with { DomainType = own.DomainType.Replace("uint256 chainId", "uint64 chainId", StringComparison.Ordinal) },
            own with { DomainType = own.DomainType.Replace("verifyingContract", "contract", StringComparison.Ordinal) }, own with { DomainType = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)" },
            own.With(0, TypedDigest.AddressOf(other)), own with { Verifying = other, Words = own.With(0, TypedDigest.AddressOf(other)).Words },
            .. new[] { "Term(", "Offer(", "Message(", "terms(" }.Select(name => own with { Type = own.Type.Replace("Terms(", name, StringComparison.Ordinal) }),
            .. new[] { "uint96 unitSize", "uint16 profitShareBps", "uint8 crystallisation", "uint16 houseMinBps" }.Select(field => own with { Type = own.Type.Replace(field, "uint256" + field[field.IndexOf(' ', StringComparison.Ordinal)..], StringComparison.Ordinal) }),
            own with { Type = own.Type.Replace("uint16 profitShareBps,uint16 lossShareBps", "uint16 lossShareBps,uint16 profitShareBps", StringComparison.Ordinal) },
            own with { Type = own.Type.Replace("address vault,", "", StringComparison.Ordinal), Words = [.. own.Words.Skip(1)] }, own with { Words = [.. own.Words, 0] }, own with { Words = [.. own.Words.SkipLast(1)] },
            .. Enumerable.Range(1, 10).Select(field => own.With(field, own.Words[field] + 1)),
        ];
        Assert.True(mutated.Count >= 40);
        foreach (var one in mutated)
            Assert.Equal((one, "notAllowed"), (one, await Verdict(one)));
        // The same key's signatures of other kinds, in the same domain and with none.
        Assert.Equal("notAllowed", await Judged(SignedDisclosure.Sign(world.Vault, VaultOnChain.ChainId, 1, "text", OffersWorld.Owner)));
        Assert.Equal("notAllowed", await Judged(SignedAllocation.Sign(world.Vault, VaultOnChain.ChainId, new(Anvil.Addresses[1].ToLowerInvariant(), 1, 1, 10_000, []), OffersWorld.Owner)));
        Assert.Equal("notAllowed", await Judged(IdentityGround.Sign(Convert.ToHexStringLower(own.Hash), OffersWorld.Owner)));
        Assert.Equal("notAllowed", await Judged(new MessageSigner().Sign(Convert.FromHexString(SignedTerms.Id(ChainTerms.Of(Content), world.Vault)), OffersWorld.Owner)));

        Task<string?> Verdict(TypedDigest signed) => Judged(signed.Sign(OffersWorld.Owner));

        async Task<string?> Judged(string signature)
        {
            var (chain, app) = (await world.OnChain(ChainTerms.Of(Content), Convert.FromHexString(signature[2..])), await world.Put(Content, signature));
            Assert.Equal(chain is null ? null : "signatureWrong", CodeOf(app));
            Assert.Equal(chain is null, PersonalSignature.IsOf(Anvil.Addresses[1], own.Hash, Convert.FromHexString(signature[2..])));
            return chain;
        }
    }

    /// <summary>One signing has one signature: every other form of it is refused on chain and here.</summary>
    [SkippableFact]
    public async Task G_03_OnlyTheCanonicalSignature_IsTaken_OnChainAndHere()
    {
        await using var world = await OffersWorld.Start(ground);
        var digest = world.Digest(Content);
        var signed = Convert.FromHexString(world.Sign(Content)[2..]);
        var (r, s, v) = (signed[..32], signed[32..64], signed[64]);
        var highS = Word(N - new BigInteger(s, isUnsigned: true, isBigEndian: true));
        var compact = (byte[])[.. r, (byte)(s[0] | (v == 28 ? 0x80 : 0)), .. s[1..]];
        byte otherV = v == 27 ? (byte)28 : (byte)27;
        List<byte[]> vectors =
        [
            .. new byte[] { 0, 1, 2, 26, 29, 30, 31, 34, 35, 36, 37, 38, 54, 55, 128, 255, otherV }.Select(one => (byte[])[.. r, .. s, one]),
            .. new byte[] { 0, 1, 27, 28 }.Select(one => (byte[])[.. r, .. highS, one]),
            .. new[] { BigInteger.Zero, BigInteger.One, N, N - 1, N + 1, N / 2, (N / 2) + 1, (BigInteger.One << 256) - 1 }.SelectMany(one => new[] { (byte[])[.. r, .. Word(one), v], [.. Word(one), .. s, v] }),
            [], [v], [.. r], [.. r, .. s[..31]], [.. r, .. s], compact, [.. signed, 0], [0, .. signed], [.. signed, .. signed], [.. signed, .. new byte[31]], new byte[64], new byte[65], new byte[96], new byte[2048],
            Enumerable.Repeat((byte)0xff, 65).ToArray(), [.. new byte[64], 27], [.. new byte[64], 28], [.. s, .. r, v], [v, .. r, .. s], [.. r.Reverse(), .. s.Reverse(), v],
            .. Enumerable.Range(0, 16).Select(at => signed.Select((one, index) => index == at * 4 ? (byte)(one ^ (1 << (at % 8))) : one).ToArray()),
            Convert.FromHexString(new MessageSigner().Sign(digest, IdentityGround.Bert)[2..]), Convert.FromHexString(world.Sign(Content with { LockupWeeks = 0, HouseMinBps = default })[2..]),
        ];
        Assert.True(vectors.Count >= 70);
        Assert.DoesNotContain(vectors, one => one.AsSpan().SequenceEqual(signed));
        Assert.Equal((null, true), await Verdicts(signed));
        foreach (var vector in vectors)
            Assert.Equal((Convert.ToHexStringLower(vector), ("notAllowed", false)), (Convert.ToHexStringLower(vector), await Verdicts(vector)));
        // Nobody is the signer of what has none: the zero address neither.
        Assert.All(vectors, vector => Assert.False(PersonalSignature.IsOf("0x0000000000000000000000000000000000000000", digest, vector)));

        async Task<(string?, bool)> Verdicts(byte[] signature) => (await world.OnChain(ChainTerms.Of(Content), signature), PersonalSignature.IsOf(Anvil.Addresses[1], digest, signature));
    }

    /// <summary>An owner that is a contract (ERC-1271): asked by the contract when the offer is sent, and by the app before, both with a limit of gas.</summary>
    [SkippableTheory]
    [InlineData("says yes", "0x631626ba7e60e01b60005260206000f3", true)]
    [InlineData("says no", "0x60206000f3", false)]
    [InlineData("reverts", "0x60006000fd", false)]
    [InlineData("burns all gas", "0x5b600056", false)]
    [InlineData("says yes for one digest alone", "", true)]
    [InlineData("returns more than there is room for", "0x627fffff6000f3", false)]
    public async Task G_04_OwnerThatIsAContract_IsAsked_AndAskedAgainAtUse(string which, string code, bool accepts)
    {
        const string No = "0x60206000f3";
        await using var world = await OffersWorld.Start(ground);
        var wallet = StorageGround.NewVault();
        var vault = await world.Create(wallet);
        var digest = SignedTerms.Digest(ChainTerms.Of(Content), vault, VaultOnChain.ChainId);
        // Compares the word behind the selector with the digest: equal, and it answers as the standard says.
        code = code.Length > 0 ? code : $"0x6004357f{Convert.ToHexStringLower(digest)}14602957005b631626ba7e60e01b60005260206000f3";
        await SetCode(code);
        var contracts = new WalletSignature(new ContractSignature(world.Node));
        Assert.Equal((which, accepts ? null : "refused", accepts), (which, await world.OnChain(ChainTerms.Of(Content), [1, 2], vault) is null ? null : "refused", await contracts.IsOf(wallet, digest, "0x0102", default)));
        if (code.Contains(Convert.ToHexStringLower(digest), StringComparison.Ordinal))
            Assert.NotNull(await world.OnChain(ChainTerms.Of(Content with { LockupWeeks = 7 }), [1, 2], vault));

        // What it said before binds nobody: it is asked again when the offer is sent.
        await SetCode(No);
        Assert.Equal("notAllowed", await world.OnChain(ChainTerms.Of(Content), [1, 2], vault));
        Assert.False(await contracts.IsOf(wallet, digest, "0x0102", default));

        Task SetCode(string bytes) => world.Chain.Web3.Client.SendRequestAsync("anvil_setCode", null, wallet, bytes);
    }

    static byte[] Word(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    static JsonNode Json(IActionResult answer) => JsonNode.Parse(Assert.IsType<RenderedAnswer>(answer).Body)!;

    static string? CodeOf(IActionResult answer) => (answer as ObjectResult)?.Value is ProblemDetails problem ? (string)problem.Extensions["code"]! : null;

    static string Code(IActionResult answer) => CodeOf(answer)!;
}

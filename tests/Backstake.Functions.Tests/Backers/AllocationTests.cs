using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Backers;
using Backstake.Functions.Backers.Allocation;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Offers;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Backers;

/// <summary>Where payments are to go: only the backer's signature says it, and what it says is prepared to the wei.</summary>
[Collection(StorageGround.Collection)]
public sealed class AllocationTests(ApiGround ground) : IClassFixture<ApiGround>
{
    static readonly AllocatedPart Other = new(History.Anna.Address, History.TermsOne, 2500);
    static readonly string Backer = IdentityGround.AddressOf(IdentityGround.Anna);

    /// <summary>payment, bps, unit size: units, and what stays in the wallet.</summary>
    [Theory]
    [InlineData("100", 2500, "10", 2, "80")]
    [InlineData("100", 10000, "10", 10, "0")]
    [InlineData("99.999999999999999999", 10000, "10", 9, "9.999999999999999999")]
    [InlineData("100", 2500, "25.000000000000000001", 0, "100")]
    [InlineData("0", 2500, "10", 0, "0")]
    [InlineData("0.000000000000000003", 5000, "0.001", 0, "0.000000000000000003")]
    [InlineData("100", 2500, null, 0, "100")]
    public void APayment_IsSplit_AndNothingIsLost(string payment, int bps, string? unitSize, long units, string wallet)
    {
        var split = PayoutSplit.Of(Amount(payment), new(Backer, 1, 1, 0, [Other with { Bps = (ushort)bps }]), _ => unitSize is null ? null : Amount(unitSize));
        Assert.Equal((units, wallet), (split.Parts.Single().Units.Count, split.Wallet.ToString()));
        Assert.Equal(payment, (split.Wallet + split.Parts.Single().Price).ToString());
    }

    [Fact]
    public async Task Versions_AreTheBackers_AndTheLastWhoseWeekHasCome_IsInForce()
    {
        var documents = new SignedDocuments(ground.Storage.Clients);
        await documents.Prepare(default);
        var node = new EthereumNode(Options.Create(new EthereumSettings { RpcUrl = "http://127.0.0.1:1", ChainId = IdentityGround.ChainId }), new Transports { Ethereum = new IdentityGround.NoCode() });
        var allocations = new Allocations(documents, new WalletSignature(new ContractSignature(node)), node, new HandClock(History.FirstCut));
        var vault = await History.Begin(ground.Machine);
        var state = await ground.Machine.Store.Load(vault, default);
        AllocationRequest Signed(uint version, uint fromWeek, int bps, EthECKey key, string? of = null)
        {
            var asked = new AllocationRequest(Backer, version, fromWeek, 10_000 - bps, [new(Other.Vault, Other.Terms, bps)], "");
            return asked with { Signature = SignedAllocation.Sign(of ?? vault, IdentityGround.ChainId, asked.Signed, key) };
        }

        Assert.Equal("signatureWrong", Code(await allocations.Put(state, Signed(1, 1, 2500, IdentityGround.Bert), default)));
        Assert.Equal("signatureWrong", Code(await allocations.Put(state, Signed(1, 1, 2500, IdentityGround.Anna) with { FromWeek = 2 }, default)));
        Assert.Equal("signatureWrong", Code(await allocations.Put(state, Signed(1, 1, 2500, IdentityGround.Anna, of: StorageGround.NewVault()), default)));
        Assert.Equal("malformed", Code(await allocations.Put(state, Signed(1, 1, 2500, IdentityGround.Anna) with { WalletBps = 7499 }, default)));
        Assert.Null(await allocations.InForce(vault, Backer, new Week(9), default));

        var first = Signed(1, 3, 2500, IdentityGround.Anna);
        Assert.IsType<RenderedAnswer>(await allocations.Put(state, first, default));
        Assert.IsType<RenderedAnswer>(await allocations.Put(state, Signed(2, 5, 10_000, IdentityGround.Anna), default));
        Assert.Equal("versionTaken", Code(await allocations.Put(state, Signed(2, 1, 100, IdentityGround.Anna), default)));
        var again = JsonNode.Parse(Assert.IsType<RenderedAnswer>(await allocations.Put(state, first, default)).Body)!;
        Assert.Equal(2, again["versions"]!.AsArray().Count); // sent again: nothing is brought back
        Assert.Null(await allocations.InForce(vault, Backer, new Week(2), default));
        Assert.Equal((1u, 1u, 2u), (
            (await allocations.InForce(vault, Backer, new Week(3), default))!.Version, (await allocations.InForce(vault, Backer, new Week(4), default))!.Version,
            (await allocations.InForce(vault, Backer, new Week(5), default))!.Version));
        Assert.Null(await allocations.InForce(vault, History.Anna.Address, new Week(5), default)); // another's is another's
    }

    [Fact]
    public async Task APaymentIsTold_ToItsBackerAlone()
    {
        var route = new Uri($"api/vaults/{ground.Vault}/payments/2", UriKind.Relative);
        using var request = new HttpRequestMessage(HttpMethod.Get, route) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await ground.SessionOf(History.Anna.Address)) } };
        using var answer = await ground.Http.SendAsync(request);
        var payment = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("0", "0", null, 2), ((string)payment["payment"]!, (string)payment["wallet"]!, (int?)payment["allocation"], (int)payment["week"]!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ground.Http.GetAsync(route)).StatusCode);
    }

    /// <summary>Two units left and were paid 20 NMR: half is meant for a vault that closes and refuses it, a quarter buys nothing whole, the rest is the wallet's.</summary>
    [Fact]
    public async Task APayment_ComesWithItsDeposits_OrWhyThereAreNone()
    {
        var (machine, backer) = (ground.Machine, new Backer(Backer));
        var (vault, closing) = (await History.Begin(machine), await History.Begin(machine));
        await ground.Register(vault);
        await ground.Register(closing);
        await machine.Append(closing, new NewEntry("windDown", new Booked(new WindDown()), History.FirstCut.AddDays(-1)));
        await machine.Append(vault, new NewEntry("deposit|0xa110|1", new Booked(new Deposit(backer, new TermsId(History.TermsOne), new Units(2))), History.FirstCut.AddDays(-4), new ChainSource(30, "0xa110", 1)));
        await History.Settle(machine, vault);
        await machine.Append(vault, new NewEntry("exit|0xa110|2", new Booked(new Exit(backer, new Accounting.SeriesId(new TermsId(History.TermsOne), new Week(1), Payout.Compound), new Units(2))), History.FirstCut.AddDays(1), new ChainSource(1000, "0xa110", 2)));
        await History.Settle(machine, vault);

        var node = new EthereumNode(Options.Create(new EthereumSettings { RpcUrl = "http://127.0.0.1:1", ChainId = IdentityGround.ChainId }), new Transports { Ethereum = new IdentityGround.NoCode() });
        var documents = new SignedDocuments(ground.Storage.Clients);
        await documents.Prepare(default);
        var (clock, registry) = (new HandClock(History.FirstCut.AddDays(8)), new VaultRegistry(ground.Storage.Clients));
        var allocations = new Allocations(documents, new WalletSignature(new ContractSignature(node)), node, clock);
        var asked = new AllocationRequest(Backer, 1, 1, 1500, [new(closing, History.TermsOne, 5000), new(vault, History.TermsOne, 2500), new(StorageGround.NewVault(), History.TermsOne, 1000)], "");
        var state = await machine.Store.Load(vault, default);
        Assert.IsType<RenderedAnswer>(await allocations.Put(state, asked with { Signature = SignedAllocation.Sign(vault, IdentityGround.ChainId, asked.Signed, IdentityGround.Anna) }, default));

        var (table, models) = NobodysModels.Of(ground.Storage.Clients, registry, clock);
        await table.Prepare(default);
        var payments = new AllocatedPayment(allocations, new BackerAccount(machine.Log), machine.Store, registry, models, node, clock);
        var payment = JsonNode.Parse(Assert.IsType<RenderedAnswer>(await payments.Of(state, new Week(2), backer, default)).Body)!;
        Assert.Equal(("20", "10", 1, false), ((string)payment["payment"]!, (string)payment["wallet"]!, (int)payment["allocation"]!, (bool)payment["accepted"]!));
        Assert.Equal([("10", 1, "10", "windingDown"), ("5", 0, "0", null), ("2", 0, "0", "unknownTerms")], payment["parts"]!.AsArray()
            .Select(part => ((string)part!["share"]!, (int)part["units"]!, (string)part["price"]!, (string?)part["refused"])));
        Assert.All(payment["parts"]!.AsArray(), part => Assert.Empty(part!["transactions"]!.AsArray()));

        // Nor is anything brought into a vault whose model isn't its owner's any more.
        await table.Change(closing, it => it with { Status = OwnershipStatus.Lost, Since = clock.Now }, default);
        payment = JsonNode.Parse(Assert.IsType<RenderedAnswer>(await payments.Of(state, new Week(2), backer, default)).Body)!;
        Assert.Equal("ownershipLost", (string)payment["parts"]![0]!["refused"]!);
    }

    [Fact]
    public async Task AnAllocation_IsPutByItsSignatureAlone()
    {
        var asked = new AllocationRequest(Backer, 1, 1, 7500, [new(ground.Vault, History.TermsOne, 2500)], "");
        asked = asked with { Signature = SignedAllocation.Sign(ground.Vault, IdentityGround.ChainId, asked.Signed, IdentityGround.Anna) };
        using var body = new StringContent(JsonSerializer.Serialize(asked, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        using var answer = await ground.Http.PutAsync(new Uri($"api/vaults/{ground.Vault}/allocation", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2500, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["versions"]![0]!["parts"]![0]!["bps"]!);
    }

    static Nmr Amount(string text) => Nmr.TryParse(text, out var amount) ? amount : throw new FormatException(text);

    static string Code(IActionResult answer) => (string)Assert.IsType<ProblemDetails>(Assert.IsType<ObjectResult>(answer).Value).Extensions["code"]!;
}

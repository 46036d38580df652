using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain.Tests;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Http;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Servers;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Offers;

/// <summary>Signed terms, judged by the real contract on a chain of its own, and stored in real storage.</summary>
[Collection(StorageGround.Collection)]
public sealed class SignedTermsTests(StorageGround ground)
{
    static readonly Terms Content = History.Terms with { HouseMinBps = new BasisPoints(100) };

    [SkippableFact]
    public async Task SignedTerms_AreStored_AndOfferedByWhoeverSendsThem()
    {
        await using var world = await VaultOnChain.Start(default);
        var (machine, vault, clock) = (ground.NewMachine(), world.Vault.ToLowerInvariant(), new HandClock(History.FirstCut));
        await machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Owner = Anvil.Addresses[1].ToLowerInvariant() } });
        var documents = new SignedDocuments(ground.Clients);
        await documents.Prepare(default);
        var node = new EthereumNode(Options.Create(new EthereumSettings { RpcUrl = world.Node.ToString(), ChainId = VaultOnChain.ChainId }), new Transports());
        var models = NobodysModels.Of(ground.Clients, new VaultRegistry(ground.Clients), clock);
        await models.Table.Prepare(default);
        var offers = new TermsOffers(documents, models.Owners, node, clock);
        async Task<IActionResult> Put(SignedOffer offer) => await offers.Put(await machine.Store.Load(vault, default), offer, default);
        SignedOffer Signed(int signer, Terms terms, Terms? says = null) =>
            new(vault, VaultOnChain.ChainId, says ?? terms, SignedTerms.Sign(ChainTerms.Of(terms), vault, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[signer])));

        // Whoever isn't the owner, and whoever changes a field, is refused by the contract's own judgement, and nothing is stored.
        Assert.Equal("signatureWrong", Code(await Put(Signed(6, Content))));
        Assert.Equal("signatureWrong", Code(await Put(Signed(1, Content, Content with { ProfitShareBps = new BasisPoints(1999) }))));
        Assert.Equal("signatureWrong", Code(await Put(Signed(1, Content) with { Signature = "0x" + new string('1', 130) })));
        Assert.Equal("malformed", Code(await Put(Signed(1, Content) with { Signature = "0x1" })));
        Assert.Equal("signedForOther", Code(await Put(Signed(1, Content) with { Vault = StorageGround.NewVault() })));
        Assert.Equal("signedForOther", Code(await Put(Signed(1, Content) with { ChainId = 1 })));
        // The owner's signature is no proof that the model is theirs.
        Assert.Equal("ownershipNotProven", Code(await Put(Signed(1, Content))));
        var id = SignedTerms.Id(ChainTerms.Of(Content), vault);
        Assert.Null(await offers.Find(await machine.Store.Load(vault, default), id, default));

        await models.Owners.KeyBrought(vault, default);
        var stored = Json(await Put(Signed(1, Content)));
        Assert.Equal((id, "signed"), ((string)stored["id"]!, (string)stored["status"]!));
        // Sent again it is the same document, of the first time.
        clock.Now += TimeSpan.FromHours(1);
        await Put(Signed(1, Content));
        Assert.Equal(History.FirstCut, (await documents.Find(vault, $"terms|{id}", default))!.At);

        // Nothing is handed out to be sent while the proof is gone.
        await models.Owners.KeyTakenBack(vault, default);
        Assert.Empty(Json((await offers.Find(await machine.Store.Load(vault, default), id, default))!)["transactions"]!.AsArray());
        Assert.Equal("ownershipNotProven", Code(await Put(Signed(1, Content))));
        await models.Owners.KeyBrought(vault, default);

        // A stranger sends the prepared bytes; from then on nothing is left to send.
        var found = Json((await offers.Find(await machine.Store.Load(vault, default), id, default))!);
        Assert.True(JsonNode.DeepEquals(stored["transactions"], found["transactions"]));
        var call = stored["transactions"]!.AsArray().Single()!;
        var sender = Backstake.Chain.ChainNode.Connect(world.Node, TimeSpan.FromSeconds(20), VaultOnChain.Account(6)).TransactionManager;
        var receipt = await sender.SendTransactionAndWaitForReceiptAsync(new TransactionInput((string)call["data"]!, (string)call["to"]!) { From = Anvil.Addresses[6], Gas = new HexBigInteger(300_000) });
        Assert.False(receipt.HasErrors());
        Assert.Empty(Json(await Put(Signed(1, Content)))["transactions"]!.AsArray());

        // Once the log has it, it is on offer; and withdrawn it stays withdrawn.
        await machine.Append(vault, new NewEntry($"offer|{id}", new TermsOffered(id, Content), History.FirstCut));
        Assert.Equal("offered", (string)Json(await Put(Signed(1, Content)))["status"]!);
        await machine.Append(vault, new NewEntry($"withdraw|{id}", new TermsWithdrawn(id), History.FirstCut));
        Assert.Equal("offerWithdrawn", Code(await Put(Signed(1, Content))));
    }

    static JsonNode Json(IActionResult answer) => JsonNode.Parse(Assert.IsType<RenderedAnswer>(answer).Body)!;

    static string Code(IActionResult answer) => (string)Assert.IsType<ProblemDetails>(Assert.IsType<ObjectResult>(answer).Value).Extensions["code"]!;
}

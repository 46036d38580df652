using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain.Numerai;
using Backstake.Chain.Prepared;
using Backstake.Chain.Tests;
using Backstake.Chain.Vault;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Servers;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Nethereum.Contracts;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Functions.Tests.Offers;

/// <summary>The real contract on a chain of its own, and the app's offers on two machines over one storage. The vault's model is proven to be its owner's.</summary>
sealed class OffersWorld : IAsyncDisposable
{
    public static readonly EthECKey Owner = new(Anvil.PrivateKeys[1]);

    OffersWorld(VaultOnChain chain, StorageGround ground)
    {
        (Chain, Machine, Documents) = (chain, ground.NewMachine(), new SignedDocuments(ground.Clients));
        Node = new EthereumNode(Options.Create(new EthereumSettings { RpcUrl = chain.Node.ToString(), ChainId = VaultOnChain.ChainId }), new Transports());
    }

    public VaultOnChain Chain { get; }

    public Machine Machine { get; }

    public string Vault { get; private set; } = "";

    public SignedDocuments Documents { get; }

    public EthereumNode Node { get; }

    public IReadOnlyList<TermsOffers> Offers { get; private set; } = [];

    public static async Task<OffersWorld> Start(StorageGround ground)
    {
        var world = new OffersWorld(await VaultOnChain.Start(default), ground);
        await world.Documents.Prepare(default);
        world.Vault = await world.Create(Anvil.Addresses[1]);
        var clock = new HandClock(History.FirstCut);
        var (table, models) = NobodysModels.Of(ground.Clients, new VaultRegistry(ground.Clients), clock);
        await table.Prepare(default);
        await models.KeyBrought(world.Vault, default);
        await world.Machine.Append(world.Vault, History.Added(world.Vault) with { Event = (VaultAdded)History.Added(world.Vault).Event with { Owner = Anvil.Addresses[1].ToLowerInvariant() } });
        world.Offers = [.. Enumerable.Range(0, 2).Select(_ => new TermsOffers(new SignedDocuments(ground.Clients), models, world.Node, clock))];
        return world;
    }

    /// <summary>A vault of this owner, of a model of its own: so its address is no other test's, with whom it shares storage.</summary>
    public async Task<string> Create(string owner)
    {
        var created = await Chain.Send(0, Chain.Factory, new CreateVaultFunction
        {
            Vault = new CreateVault
            {
                Owner = owner, Committer = Anvil.Addresses[2], StakerKey = Anvil.Addresses[3], Settler = Anvil.Addresses[4], Guardian = "0x0000000000000000000000000000000000000000",
                Nmr = Chain.NmrAddress, Stakers = Chain.Stakers, Tournament = 8, ModelId = UuidWord.Of(Guid.NewGuid()), FirstCut = (ulong)Chain.FirstCut.ToUnixTimeSeconds(), Window = 40 * 3600,
            },
        }, default);
        return created.DecodeAllEvents<VaultCreatedEvent>().Single().Event.Vault.ToLowerInvariant();
    }

    public async Task<IActionResult> Put(Terms terms, string signature, int machine = 0) =>
        await Offers[machine].Put(await Machine.Store.Load(Vault, default), new(Vault, VaultOnChain.ChainId, terms, signature), default);

    public byte[] Digest(Terms terms) => SignedTerms.Digest(ChainTerms.Of(terms), Vault, VaultOnChain.ChainId);

    public string Sign(Terms terms) => SignedTerms.Sign(ChainTerms.Of(terms), Vault, VaultOnChain.ChainId, Owner);

    /// <summary>What the contract says of an offer now: null, or its reason.</summary>
    public async Task<string?> OnChain(VaultTerms terms, byte[] signature, string? vault = null) =>
        (await OwnerActs.Offer(Node.Web3, vault ?? Vault, terms, signature, Anvil.Addresses[6], default)).Refusal is { } refusal ? refusal.Reason ?? "reverted" : null;

    public ValueTask DisposeAsync() => Chain.DisposeAsync();
}

/// <summary>EIP-712 by hand, so that every part of it can be another: what is signed is keccak(0x1901, domain, struct).</summary>
sealed record TypedDigest(string DomainType, string Name, string Version, BigInteger ChainId, string Verifying, string Type, IReadOnlyList<BigInteger> Words)
{
    public static TypedDigest Of(Terms terms, string vault) => new(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)", "Backstake", "1", VaultOnChain.ChainId, vault,
        "Terms(address vault,uint96 unitSize,uint16 profitShareBps,uint16 lossShareBps,uint16 reserveBps,uint8 crystallisation,uint16 clawBackWeeks,uint16 compoundingWeeks,uint16 lockupWeeks,uint16 upfrontFeeBps,uint16 houseMinBps)",
        [
            AddressOf(vault), terms.UnitSize.Wei, terms.ProfitShareBps.Value, terms.LossShareBps.Value, terms.ReserveBps.Value, (int)terms.Crystallisation, terms.ClawBackWeeks, terms.CompoundingWeeks,
            terms.LockupWeeks, terms.UpfrontFeeBps.Value, terms.HouseMinBps.Value,
        ]);

    public byte[] Hash => Keccak([0x19, 0x01, .. Keccak([.. Text(DomainType), .. Text(Name), .. Text(Version), .. Word(ChainId), .. Word(AddressOf(Verifying))]), .. Keccak([.. Text(Type), .. Words.SelectMany(Word)])]);

    public string Sign(EthECKey key) => new MessageSigner().Sign(Hash, key);

    public TypedDigest With(int word, BigInteger value) => this with { Words = [.. Words.Select((one, at) => at == word ? value : one)] };

    public static BigInteger AddressOf(string address) => BigInteger.Parse("0" + address[2..], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

    static byte[] Keccak(byte[] bytes) => Sha3Keccack.Current.CalculateHash(bytes);

    static byte[] Text(string text) => Keccak(System.Text.Encoding.UTF8.GetBytes(text));

    static byte[] Word(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting;
using Backstake.Functions.Identity;
using Backstake.Functions.Tests.Storage;
using Backstake.Servers;
using Microsoft.Extensions.Options;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Functions.Tests.Identity;

/// <summary>A clock that a test moves.</summary>
sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>What looks after who is calling, as on one machine; storage is everybody's.</summary>
sealed class IdentityGround
{
    public const string Origin = "https://backstake.example";
    public const int ChainId = 31337;

    public static readonly EthECKey Anna = new(Anvil.PrivateKeys[5]);
    public static readonly EthECKey Bert = new(Anvil.PrivateKeys[6]);

    public IdentityGround(StorageGround ground, HandClock clock, Uri? node = null, string origin = Origin)
    {
        var identity = Options.Create(new IdentitySettings { Origin = origin });
        var ethereum = Options.Create(new EthereumSettings { RpcUrl = (node ?? new Uri("http://127.0.0.1:1")).ToString(), ChainId = ChainId });
        Clock = clock;
        Table = new IdentityTable(ground.Clients);
        Nonces = new Nonces(Table, clock);
        Sessions = new Sessions(Table, identity, clock);
        Keys = new ApiKeys(Table, clock);
        SignIn = new SignIn(Nonces, Sessions, new ContractSignature(new EthereumNode(ethereum, new Transports { Ethereum = node is null ? new NoCode() : null })), identity, ethereum, clock);
    }

    /// <summary>A chain on which no address has code.</summary>
    internal sealed class NoCode : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            var asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(stop))!;
            return new(HttpStatusCode.OK) { Content = JsonContent.Create(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = asked["id"]!.DeepClone(), ["result"] = "0x" }) };
        }
    }

    public HandClock Clock { get; }
    public IdentityTable Table { get; }
    public Nonces Nonces { get; }
    public Sessions Sessions { get; }
    public ApiKeys Keys { get; }
    public SignIn SignIn { get; }

    /// <summary>As a wallet signs a text: 0x, r, s, v.</summary>
    public static string Sign(string text, EthECKey key) => new MessageSigner().Sign(PersonalSignature.Hash(text), key);

    public static string AddressOf(EthECKey key) => key.GetPublicAddress().ToLowerInvariant();
}

using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting;
using Backstake.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Nethereum.Signer;

namespace Backstake.Functions.Tests.Ethereum;

/// <summary>
/// A server that answers as Key Vault's REST API does for one secp256k1 key: Get Key and Sign. Like the service it gives either of the two equally good s, and
/// doesn't say which point it was.
/// </summary>
sealed class KeyVault : IAsyncDisposable
{
    const string Version = "0123456789abcdef0123456789abcdef";
    static readonly BigInteger Order = BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    readonly WebApplication server;
    readonly EthECKey key;
    readonly int port;

    KeyVault(WebApplication server, EthECKey key, int port) => (this.server, this.key, this.port) = (server, key, port);

    public Uri Id { get; } = new($"https://kv-test.vault.azure.net/keys/committer/{Version}");

    /// <summary>What the next answers are instead; null: what the service gives.</summary>
    public HttpStatusCode? Refuses { get; set; }

    public string Curve { get; set; } = "P-256K";

    /// <summary>Whose signature it gives; null: its key's.</summary>
    public EthECKey? SignsWith { get; set; }

    public bool GivesHighS { get; set; }

    public int Signatures { get; private set; }

    public List<string> Scopes { get; } = [];

    public static async Task<KeyVault> Start(string privateKey)
    {
        var free = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{free}");
        var app = builder.Build();
        var vault = new KeyVault(app, new EthECKey(privateKey), free);
        app.Run(vault.Answer);
        await app.StartAsync();
        return vault;
    }

    public TokenCredential Credential => new Token(this);

    /// <summary>The vault's name leads here.</summary>
    public KeyVaultOptions Options
    {
        get
        {
            var options = new KeyVaultOptions();
            Lead(options);
            return options;
        }
    }

    public void Lead(ClientOptions options)
    {
        options.Transport = new HttpClientTransport(new Here(port));
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    async Task Answer(HttpContext context)
    {
        if (context.Request.Query["api-version"] != "7.4" || context.Request.Headers.Authorization != "Bearer the-token")
            context.Response.StatusCode = 401;
        else if (Refuses is { } status)
            context.Response.StatusCode = (int)status;
        else if (context.Request.Method == "GET" && context.Request.Path == Id.AbsolutePath)
            await context.Response.WriteAsJsonAsync(new { key = new { kid = Id, kty = "EC", key_ops = new[] { "sign", "verify" }, crv = Curve, x = Text(key.GetPubKeyNoPrefix()[..32]), y = Text(key.GetPubKeyNoPrefix()[32..]) } });
        else if (context.Request.Method == "POST" && context.Request.Path == Id.AbsolutePath + "/sign")
            await Sign(context);
        else
            context.Response.StatusCode = 404;
    }

    async Task Sign(HttpContext context)
    {
        using var asked = await JsonDocument.ParseAsync(context.Request.Body);
        Assert.Equal("ES256K", asked.RootElement.GetProperty("alg").GetString());
        var hash = Base64Url.DecodeFromChars(asked.RootElement.GetProperty("value").GetString());
        Assert.Equal(32, hash.Length);
        var signature = (SignsWith ?? key).SignAndCalculateYParityV(hash);
        var s = new BigInteger(signature.S, isUnsigned: true, isBigEndian: true);
        Signatures++;
        await context.Response.WriteAsJsonAsync(new { kid = Id, value = Text([.. Padded(signature.R), .. Padded((GivesHighS ? Order - s : s).ToByteArray(isUnsigned: true, isBigEndian: true))]) });
    }

    static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    static byte[] Padded(byte[] number) => [.. new byte[32 - number.Length], .. number];

    sealed class Token(KeyVault vault) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext context, CancellationToken stop)
        {
            vault.Scopes.AddRange(context.Scopes);
            return new("the-token", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext context, CancellationToken stop) => new(GetToken(context, stop));
    }

    sealed class Here(int port) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            request.RequestUri = new Uri($"http://127.0.0.1:{port}{request.RequestUri!.PathAndQuery}");
            return base.SendAsync(request, stop);
        }
    }
}

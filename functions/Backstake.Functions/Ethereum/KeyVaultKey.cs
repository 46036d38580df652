using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;
using Backstake.Chain;
using Backstake.Functions.Hosting;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Functions.Ethereum;

/// <summary>
/// A secp256k1 key (<c>P-256K</c>) in Azure Key Vault or Managed HSM: it signs there (<c>ES256K</c>) and never leaves it. Two calls of its REST API
/// (learn.microsoft.com/rest/api/keyvault/keys: Get Key, Sign), which a client library would bring many more with.
/// </summary>
public sealed class KeyVaultKey : ISigner
{
    const string Curve = "P-256K";
    const int HalfLength = 32;

    /// <summary>The order of secp256k1.</summary>
    static readonly BigInteger Order = BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    readonly Uri id;
    readonly KeyVaultRest vault;

    KeyVaultKey(Uri id, KeyVaultRest vault, string address) => (this.id, this.vault, Address) = (id, vault, address);

    public string Address { get; }

    /// <summary>Asks the vault for the public key, which is the signer's address.</summary>
    /// <param name="id">Of one version, since another version has another address: <c>https://VAULT.vault.azure.net/keys/NAME/VERSION</c>.</param>
    /// <exception cref="SignerUnavailableException">It can't be read, or is no secp256k1 key.</exception>
    public static async Task<KeyVaultKey> Open(Uri id, TokenCredential credential, KeyVaultOptions options, CancellationToken stop)
    {
        var way = new KeyVaultRest(id, credential, options);
        using var answer = await Ask(way, id, RequestMethod.Get, "", null, stop);
        try
        {
            var key = answer.RootElement.GetProperty("key");
            if (key.TryGetProperty("crv", out var curve) && curve.GetString() == Curve)
                return new(id, way, new EthECKey([4, .. Half(key, "x"), .. Half(key, "y")], isPrivate: false).GetPublicAddress());
        }
        catch (Exception unreadable) when (unreadable is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SignerUnavailableException($"The key vault's answer about {id} can't be read: see that it is a key's identifier.", unreadable);
        }

        throw new SignerUnavailableException($"The key {id} isn't on the curve {Curve}, which Ethereum uses: make another (az keyvault key create --kty EC --curve {Curve}).");
    }

    public async ValueTask<SignedTransaction> Sign(RawTransaction transaction, CancellationToken stop)
    {
        var hash = transaction.SigningHash;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { alg = "ES256K", value = Base64Url.EncodeToString(hash) });
        using var answer = await Ask(vault, id, RequestMethod.Post, "/sign", body, stop);
        var (r, s) = Signature(answer.RootElement);
        // Ethereum takes the lower of the two numbers that are equally good (EIP-2); the vault gives either.
        if (s > Order / 2)
            s = Order - s;
        // The vault doesn't say which of the two points it was: it is the one that gives the key's own address.
        for (byte parity = 0; parity < 2; parity++)
        {
            if (!SignedBy(r, s, parity, hash).IsTheSameAddress(Address))
                continue;
            var raw = transaction.Signed(parity, r, s);
            return new(raw.ToHex(prefix: true), Sha3Keccack.Current.CalculateHash(raw).ToHex(prefix: true));
        }

        throw new SignerUnavailableException($"The key vault's signature isn't one of the key {id}: nothing is sent with it.");
    }

    static string SignedBy(BigInteger r, BigInteger s, byte parity, byte[] hash)
    {
        try
        {
            return EthECKey.RecoverFromSignature(EthECDSASignatureFactory.FromComponents(Bytes(r), Bytes(s), [(byte)(27 + parity)]), hash).GetPublicAddress();
        }
        catch (Exception none) when (none is not OutOfMemoryException)
        {
            return AddressUtil.ZERO_ADDRESS; // no point has this r: each library says so with an exception of its own
        }
    }

    static async Task<JsonDocument> Ask(KeyVaultRest way, Uri id, RequestMethod method, string operation, byte[]? body, CancellationToken stop)
    {
        try
        {
            var (status, answer) = await way.Ask(method, $"{id.AbsolutePath.Trim('/')}{operation}", body, stop);
            return answer ?? throw new SignerUnavailableException(Sentence(status, id));
        }
        catch (AuthenticationFailedException refused)
        {
            throw new SignerUnavailableException($"The app's identity gets no token for {id.Host}: assign it to the app, and set AzureWebJobsStorage__clientId to its client id.", refused);
        }
        catch (JsonException unreadable)
        {
            throw new SignerUnavailableException($"{id.Host} doesn't answer with JSON: see that {id} is a key's identifier.", unreadable);
        }
    }

    /// <summary>What a refusal means and what ends it.</summary>
    /// <param name="status">HTTP; 0: there was no answer.</param>
    public static string Sentence(int status, Uri id) => status switch
    {
        401 => $"The app's token isn't taken by {id.Host}: see that identity and vault belong to the same tenant.",
        403 => $"The app's identity may not sign with {id}: give it the role Key Vault Crypto User on that key (az role assignment create --role \"Key Vault Crypto User\" …), and let its network in; a new role takes some minutes to arrive.",
        404 => $"There is no key {id}: see the settings of the signers; a deleted key can be recovered (az keyvault key recover).",
        0 => $"{id.Host} can't be reached: see that the vault is there and lets the app's network in (private endpoint, DNS zone).",
        _ => $"{id.Host} answers with {status.ToString(CultureInfo.InvariantCulture)}: see Azure's status; it is tried again.",
    };

    static (BigInteger R, BigInteger S) Signature(JsonElement answer)
    {
        try
        {
            var value = Base64Url.DecodeFromChars(answer.GetProperty("value").GetString());
            if (value.Length == 2 * HalfLength)
                return (Number(value.AsSpan(0, HalfLength)), Number(value.AsSpan(HalfLength)));
        }
        catch (Exception unreadable) when (unreadable is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SignerUnavailableException("The key vault's signature can't be read.", unreadable);
        }

        throw new SignerUnavailableException("The key vault's signature hasn't 64 bytes.");
    }

    static byte[] Half(JsonElement key, string name) =>
        Base64Url.DecodeFromChars(key.GetProperty(name).GetString()) is { Length: HalfLength } half ? half : throw new FormatException($"{name} hasn't {HalfLength} bytes.");

    static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    static byte[] Bytes(BigInteger number) => number.ToByteArray(isUnsigned: true, isBigEndian: true);
}

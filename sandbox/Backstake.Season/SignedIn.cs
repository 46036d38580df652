using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Signer;
using Nethereum.Util;

namespace Backstake.Season;

/// <summary>Somebody of the season at the app's HTTP API, signed in with their wallet as a person would.</summary>
public sealed class SignedIn : IDisposable
{
    readonly HttpClient session;

    SignedIn(HttpClient session) => this.session = session;

    public static async Task<SignedIn> As(Wallet wallet, Uri app, CancellationToken stop)
    {
        var http = new HttpClient { BaseAddress = app };
        var asked = await Send(http, HttpMethod.Post, "api/auth/nonce", new { address = wallet.Address }, stop);
        var message = asked.GetProperty("message").GetString()!;
        var begun = await Send(http, HttpMethod.Post, "api/auth/sessions", new { message, signature = Sign(message, new EthECKey(wallet.Account.PrivateKey)) }, stop);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", begun.GetProperty("token").GetString());
        return new(http);
    }

    public Task Put(string path, object body, CancellationToken stop) => Send(session, HttpMethod.Put, path, body, stop);

    public void Dispose() => session.Dispose();

    static async Task<JsonElement> Send(HttpClient http, HttpMethod method, string path, object body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await http.SendAsync(request, stop);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(stop)
            : throw new SeasonException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
    }

    /// <summary>EIP-191: r, s, v with v 27 or 28.</summary>
    static string Sign(string text, EthECKey key)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var prefix = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{bytes.Length}"));
        var signature = key.SignAndCalculateYParityV(Sha3Keccack.Current.CalculateHash([.. prefix, .. bytes]));
        return new byte[][] { Padded(signature.R), Padded(signature.S), [(byte)(signature.V[^1] < 27 ? signature.V[^1] + 27 : signature.V[^1])] }.SelectMany(part => part).ToArray().ToHex(prefix: true);
    }

    static byte[] Padded(byte[] number) => [.. new byte[32 - number.Length], .. number];
}

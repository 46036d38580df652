using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Sandbox.Nodes;

/// <summary>
/// A delegate's node as docs/nodes.md describes it, on loopback: it proves each call by its signature, takes the round's ids by the link, and answers with the file
/// (or uploads it by the other link). It knows nothing of the app but that page.
/// </summary>
/// <param name="secret">As the registration told it: <c>whsec_</c> and Base64.</param>
/// <param name="uploads">Answer 202 and upload, instead of answering with the file.</param>
public sealed class ReferenceNode(string secret, TimeProvider clock, bool uploads = false) : IAsyncDisposable
{
    private const int ToleranceSeconds = 300;
    private readonly HttpClient http = new();
    private WebApplication? app;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>How many calls were refused because nothing proved them.</summary>
    public int Refused { get; private set; }

    public async Task StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/{**path}", AnswerAsync);
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (!IsProven(request.Headers, body.ToArray()))
        {
            Refused++;
            return Results.Unauthorized();
        }
        using var call = JsonDocument.Parse(body.ToArray());
        if (call.RootElement.GetProperty("type").GetString() != "round.opened")
        {
            return Results.Ok();
        }
        var data = call.RootElement.GetProperty("data");
        var file = Predict(await http.GetStringAsync(data.GetProperty("liveIds").GetString()));
        if (!uploads)
        {
            return Results.Bytes(file, "text/csv");
        }
        using var uploaded = await http.PutAsync(data.GetProperty("upload").GetString(), new ByteArrayContent(file));
        return uploaded.IsSuccessStatusCode ? Results.Accepted() : Results.StatusCode(StatusCodes.Status502BadGateway);
    }

    private bool IsProven(IHeaderDictionary headers, byte[] body)
    {
        var (id, time) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds - clock.GetUtcNow().ToUnixTimeSeconds()) > ToleranceSeconds)
        {
            return false;
        }
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var mine = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body])));
        return headers["webhook-signature"].ToString().Split(' ').Any(it => CryptographicOperations.FixedTimeEquals(mine, Encoding.UTF8.GetBytes(it)));
    }

    /// <summary>Evenly spread predictions in the order of the ids' hashes.</summary>
    private static byte[] Predict(string liveIds)
    {
        var lines = liveIds.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ids = lines[1..].OrderBy(id => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id))), StringComparer.Ordinal).ToList();
        var text = new StringBuilder(lines[0]).Append(lines[0] == "id" ? ",prediction\n" : ",signal\n");
        for (var i = 0; i < ids.Count; i++)
        {
            text.Append(ids[i]).Append(',').Append(((i + 0.5) / ids.Count).ToString("F6", CultureInfo.InvariantCulture)).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

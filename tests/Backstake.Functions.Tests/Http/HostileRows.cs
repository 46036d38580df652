using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Identity;
using Backstake.Functions.Tests.Storage;

namespace Backstake.Functions.Tests.Http;

/// <summary>Rows of the fault table's groups H and J (Rows.md) that need a request, or a text, such as nobody sends by mistake.</summary>
[Collection(StorageGround.Collection)]
public sealed class HostileRows(ApiGround ground) : IClassFixture<ApiGround>
{
    /// <summary>Each is a request after which a front end and we might disagree where the next one begins; what it hides must never be answered as one of its own.</summary>
    static readonly string[] Smuggled =
    [
        .. Bodies("Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4", "Content-Length: 4\r\nContent-Length: 60", "Content-Length: 60\r\nContent-Length: 4", "Content-Length: 4, 60", "Content-Length: 4,4"),
        .. Bodies("Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked, identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;a=b", "Transfer-Encoding:\u000bchunked", "Transfer-Encoding: \u0000chunked", "Transfer-Encoding: identity", "Transfer-Encoding: gzip, x"),
        .. Bodies("Transfer-Encoding : chunked", " Transfer-Encoding: chunked", "Transfer-Encoding\t: chunked", "Foo: bar\r\n Transfer-Encoding: chunked", "Foo: bar\n\tContent-Length: 60", "Content-Length : 60", "Content Length: 60", "Content-Length\u0000: 60"),
        .. Bodies("Content-Length: -1", "Content-Length: 0x3c", "Content-Length: 6 0", "Content-Length: 60x", "Content-Length: 1e2", "Content-Length: 3.0", "Content-Length: 60;", "Content-Length: 99999999999999999999", "Content-Length: ", "Content-Length: ６０", "Content-Length: 60\u0000"),
        .. Chunks("g\r\n", "-1\r\n", "0x5\r\n", "5 5\r\n", " 5\r\n", "ffffffffffffffff5\r\n", "5\rx\n", "\r\n5\r\n", "5\r\nabcdeX\r\n"),
        "GET /api/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /api/health HTTP/1.1\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
        "GET /api/health\r\nHost: a\r\n\r\n", "GET /api/health HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n", "GET  /api/health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /api/health HTTP/1.9\r\nHost: a\r\n\r\n", "GET /api/health HTTP/0.9\r\n\r\n", "GE T /api/health HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/he\u0000alth HTTP/1.1\r\nHost: a\r\n\r\n", "GET /api/health\u0000 HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\nHost: b\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost: a\r\nX\u0000Y: z\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", "GET /api/health HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    ];

    const string Hidden = "GET /api/openapi.json?smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const int Limit = 10_000; // milliseconds; whoever still waits then waits for ever

    [Fact]
    public async Task J_04_WhatProvesNobody_IsRefused_OnEveryRouteForSomebody()
    {
        var address = StorageGround.NewVault();
        var over = (await ground.SessionsOf(ApiGround.Origin, new HandClock(TimeProvider.System.GetUtcNow().AddDays(-2))).Begin(address, Sessions.OfKey, default)).Token;
        var foreign = (await ground.SessionsOf("https://other.example").Begin(address, Sessions.OfKey, default)).Token;
        var ended = await ground.SessionOf(address);
        await ground.SessionsOf(ApiGround.Origin).End(ended, default);
        var token = await ground.SessionOf(address);
        string[][] headers =
        [
            [], [""], ["Bearer"], ["Bearer "], [token], [$"Basic {token}"], [$"Bearer {token}", $"Bearer {token}"], [$"Bearer {token}, Bearer {token}"], [$"Bearer {token[..^1]}"], [$"Bearer {over}"], [$"Bearer {foreign}"], [$"Bearer {ended}"],
            ["Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9."], [$"Bearer {ApiGround.Key}"], ["Bearer null"], ["Bearer bst_0123456789abcdef_" + new string('a', 43)],
        ];
        var routes = OpenApi.Operations.Where(it => it.BearerRoles is not null).ToList();
        Assert.True(routes.Count >= 15);
        foreach (var route in routes)
        {
            foreach (var header in headers)
            {
                using var request = new DocumentedCall(route, ground.Vault).Request();
                foreach (var value in header)
                    request.Headers.TryAddWithoutValidation("Authorization", value);
                request.Headers.TryAddWithoutValidation("Cookie", $"session={token}");
                using var answer = await ground.Http.SendAsync(request);
                var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized && (string?)problem?["code"] == "notSignedIn", $"{route.Id} {string.Join('|', header)}: {(int)answer.StatusCode}");
            }
        }

        using var right = await new DocumentedCall(OpenApi.Operations.Single(it => it.Id == "GetSession"), "") { Bearer = token }.Send(ground.Http);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task J_07_RequestsWithTwoEnds_AreRefused_AndNothingHiddenIsAnswered()
    {
        Assert.True(Smuggled.Length >= 60, $"{Smuggled.Length}");
        var wrong = new List<string>();
        foreach (var vector in Smuggled)
        {
            var answer = await Raw(vector);
            var statuses = Regex.Matches(answer, @"HTTP/1\.1 (?<status>\d{3}) ", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(it => it.Groups["status"].Value).ToList();
            if (statuses is not ["400" or "411" or "413" or "501" or "505" or "431"] && !(statuses is [] && answer != "open"))
                wrong.Add($"{vector.ReplaceLineEndings("\\r\\n")[..Math.Min(vector.Length, 120)]}: {string.Join(' ', statuses)}");
            if (answer.Contains("\"openapi\"", StringComparison.Ordinal))
                wrong.Add($"{vector}: the hidden request was answered");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Contains("HTTP/1.1 200", await Raw("GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    /// <summary>An owner names the model: the only text of other people's in an export.</summary>
    [Theory]
    [InlineData("=HYPERLINK(\"http://evil.example\")"), InlineData("+1+1"), InlineData("-2+3"), InlineData("@SUM(A1)"), InlineData("\t=1+1"), InlineData("\r=1+1"), InlineData("\n=cmd|' /C calc'!A0"), InlineData("=1+1\",\"=2"), InlineData("'=1")]
    public async Task H_11_TextsInExports_AreNoFormulas(string model)
    {
        var vault = StorageGround.NewVault();
        await ground.Machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Model = model } }, History.Offered(), History.Deposited(1, 2));
        await History.Settle(ground.Machine, vault);
        await ground.Register(vault);
        var anna = await ground.SessionOf(History.Anna.Address);
        foreach (var (id, query) in new[] { ("GetStatement", "?format=csv"), ("ExportTax", "?layout=neutral"), ("ExportTax", "?layout=koinly"), ("ExportTax", "?layout=cointracker") })
        {
            var call = new DocumentedCall(OpenApi.Operations.Single(it => it.Id == id), vault) { Bearer = anna };
            using var request = call.Request();
            request.RequestUri = new Uri(call.Path + query, UriKind.Relative);
            using var answer = await ground.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var table = new CsvHelper.CsvReader(new StringReader(await answer.Content.ReadAsStringAsync()), System.Globalization.CultureInfo.InvariantCulture);
            var (cells, texts) = (0, 0);
            while (await table.ReadAsync())
            {
                foreach (var cell in table.Parser.Record!)
                {
                    cells++;
                    texts += cell.Contains(model, StringComparison.Ordinal) ? 1 : 0;
                    Assert.False(cell.Length > 0 && "=+@\t\r\n".Contains(cell[0], StringComparison.Ordinal), cell);
                    Assert.True(cell.Length == 0 || cell[0] != '-' || Nmr.TryParse(cell, out _), cell);
                }
            }

            Assert.True(cells > 0);
            Assert.True(texts > 0 || query.Contains("cointracker", StringComparison.Ordinal), $"{id}{query} doesn't name the model."); // CoinTracker takes no texts
        }
    }

    /// <summary>Markup in a model's name is text on the page, whose policy would run nothing anyway.</summary>
    [Theory]
    [InlineData("<script>alert(1)</script>"), InlineData("\"><img src=x onerror=alert(1)>"), InlineData("<svg/onload=alert(1)>"), InlineData("</title><style>*{}</style>"), InlineData("{{7*7}}${7*7}"), InlineData("&lt;b&gt;"), InlineData("javascript:alert(1)")]
    public async Task J_11_TextsInAStatementsPage_AreText(string model)
    {
        var vault = StorageGround.NewVault();
        await ground.Machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Model = model } }, History.Offered(), History.Deposited(1, 2));
        await History.Settle(ground.Machine, vault);
        await ground.Register(vault);
        var call = new DocumentedCall(OpenApi.Operations.Single(it => it.Id == "GetStatement"), vault) { Bearer = await ground.SessionOf(History.Anna.Address) };
        using var request = call.Request();
        request.RequestUri = new Uri(call.Path + "?format=html", UriKind.Relative);
        using var answer = await ground.Http.SendAsync(request);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(model), html, StringComparison.Ordinal);
        if (model.AsSpan().IndexOfAny('<', '&') >= 0)
            Assert.DoesNotContain(model, html, StringComparison.Ordinal);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    static IEnumerable<string> Bodies(params string[] headers) => headers.Select(header => $"POST /api/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}\r\n\r\n0\r\n\r\n{Hidden}");

    static IEnumerable<string> Chunks(params string[] sizes) => sizes.Select(size => $"POST /api/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}abcde\r\n0\r\n\r\n{Hidden}");

    /// <summary>Everything that is answered until the connection is closed.</summary>
    async Task<string> Raw(string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ground.App.Port);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(bytes));
            using var limit = new CancellationTokenSource(Limit);
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // It answered and closed before it had read everything.
        }
        catch (OperationCanceledException)
        {
            return "open";
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}

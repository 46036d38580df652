using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Hosting;
using Backstake.Functions.Tests.Http;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Functions.Tests.Quotes;

/// <summary>
/// <c>POST /api/quotes</c> of the app as a process of its own, over a vault in its storage: two weeks settled, a round open, units of Anna's in and one waiting. What the numbers are worth, the books'
/// own tests say.
/// </summary>
[Collection(StorageGround.Collection)]
public sealed class QuoteTests(StorageGround ground) : IAsyncLifetime
{
    const string Covered = "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3";
    static readonly DateTimeOffset ThirdWeek = History.FirstCut.AddDays(11);

    readonly string folder = Directory.CreateTempSubdirectory("backstake-quotes-").FullName;
    AppProcess app = null!;
    HttpClient http = null!;
    Machine machine = null!;
    string vault = "";

    public async Task InitializeAsync()
    {
        machine = ground.NewMachine();
        vault = await History.TwoWeeks(machine);
        var covered = History.Terms with { LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000), Crystallisation = Crystallisation.AtEnd, ProfitShareBps = new BasisPoints(5_000) };
        await machine.Append(vault,
            new NewEntry($"offer|{Covered}", new TermsOffered(Covered, covered), ThirdWeek),
            new NewEntry("reserve|0xfeed|8", new Booked(new ReserveDeposit(Nmr.FromNmr(15))), ThirdWeek, new ChainSource(2_000, "0xfeed", 8)));
        var registry = new VaultRegistry(ground.Clients);
        await registry.Prepare(default);
        await registry.Add(new(vault, 8, "11111111-2222-3333-4444-555555555555"), default);
        SetClock(ThirdWeek);
        var settings = SampleSettings.With(("AzureWebJobsStorage", ground.ConnectionString), ("Backstake__ClockFile", ClockFile), ("RateLimits__PerMinute", "100000"));
        app = await AppProcess.Start(FreePort.Next(), settings, Guid.NewGuid().ToString("N"), Path.Combine(folder, "app.log"), default);
        http = app.Client();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Quotes_AreTheFolds_WithTheVaultsCalendar()
    {
        var quote = await Quoted(new { vault, terms = Covered, units = 3, replay = true });
        var state = await machine.Store.Load(vault, default);
        Assert.Equal($$"""{"week":2,"round":2,"block":{{state.Record.LastBlock}}}""", quote["asOf"]!.ToJsonString());
        // Three units of 10 NMR, half the profit, half the loss: ACCOUNTING.md's example.
        Assert.Equal(["36", "27"], quote["headline"]!.AsArray().Select(one => (string)one!["paid"]!));
        Assert.Equal("""{"week":3,"cut":"2026-01-18T18:00:00Z","acceptedFrom":"2026-01-20T10:00:00Z"}""", quote["dates"]!["accepted"]!.ToJsonString());
        Assert.Equal("Too early to say: 1 rounds have a result, at least 30 are needed.", (string)quote["replay"]!["missing"]!);
        Assert.True((long)quote["gas"]!["deposit"]! > 21_000);
        var expected = (DepositQuote)Quote.Of(state.Books, new DepositAsk(new TermsId(Covered), new Units(3)), _ => default);
        Assert.Equal(expected.Table.Select(one => one.Paid.ToString()), quote["table"]!.AsArray().Select(one => (string)one!["paid"]!));

        // Numerai said that round 2 resolves on 13 February: the cut after it is that of week 7.
        var exit = await Quoted(new { vault, terms = History.TermsOne, units = 2, exit = new { backer = History.Anna.Address, entryWeek = 1 } });
        Assert.Equal((3, 7), ((int)exit["exit"]!["week"]!, (int)exit["paths"]![0]!["weeks"]!.AsArray()[^1]!["week"]!));

        // The command folds the app's log by itself, and takes its calendar.
        var command = await Command("--terms", Covered, "--units", "3");
        foreach (var field in new[] { "price", "reserve", "dates", "headline", "table", "worstCase", "assumes", "gas" })
            Assert.Equal(quote[field]!.ToJsonString(), command[field]!.ToJsonString());

        // Once the third week is over, though it isn't settled yet, a deposit is of the fourth.
        SetClock(ThirdWeek.AddDays(4));
        Assert.Equal(4, (int)(await Quoted(new { vault, terms = Covered, units = 3 }))["dates"]!["accepted"]!["week"]!);
    }

    [Fact]
    public async Task WhatCannotBeQuoted_IsAProblemWithACode()
    {
        var refused = await Problem(409, "reserveInsufficient", new { vault, terms = Covered, units = 5 });
        Assert.Equal("The reserve covers 3 units, you asked for 5.", (string)refused["detail"]!);
        Assert.Equal("""{"unitsAsked":5,"unitsCovered":3,"reserveUnlocked":"15","reserveOfUnit":"5","missing":"10"}""", refused["numbers"]!.ToJsonString());
        await Problem(409, "unknownTerms", new { vault, terms = "other", units = 5 });
        await Problem(409, "unknownSeries", new { vault, terms = Covered, units = 1, exit = new { backer = History.Anna.Address, entryWeek = 1 } });
        await Problem(404, "unknownVault", new { vault = "0x0000000000000000000000000000000000000001", terms = Covered, units = 1 });
        Assert.Equal("unit", (string)(await Problem(400, "malformed", new { vault, terms = Covered, unit = 1, units = 1 }))["param"]!);
        Assert.Equal("units", (string)(await Problem(400, "malformed", new { vault, terms = Covered, units = 1_000_001 }))["param"]!);
        foreach (var text in new[] { "", "{", "[]", "\"quote\"", "\u0000", new string('[', 10_000) })
            await Problem(400, "malformed", new StringContent(text, Encoding.UTF8, "application/json"));
        await Problem(413, "bodyTooLarge", new StringContent(new string(' ', (1024 * 1024) + 1), Encoding.UTF8, "application/json"));
        await machine.Append(vault, new NewEntry("closeBooks", new BooksClosed(), ThirdWeek, new ChainSource(3_000, "0xfeed", 9)));
        await Problem(409, "booksClosed", new { vault, terms = Covered, units = 1 });
    }

    string ClockFile => Path.Combine(folder, "clock");

    void SetClock(DateTimeOffset time)
    {
        using var file = new FileStream(ClockFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes(time.UtcTicks));
    }

    async Task<JsonNode> Quoted(object asked)
    {
        using var answer = await http.PostAsJsonAsync("api/quotes", asked);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    Task<JsonNode> Problem(int status, string code, object asked) => Problem(status, code, JsonContent.Create(asked));

    async Task<JsonNode> Problem(int status, string code, HttpContent asked)
    {
        using var answer = await http.PostAsync(new Uri("api/quotes", UriKind.Relative), asked);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((code, status), ((string)problem["code"]!, (int)problem["status"]!));
        Assert.NotEqual("", (string)problem["detail"]!);
        return problem;
    }

    async Task<JsonNode> Command(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, ["quote", "--app", app.Address.ToString(), "--vault", vault, "--json", .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return JsonNode.Parse(await output)!;
    }
}

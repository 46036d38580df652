using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Sandbox.GraphQl;
using Backstake.Sandbox.Submissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Backstake.Sandbox.Api;

/// <summary>
/// The tournament over HTTP, on loopback: POST / is GraphQL; PUT /uploads/{filename} and GET /downloads/{id} move files; GET /datasets/… serves live ids; /sandbox/… switches faults.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const string Html = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";
    private readonly WebApplication app;
    private readonly Tournament tournament;
    private readonly Executor executor;

    private ApiServer(WebApplication app, Tournament tournament)
    {
        this.app = app;
        this.tournament = tournament;
        var schema = new Schema(tournament);
        executor = new Executor(schema.Queries, schema.Mutations);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public static async Task<ApiServer> StartAsync(Tournament tournament, int port, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = SubmissionStore.MaxFileBytes);
        builder.Logging.ClearProviders();
        var server = new ApiServer(builder.Build(), tournament);
        server.Map();
        await server.app.StartAsync(stop);
        var addresses = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        server.Address = new Uri(addresses!.Addresses.First());
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private void Map()
    {
        app.MapPost("/", GraphQlAsync);
        app.MapPost("/graphql", GraphQlAsync);
        app.MapPut("/uploads/{filename}", (string filename, HttpContext http) => FaultyAsync(http, ["upload"], () => PutAsync(http, filename)));
        app.MapGet("/downloads/{id:guid}", (Guid id, HttpContext http) => FaultyAsync(http, ["download"], () => DownloadAsync(id)));
        app.MapGet("/datasets/{tournament:int}/{round:int}/{**filename}", (int tournament, int round, HttpContext http) =>
            FaultyAsync(http, ["download"], () => Task.FromResult(Dataset(tournament, round))));
        app.MapGet("/sandbox/faults", () => Results.Ok(tournament.Faults.Active));
        app.MapPost("/sandbox/faults", (Fault fault) =>
        {
            tournament.Faults.Add(fault);
            return Results.Ok(tournament.Faults.Active);
        });
        app.MapDelete("/sandbox/faults", () =>
        {
            tournament.Faults.Clear();
            return Results.NoContent();
        });
        app.MapPut("/sandbox/webhooks", (WebhookSetting setting) =>
        {
            (tournament.Webhooks.Mode, tournament.Webhooks.Delay) = (setting.Mode, TimeSpan.FromMinutes(setting.DelayMinutes));
            return Results.NoContent();
        });
        app.MapPut("/sandbox/between-rounds/{answer}", (BetweenRounds answer) =>
        {
            tournament.Faults.BetweenRounds = answer;
            return Results.NoContent();
        });
        app.MapGet("/sandbox/state", () => Results.Ok(new
        {
            now = tournament.Clock.GetUtcNow(),
            round = tournament.Calendar.Current(tournament.Clock.GetUtcNow())?.Number,
            scores = tournament.Scores.Source,
            webhookCalls = tournament.Webhooks.Calls,
        }));
    }

    internal sealed record WebhookSetting(WebhookMode Mode, int DelayMinutes = 30);

    private async Task GraphQlAsync(HttpContext http)
    {
        JsonDocument request;
        try
        {
            request = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            await Results.Json(ErrorAnswer("The request is not JSON."), statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }
        using (request)
        {
            var fields = Executor.RootFields(request.RootElement);
            foreach (var field in fields)
                tournament.Asked?.Invoke(field);
            await FaultyAsync(http, fields, async () =>
                Results.Text((await AnswerAsync(request.RootElement, http)).ToJsonString(), "application/json", Encoding.UTF8));
        }
    }

    /// <summary>A key that is wrong is an error even where none is needed; none at all is fine for public fields.</summary>
    private async Task<JsonObject> AnswerAsync(JsonElement request, HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var key = tournament.Accounts.Select(a => a.Key).FirstOrDefault(k => k.Header == header);
        return header.Length > 0 && key is null
            ? ErrorAnswer(Access.WrongKey, Access.NotAuthenticatedCode)
            : await executor.AnswerAsync(request, new GraphContext(key, Address.ToString().TrimEnd('/'), http.RequestAborted));
    }

    private async Task<IResult> PutAsync(HttpContext http, string filename)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return tournament.Submissions.TryPut(filename, body.ToArray()) ? Results.Ok() : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private Task<IResult> DownloadAsync(Guid id) =>
        Task.FromResult(tournament.Submissions.Find(id) is { } submission ? Results.Bytes(submission.File, "text/csv", submission.Filename) : Results.NotFound());

    private IResult Dataset(int number, int round) =>
        Enum.IsDefined((TournamentKind)number) && tournament.Calendar.Find(round) is not null
            ? Results.Bytes(tournament.Live.Predictions((TournamentKind)number, round, "example"), "text/csv")
            : Results.NotFound();

    private async Task FaultyAsync(HttpContext http, IReadOnlyList<string> fields, Func<Task<IResult>> answer)
    {
        var fault = tournament.Faults.Take(fields);
        if (fault is null || fault.AfterEffect || fault.Kind == FaultKind.Delay)
        {
            if (fault is { Kind: FaultKind.Delay, AfterEffect: false })
            {
                await Task.Delay(fault.DelayMilliseconds, http.RequestAborted);
            }
            var right = await answer();
            if (fault is { Kind: FaultKind.Delay, AfterEffect: true })
            {
                await Task.Delay(fault.DelayMilliseconds, http.RequestAborted);
            }
            if (fault is null || fault.Kind == FaultKind.Delay)
            {
                await right.ExecuteAsync(http);
                return;
            }
        }
        await SpoilAsync(http, fault);
    }

    private static Task SpoilAsync(HttpContext http, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.BadGatewayHtml: return Results.Text(Html, "text/html", Encoding.UTF8, StatusCodes.Status502BadGateway).ExecuteAsync(http);
            case FaultKind.OkHtml: return Results.Text(Html, "text/html", Encoding.UTF8).ExecuteAsync(http);
            case FaultKind.Empty: return Results.Text("", "application/json", Encoding.UTF8).ExecuteAsync(http);
            case FaultKind.TruncatedJson: return Results.Text("{\"data\":{\"rounds\":[{\"num", "application/json", Encoding.UTF8).ExecuteAsync(http);
            case FaultKind.TooManyRequests: return Results.Text("Too Many Requests", "text/plain", Encoding.UTF8, StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
            case FaultKind.GraphQlError: return Results.Text(ErrorAnswer(fault.Message ?? "Something went wrong").ToJsonString(), "application/json", Encoding.UTF8).ExecuteAsync(http);
            default:
                http.Abort();
                return Task.CompletedTask;
        }
    }

    private static JsonObject ErrorAnswer(string message, string? code = null)
    {
        var error = new JsonObject { ["message"] = message };
        if (code is not null)
        {
            error["code"] = code;
        }
        return new JsonObject { ["errors"] = new JsonArray(error) };
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>The HTTP side of the host: the functions under the route prefix, and <c>POST /admin/functions/{name}</c>; loopback only.</summary>
sealed class HostServer(FunctionCatalog catalog, FunctionInvoker invoker, HostKeys keys, HostFile hostFile, HostAddress address, ILoggerFactory loggers) : IAsyncDisposable
{
    WebApplication? app;

    /// <summary>Listens; answers the address, without a slash at its end.</summary>
    public async Task<string> Start(Func<FunctionEntry, string?, bool> runOnce, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, address.Port));
        builder.Services.AddRoutingCore().AddHttpContextAccessor().AddSingleton(loggers);
        app = builder.Build();
        app.UseRouting();
        app.MapPost("admin/functions/{name}", http => Admin(http, runOnce));
        foreach (var function in catalog.Functions.Where(function => function.Trigger is IHttpTrigger))
            Map(app, function, (IHttpTrigger)function.Trigger, stop);
        app.MapFallback("{**path}", http => Answer(http, StatusCodes.Status404NotFound));   // also for a route with another method, as the host does
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (IOException exception)
        {
            throw new HostRefusalException($"Port {address.Port} can't be listened on ({exception.Message}): end what uses it, or start with --port N.", exception);
        }

        return app.Urls.First();
    }

    public async Task Stop(CancellationToken limit)
    {
        if (app is not null)
            await app.StopAsync(limit);
    }

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;

    void Map(WebApplication routes, FunctionEntry function, IHttpTrigger trigger, CancellationToken stop)
    {
        var route = $"{hostFile.RoutePrefix}/{(trigger.Route ?? function.Name).TrimStart('/')}".TrimStart('/');
        if (route.Split('/')[0].ToLowerInvariant() is "admin" or "runtime")
            throw new HostRefusalException($"Function {function.Name}: the route {route} begins with a word that the host keeps for itself.");
        RequestDelegate handler = http => Function(http, function, trigger.Level, stop);
        if (trigger.Methods is { Length: > 0 } methods)
            routes.MapMethods(route, methods.Select(method => method.ToUpperInvariant()), handler);
        else
            routes.Map(route, handler);
    }

    async Task Function(HttpContext http, FunctionEntry function, KeyLevel required, CancellationToken stop)
    {
        var level = keys.LevelOf(http.Request);
        if (!HostKeys.Allows(required, level))
        {
            await Answer(http, StatusCodes.Status401Unauthorized);
            return;
        }

        if (function.IsDisabled && level != KeyLevel.Admin)
        {
            await Answer(http, StatusCodes.Status404NotFound);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, http.RequestAborted);
        var input = new TriggerInput(Value: null, $"{http.Request.Method} {http.Request.Path}", BindingData(http), http);
        if (await invoker.Invoke(function, input, ending.Token) || http.Response.HasStarted)
            return;
        http.Response.Clear();
        await Answer(http, StatusCodes.Status500InternalServerError);
    }

    async Task Admin(HttpContext http, Func<FunctionEntry, string?, bool> runOnce)
    {
        var level = keys.LevelOf(http.Request);
        if (level != KeyLevel.Admin)
        {
            await Answer(http, level == KeyLevel.Anonymous ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden);
            return;
        }

        if (await Input(http.Request) is not { } body)
        {
            await Answer(http, StatusCodes.Status400BadRequest);
            return;
        }

        if (catalog.Find((string)http.GetRouteValue("name")!) is not { } function)
        {
            await Answer(http, StatusCodes.Status404NotFound);
            return;
        }

        await Answer(http, runOnce(function, body.Text) ? StatusCodes.Status202Accepted : StatusCodes.Status400BadRequest);
    }

    sealed record AdminInput(string? Text);

    /// <summary>The body's <c>input</c>; null when there is no JSON object, or its input isn't text.</summary>
    static async Task<AdminInput?> Input(HttpRequest request)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            if (!body.RootElement.TryGetProperty("input", out var input) || input.ValueKind == JsonValueKind.Null)
                return new AdminInput((string?)null);
            return input.ValueKind == JsonValueKind.String ? new AdminInput(input.GetString()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Query values by name, and over them the route's: a query can't replace a route's value.</summary>
    static Dictionary<string, object?> BindingData(HttpContext http)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in http.Request.Query)
            values[name] = value.ToString();
        foreach (var (name, value) in http.Request.RouteValues)
            values[name] = value;
        return values;
    }

    static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}

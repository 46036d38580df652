using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Backstake.Functions.Hosting.Measures;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Backstake.Functions.Hosting;

/// <summary>Sends logs, traces and measures to Application Insights, if there is one, as the app's identity.</summary>
public static class Telemetry
{
    const string ClientIdPart = "ClientId=";

    public static void AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        var connection = builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        if (string.IsNullOrEmpty(connection))
            return;
        var clientId = ClientIdOf(builder.Configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
        var telemetry = builder.Services.AddOpenTelemetry();
        telemetry.UseFunctionsWorkerDefaults();
        telemetry.WithTracing(traces => traces.AddSource(TraceSteps.SourceName));
        telemetry.WithMetrics(metrics => metrics.AddMeter(Meters.Name));
        telemetry.UseAzureMonitorExporter(options =>
        {
            options.ConnectionString = connection;
            if (clientId is not null)
                options.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
        });
    }

    /// <summary>The client id in the text that the Functions host reads, too: <c>ClientId=…;Authorization=AAD</c>; null: there is none.</summary>
    public static string? ClientIdOf(string? authentication) => (authentication ?? "")
        .Split(';', StringSplitOptions.TrimEntries)
        .FirstOrDefault(part => part.StartsWith(ClientIdPart, StringComparison.OrdinalIgnoreCase))?[ClientIdPart.Length..];
}

using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Backstake.Functions.Hosting.Disclosure;
using Backstake.Functions.Hosting.Measures;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
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
        Disclose(telemetry);
        telemetry.UseAzureMonitorExporter(options =>
        {
            options.ConnectionString = connection;
            options.EnableTraceBasedLogsSampler = false; // a line that somebody is woken to read is not left out because its trace is
            if (clientId is not null)
                options.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
        });
    }

    /// <summary>What is told: our steps and measures, and of all logs and traces what is on the list. Exporters come after it.</summary>
    public static void Disclose(OpenTelemetryBuilder telemetry)
    {
        telemetry.Services.AddSingleton<Secrets>();
        telemetry.WithTracing(traces => traces.AddSource(TraceSteps.SourceName).AddProcessor<DiscloseTraces>());
        telemetry.WithMetrics(metrics => metrics.AddMeter(Meters.Name));
        telemetry.WithLogging(logs => logs.AddProcessor<DiscloseLogs>(), options => options.IncludeScopes = false);
    }

    /// <summary>The client id in the text that the Functions host reads, too: <c>ClientId=…;Authorization=AAD</c>; null: there is none.</summary>
    public static string? ClientIdOf(string? authentication) => (authentication ?? "")
        .Split(';', StringSplitOptions.TrimEntries)
        .FirstOrDefault(part => part.StartsWith(ClientIdPart, StringComparison.OrdinalIgnoreCase))?[ClientIdPart.Length..];
}

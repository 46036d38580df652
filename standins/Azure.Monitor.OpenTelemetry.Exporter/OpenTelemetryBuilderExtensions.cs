using OpenTelemetry;

namespace Azure.Monitor.OpenTelemetry.Exporter;

public static class OpenTelemetryBuilderExtensions
{
    /// <summary>Warning: nothing can be sent with the stand-in. It says so at once, so that nobody waits for telemetry that never comes.</summary>
    /// <exception cref="InvalidOperationException">There is no connection string; as the package, but that it throws when it first exports.</exception>
    /// <exception cref="NotSupportedException">There is one.</exception>
    public static IOpenTelemetryBuilder UseAzureMonitorExporter(this IOpenTelemetryBuilder builder, Action<AzureMonitorExporterOptions> configureAzureMonitor)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureAzureMonitor);
        var options = new AzureMonitorExporterOptions();
        configureAzureMonitor(options);
        throw string.IsNullOrWhiteSpace(options.ConnectionString)
            ? new InvalidOperationException("A connection string was not found. Please set your connection string.")
            : new NotSupportedException("This build has a stand-in for Azure.Monitor.OpenTelemetry.Exporter, which can't send telemetry: unset APPLICATIONINSIGHTS_CONNECTION_STRING, or build with -p:StandIns=false.");
    }
}

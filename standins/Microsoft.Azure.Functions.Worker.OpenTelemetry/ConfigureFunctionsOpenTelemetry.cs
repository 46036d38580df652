using OpenTelemetry;
using OpenTelemetry.Resources;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

public static class ConfigureFunctionsOpenTelemetry
{
    const string SiteName = "WEBSITE_SITE_NAME";
    const string DefaultServiceName = "dotnetiso";

    /// <summary>Names the service after the site. There is no host beside the local one to tell that the worker sends its own logs.</summary>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureResource(resource => resource.AddService(Environment.GetEnvironmentVariable(SiteName) ?? DefaultServiceName));
    }
}

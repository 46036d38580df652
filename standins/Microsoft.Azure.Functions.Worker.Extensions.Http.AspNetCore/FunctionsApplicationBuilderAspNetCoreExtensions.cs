using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.LocalHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Gives functions ASP.NET Core's request and results. Middleware added before it sees no HttpContext.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(HttpResultMiddleware)))
            return builder;
        builder.UseMiddleware<HttpResultMiddleware>();
        builder.Services.AddSingleton<IWebHostEnvironment>(new LocalWebHostEnvironment(builder.Environment));
        builder.Services.AddSingleton(_ => new DiagnosticListener("Microsoft.AspNetCore"));
        builder.Services.AddSingleton<DiagnosticSource>(services => services.GetRequiredService<DiagnosticListener>());
        builder.Services.AddMvcCore();
        return builder;
    }
}

using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>The app's environment for those results that ask for a web host's; there is no web root.</summary>
sealed class LocalWebHostEnvironment(IHostEnvironment environment) : IWebHostEnvironment
{
    public string ApplicationName { get; set; } = environment.ApplicationName;

    public string EnvironmentName { get; set; } = environment.EnvironmentName;

    public string ContentRootPath { get; set; } = environment.ContentRootPath;

    public IFileProvider ContentRootFileProvider { get; set; } = environment.ContentRootFileProvider;

    public string WebRootPath { get; set; } = "";

    public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();
}

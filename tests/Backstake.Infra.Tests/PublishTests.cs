using System.Diagnostics;
using System.Reflection.PortableExecutable;

namespace Backstake.Infra.Tests;

/// <summary>Publishing gives what the Functions host needs, and a package that can't run in Azure says so.</summary>
public sealed class PublishTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    readonly string folder = Directory.CreateTempSubdirectory("backstake-publish-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>With the stand-ins: all that is ours is there, what the worker's SDK would make isn't, and the marker says why that can't be deployed.</summary>
    [Fact]
    public async Task PackageWithStandIns_SaysThatItIsNotDeployable()
    {
        var app = await Publish("-p:StandIns=true");
        Assert.Equal(PublishedApp.OfTheWorkerSdk, app.Lacks());
        Assert.Empty(app.HasTooMuch());
        Assert.Contains("\"routePrefix\": \"api\"", app.Text("host.json"), StringComparison.Ordinal);
        Assert.Contains("\"telemetryMode\": \"OpenTelemetry\"", app.Text("host.json"), StringComparison.Ordinal);
        // The host's line about each request has its path, and a webhook's path is its secret.
        Assert.Contains("\"Microsoft.Azure.WebJobs.Script.WebHost.Middleware.SystemTraceMiddleware\": \"Warning\"", app.Text("host.json"), StringComparison.Ordinal);
        Assert.Contains("Microsoft.Azure.Functions.Worker", app.StandIns());
        Assert.StartsWith("This package holds stand-ins instead of ", app.Text(PublishedApp.Marker), StringComparison.Ordinal);
        Assert.Contains("Microsoft.Azure.Functions.Worker, ", app.Text(PublishedApp.Marker), StringComparison.Ordinal);
        using var assembly = new PEReader(File.OpenRead(Path.Combine(app.Folder, "Backstake.Functions.dll")));
        Assert.True(assembly.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0, "Backstake.Functions.dll is not compiled ahead (ReadyToRun).");
    }

    /// <summary>With the real packages, where they are: set BACKSTAKE_PUBLISHED to the folder of a `dotnet publish`. The workflow does.</summary>
    [SkippableFact]
    public void PackageForAzure_IsWhole_AndHoldsNoStandIn()
    {
        var published = Environment.GetEnvironmentVariable("BACKSTAKE_PUBLISHED");
        Skip.If(string.IsNullOrEmpty(published), "BACKSTAKE_PUBLISHED names no folder of a publish with the real packages, which this machine's feed may lack; the workflow sets it");
        var app = new PublishedApp(published!);
        Assert.Empty(app.Lacks());
        Assert.Empty(app.HasTooMuch());
        Assert.Empty(app.StandIns());
        Assert.False(app.Exists(PublishedApp.Marker), "The package says itself that it can't be deployed.");
        var metadata = app.Text("functions.metadata");
        Assert.All(new[] { "OpenRounds", "WatchChain", "Sweep", "Tidy", "Measure", "SubmitRound", "SettleWeek", "Ready", "Status" }, name => Assert.Contains($"\"{name}\"", metadata, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("true", 1)]
    [InlineData("True", 1)]
    [InlineData("false", 0)]
    [InlineData("", 0)]
    public async Task PrepackageHook_RefusesStandIns(string standIns, int status)
    {
        Skip.If(OperatingSystem.IsWindows(), "the hook for Windows is a PowerShell script");
        var start = new ProcessStartInfo("sh", [Path.Combine(Checkout.Root, "infra", "hooks", "prepackage.sh")]) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment["StandIns"] = standIns;
        using var hook = Process.Start(start)!;
        var error = await hook.StandardError.ReadToEndAsync();
        await hook.WaitForExitAsync();
        Assert.Equal(status, hook.ExitCode);
        Assert.Equal(status == 0 ? "" : $"StandIns={standIns} is set: a package with stand-ins can't run in Azure. Unset it (unset StandIns) and start again.\n", error);
    }

    /// <summary>Where the checkout is built with the real packages, one with stand-ins must not be built in its place.</summary>
    string[] Elsewhere() => Environment.GetEnvironmentVariable("StandIns") == "false" ? ["--artifacts-path", Path.Combine(folder, "artifacts")] : [];

    async Task<PublishedApp> Publish(string property)
    {
        var output = Path.Combine(folder, "out");
        // As azd calls it.
        var start = new ProcessStartInfo("dotnet", [
            "publish", Path.Combine(Checkout.Root, "functions", "Backstake.Functions", "Backstake.Functions.csproj"), "-c", "Release", "--output", output,
            "--nologo", "-v", "quiet", property, .. Elsewhere()])
        { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("StandIns");
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(start)!;
        var (words, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, await words + await errors);
        return new(output);
    }
}

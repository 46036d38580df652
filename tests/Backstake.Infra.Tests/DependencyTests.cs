using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Backstake.Infra.Tests;

/// <summary>FAULTS.md J-16: which packages come in is written down, and nothing of theirs runs while they are installed.</summary>
public sealed partial class DependencyTests
{
    [Fact]
    public void J_16_InstallScripts_NeverRun()
    {
        string[] files = ["run", "test", "bench", "azure.yaml", .. Directory.EnumerateFiles(Path.Combine(Checkout.Root, ".ci")), .. Directory.EnumerateFiles(Path.Combine(Checkout.Root, ".github", "workflows"))];
        var installs = files.SelectMany(file => File.ReadLines(Path.Combine(Checkout.Root, file))).Where(line => Installs().IsMatch(line) && !line.TrimStart().StartsWith('#')).ToList();
        Assert.NotEmpty(installs);
        Assert.All(installs, line => Assert.Contains("--ignore-scripts", line, StringComparison.Ordinal));
    }

    /// <summary>The lock names every npm package with its version and digest; npm takes no other bytes. It names no host, so any registry serves.</summary>
    [Fact]
    public void J_16_NpmPackages_AreLocked_ByVersionAndDigest()
    {
        using var @lock = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Checkout.Root, "package-lock.json")));
        using var asked = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Checkout.Root, "package.json")));
        var packages = @lock.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0).ToList();
        Assert.True(packages.Count > 100);
        Assert.All(packages, package => Assert.Matches(ExactVersion(), package.Value.GetProperty("version").GetString()!));
        Assert.All(packages, package => Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal));
        Assert.DoesNotContain(packages, package => package.Value.TryGetProperty("resolved", out _));
        Assert.All(asked.RootElement.GetProperty("dependencies").EnumerateObject(), one =>
            Assert.Equal(one.Value.GetString(), packages.Single(package => package.Name == $"node_modules/{one.Name}").Value.GetProperty("version").GetString()));
    }

    /// <summary>Each NuGet package has one exact version, in one place; no project asks for another.</summary>
    [Fact]
    public void J_16_NuGetPackages_HaveExactVersions_InOnePlace()
    {
        var central = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Packages.props")).Descendants("PackageVersion").ToList();
        Assert.True(central.Count > 20);
        Assert.All(central, package => Assert.Matches(ExactVersion(), package.Attribute("Version")!.Value));
        var projects = Directory.EnumerateFiles(Checkout.Root, "*.csproj", SearchOption.AllDirectories).Where(file => !file.Contains("node_modules", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(projects);
        Assert.All(projects.SelectMany(file => XDocument.Load(file).Descendants("PackageReference")), package =>
            Assert.True(package.Attribute("Version") is null && package.Attribute("VersionOverride") is null, $"{package} has a version of its own."));
    }

    [GeneratedRegex(@"\bnpm (install|i|ci)\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Installs();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)+(-[0-9A-Za-z.-]+)?$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ExactVersion();
}

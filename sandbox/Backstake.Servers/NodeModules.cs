using System.Runtime.InteropServices;

namespace Backstake.Servers;

/// <summary>Where the servers' programs are: Node itself and the <c>node_modules</c> that <c>.ci/prepare</c> installs.</summary>
internal static class NodeModules
{
    /// <summary>The program <c>node</c>, from the PATH.</summary>
    /// <exception cref="ServerUnavailableException">There is none.</exception>
    public static string Node() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "node"))
            .FirstOrDefault(File.Exists)
        ?? throw new ServerUnavailableException("Node.js was not found on the PATH: install Node.js 20 or later.");

    /// <summary>A file inside an npm package, in the nearest <c>node_modules</c> from <paramref name="start"/> (a folder) upwards that has it.</summary>
    /// <exception cref="ServerUnavailableException">No folder has it.</exception>
    public static string Find(string package, string file, string? start = null) =>
        TryFind(package, file, start)
        ?? throw new ServerUnavailableException($"The npm package {package} is not installed: run 'npm install --no-save --ignore-scripts' in the root of the repository.");

    /// <summary>anvil's own binary for this machine: starting it directly saves the start of Node.</summary>
    /// <exception cref="ServerUnavailableException">It is not installed.</exception>
    public static string Anvil()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        return Find($"@foundry-rs/anvil-{system}-{processor}", "bin/anvil");
    }

    private static string? TryFind(string package, string file, string? start) =>
        (start is null ? [AppContext.BaseDirectory, Directory.GetCurrentDirectory()] : new[] { start })
            .SelectMany(Ancestors)
            .Select(folder => Path.Combine(folder, "node_modules", package, file))
            .FirstOrDefault(File.Exists);

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}

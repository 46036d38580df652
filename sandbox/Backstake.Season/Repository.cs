namespace Backstake.Season;

/// <summary>Where things lie in the checkout that this program was built in.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Debug or Release, as this program.</summary>
    static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string App => Built("functions/Backstake.Functions", "Backstake.Functions.dll");

    public static string Command => Built("cli/Backstake.Cli", OperatingSystem.IsWindows() ? "backstake.exe" : "backstake");

    /// <param name="file">Where the contract stands, if not in a file of its own name.</param>
    public static string Artifact(string contract, string? file = null) => Path.Combine(Root, "contracts", "out", $"{file ?? contract}.sol", $"{contract}.json");

    static string Built(string project, string file) => Path.Combine(Root, project, "bin", Configuration, "net10.0", file);

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new SeasonException("Start the season from a checkout of the repository, with ./run.");
    }
}

/// <summary>The season can't go on; the message is one line that says what to do.</summary>
public sealed class SeasonException(string message, Exception? inner = null) : Exception(message, inner);

namespace Backstake.Research.Tests;

/// <summary>The folder ../shared/data beside the repository. It is not part of it: tests that need it are skipped, with this reason, where it is absent.</summary>
internal static class SharedData
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data"));

    /// <summary>The path of a file in it; skips the test when it isn't there.</summary>
    public static string FileOf(string name)
    {
        var path = Path.Combine(Folder, name);
        Skip.IfNot(File.Exists(path), $"{path} is not on this machine");
        return path;
    }

    /// <summary>The returns of the 23 real models, rounds 843–1137; skips the test where they aren't there.</summary>
    public static ReturnTable Returns() => ReturnTable.From(
        ScoreTable.Read("corr20", File.ReadAllText(FileOf("numerai-corr20-by-round.csv"))), ScoreTable.Read("mmc20", File.ReadAllText(FileOf("numerai-mmc20-by-round.csv"))), PayoutRule.Classic20);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root isn't above the tests.");
        }
        return folder.FullName;
    }
}

namespace Backstake.Infra.Tests;

/// <summary>Where the repository lies that these tests were built in.</summary>
static class Checkout
{
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Run the tests from a checkout of the repository.");
    }
}

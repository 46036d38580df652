using System.Runtime.CompilerServices;
using Xunit;

namespace Backstake.Accounting.Tests;

/// <summary>Rules of style that only the source can show: money is divided in one file, nothing is a floating-point number, nothing asks for the time.</summary>
public sealed class SourceTests
{
    [Theory]
    [InlineData(" / ")]
    [InlineData("double")]
    [InlineData("float")]
    [InlineData("(decimal")]
    [InlineData("DateTime.")]
    [InlineData("DateTimeOffset.Now")]
    [InlineData("DateTimeOffset.UtcNow")]
    [InlineData("Stopwatch")]
    [InlineData("TimeProvider")]
    [InlineData("System.IO")]
    public void TheBooks_DoWithout(string word)
    {
        var lines = Directory.GetFiles(Folder(), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Contains(word, StringComparison.Ordinal));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "functions", "Backstake.Accounting"));
}

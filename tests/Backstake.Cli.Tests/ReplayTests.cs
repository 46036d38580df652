using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Backstake.Cli.Tests;

/// <summary>The command as it is run: its own process, its streams, its exit status.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly string Examples = Path.Combine(AppContext.BaseDirectory, "examples");

    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replay_PrintsTheBooks()
    {
        var run = Run("replay", Path.Combine(Examples, "worked-burn.json"));

        Assert.Equal((0, ""), (run.Status, run.Error));
        AssertSameJson(Path.Combine(Examples, "worked-burn.books.json"), run.Output);
    }

    [Fact]
    public void Replay_OfAMalformedFile_NamesThePlaceInOneLine()
    {
        var run = Run("replay", Path.Combine(Examples, "malformed", "negative-deposit.json"));

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.StartsWith("events[0].amount: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void ReplayMany_WritesBesideEachHistory_AndAMalformedOneStopsNone()
    {
        foreach (var name in new[] { "house.json", "house.books.json", "wind-down.json" }) File.Copy(Path.Combine(Examples, name), Path.Combine(_folder, name));
        File.Copy(Path.Combine(Examples, "malformed", "cut-off.json"), Path.Combine(_folder, "i.json"));
        File.WriteAllText(Path.Combine(_folder, "i.mine.json"), "of an earlier run");

        var run = Run("replay", "--many", _folder);

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.StartsWith("i.json: ", run.Error, StringComparison.Ordinal);
        string[] expected = ["house.books.json", "house.json", "house.mine.json", "i.json", "wind-down.json", "wind-down.mine.json"];
        Assert.Equal(expected, Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertSameJson(Path.Combine(Examples, "house.books.json"), File.ReadAllText(Path.Combine(_folder, "house.mine.json")));
        AssertSameJson(Path.Combine(Examples, "wind-down.books.json"), File.ReadAllText(Path.Combine(_folder, "wind-down.mine.json")));

        File.Delete(Path.Combine(_folder, "i.json"));
        Assert.Equal(0, Run("replay", "--many", _folder).Status);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("replay", "a.json", "--many", ".")]
    [InlineData("replay", "no-such-file.json")]
    [InlineData("replay", "--many", "no-such-folder")]
    [InlineData("no-such-command")]
    public void WhatCannotBeDone_SaysSo_AndPrintsNoBooks(params string[] arguments)
    {
        var run = Run(arguments);

        Assert.Equal(1, run.Status);
        Assert.NotEqual("", run.Error);
        Assert.DoesNotContain("\"weeks\"", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("replay", "--help")]
    public void EveryCommand_HasHelp(params string[] arguments)
    {
        var run = Run(arguments);

        Assert.Equal(0, run.Status);
        Assert.Contains("replay", run.Output, StringComparison.Ordinal);
    }

    private static (int Status, string Output, string Error) Run(params string[] arguments)
    {
        var command = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "backstake.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(command)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static void AssertSameJson(string expectedFile, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(expectedFile)), JsonNode.Parse(actual)), $"not the books of {expectedFile}");
}

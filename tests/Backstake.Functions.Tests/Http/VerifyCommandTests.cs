using System.Diagnostics;
using Backstake.Functions.Tests.Storage;
using Backstake.Season;

namespace Backstake.Functions.Tests.Http;

/// <summary><c>backstake verify</c> with a vault's address, and <c>export</c>, against the app as a process of its own: what it publishes hangs together, also entry by entry.</summary>
[Collection(StorageGround.Collection)]
public sealed class VerifyCommandTests(ApiGround ground) : IClassFixture<ApiGround>
{
    [Fact]
    public async Task WhatTheAppPublishes_IsConsistent()
    {
        var (status, output, error) = await Run("verify", $"{ground.App.Address.ToString().TrimEnd('/')}/api/vaults/{ground.Vault}");
        Assert.Equal((0, ""), (status, error));
        Assert.Contains("✔ The log's entries are chained by their hashes: ", output, StringComparison.Ordinal);
        Assert.Contains("✔ The log names the published weeks by their digests: 2 weeks", output, StringComparison.Ordinal);
        Assert.Contains("✔ The log's roots are those of the history's books: 2 weeks, root by root", output, StringComparison.Ordinal);
        Assert.Contains("Consistent: all 5 checks hold.", output, StringComparison.Ordinal);
        var unknown = await Run("verify", "--app", ground.App.Address.ToString(), "--vault", StorageGround.NewVault());
        Assert.Equal((1, ""), (unknown.Status, unknown.Output));
        Assert.Contains("/log: unknownVault: ", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExport_HasHistoryAndWeeks()
    {
        var folder = Directory.CreateTempSubdirectory("backstake-export-").FullName;
        var run = await Run("export", "--app", ground.App.Address.ToString(), "--vault", ground.Vault, "--out", folder);
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.EndsWith("events, 2 weeks.", run.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, (await Run("replay", Path.Combine(folder, $"{ground.Vault}.json"))).Status);
    }

    static async Task<(int Status, string Output, string Error)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

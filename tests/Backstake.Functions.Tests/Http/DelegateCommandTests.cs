using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Tests.Storage;
using Backstake.Functions.Vaults;
using Backstake.Season;

namespace Backstake.Functions.Tests.Http;

/// <summary><c>backstake upload</c> and <c>node test</c> as a delegate runs them, against the app as a process of its own.</summary>
[Collection(StorageGround.Collection)]
public sealed class DelegateCommandTests(ApiGround ground) : IClassFixture<ApiGround>
{
    const int Crypto = 12;
    readonly string file = Path.Combine(Directory.CreateTempSubdirectory("backstake-upload-").FullName, "predictions.csv");

    [Fact]
    public async Task Predictions_AreStored_OrWhatIsWrongIsSaid()
    {
        var vault = StorageGround.NewVault();
        await ground.Machine.Append(vault, History.Added(vault) with { Event = (VaultAdded)History.Added(vault).Event with { Tournament = Crypto } });
        await new VaultRegistry(ground.Storage.Clients).Add(new(vault, Crypto, "11111111-2222-3333-4444-555555555555"), default);
        var (rounds, now) = (new OpenRounds(ground.Storage.Clients), DateTimeOffset.UtcNow);
        await rounds.Prepare(default);
        await rounds.Remember(Crypto, new NumeraiRound(7, now.AddHours(-1), now.AddHours(1), now.AddDays(31)), default);
        var key = await ground.KeyOf(History.Owner, ApiScope.Submit(vault));

        await File.WriteAllTextAsync(file, Predictions(100));
        var stored = await Run(key, "upload", file, "--vault", vault);
        Assert.Equal((0, ""), (stored.Status, stored.Error));
        Assert.Contains("Stored for round 7, version 1: SHA-256 ", stored.Output, StringComparison.Ordinal);
        Assert.Equal(7, (int)JsonNode.Parse((await Run(key, "upload", file, "--vault", vault, "--round", "7", "--json")).Output)!["round"]!);

        await File.WriteAllTextAsync(file, Predictions(100).Replace("S7,0.07", "S7,1.07", StringComparison.Ordinal));
        var wrong = await Run(key, "upload", file, "--vault", vault);
        Assert.Equal((2, true, true), (wrong.Status, wrong.Error.StartsWith("predictionsInvalid: ", StringComparison.Ordinal), wrong.Error.Contains("line 9", StringComparison.OrdinalIgnoreCase)));
        await File.WriteAllTextAsync(file, "PAR1");
        Assert.Equal(2, (await Run(key, "upload", file, "--vault", vault)).Status);
        Says(1, "unknownRound: ", await Run(key, "upload", file, "--vault", vault, "--round", "99"));
    }

    [Fact]
    public async Task WhoMayNot_IsTold_AndNoKeyIsShown()
    {
        await File.WriteAllTextAsync(file, Predictions(100));
        Says(1, "BACKSTAKE_KEY is not set", await Run("", "upload", file, "--vault", ground.Vault));
        var foreign = await ground.KeyOf(History.Anna.Address, ApiScope.Submit(ground.Vault));
        var refused = await Run(foreign, "upload", file, "--vault", ground.Vault);
        Says(1, "notDelegate: ", refused);
        Assert.DoesNotContain(foreign, refused.Output + refused.Error, StringComparison.Ordinal);
        Says(1, "noNode: ", await Run(await ground.KeyOf(History.Owner, ApiScope.Submit(ground.Vault)), "node", "test", "--vault", ground.Vault));
    }

    static void Says(int status, string begins, (int Status, string Output, string Error) run) => Assert.True(run.Status == status && run.Error.StartsWith(begins, StringComparison.Ordinal), $"{run.Status}: {run.Error}{run.Output}");

    static string Predictions(int count)
    {
        var text = new StringBuilder("symbol,prediction\n");
        for (var i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"S{i},{i / 100m:0.00}\n");
        return text.ToString();
    }

    async Task<(int Status, string Output, string Error)> Run(string key, params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, [.. arguments, "--app", ground.App.Address.ToString()]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BACKSTAKE_KEY"] = key;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

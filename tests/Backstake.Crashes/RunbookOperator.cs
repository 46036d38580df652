using System.Net;
using System.Text.Json;
using Backstake.Functions.Tests.Seasons;
using Backstake.Season;

namespace Backstake.Crashes;

/// <summary>
/// Looks for signers and vaults that halted, for models whose owner was forgotten and vaults that were, and runs the line that docs/runbook.md has for it. What halted must have said why.
/// </summary>
public sealed class RunbookOperator(SeasonPlay play, Action<string> say)
{
    static readonly string[] Roles = ["committer", "staker", "settler"];

    /// <returns>Whether anything was found.</returns>
    public async Task<bool> Look(CancellationToken stop)
    {
        var found = false;
        foreach (var role in Roles)
        {
            if ((await StoredEnds.Read(play.Ground.Azurite, stop)).Halted.GetValueOrDefault(play.Ground.Wallet(role).Address.ToLowerInvariant()) is not { } why)
                continue;
            say($"  signer {role} halted: {why}");
            await Run(Line($"backstake ops resume-signer --app APP --signer {role}"), null);
            found = true;
        }

        foreach (var vault in play.Vaults)
        {
            using var http = new HttpClient { BaseAddress = play.App.Address };
            using var answer = await http.GetAsync(new Uri($"api/vaults/{vault.Id}", UriKind.Relative), stop);
            var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop)).RootElement;
            if (IsNotYet(answer.StatusCode, told))
            {
                say($"  vault isn't there yet: {told.GetProperty("code").GetString()}");
                found = true;
                continue;
            }

            if (await WhyHalted(http, vault, answer, told, stop) is not var (cause, detail))
            {
                if (told.GetProperty("ownership").GetProperty("status").GetString() != "proven")
                {
                    await Run(Line("backstake ops attest"), vault);
                    found = true;
                }

                continue;
            }

            say($"  vault halted: {cause}: {detail}");
            Assert.False(string.IsNullOrWhiteSpace(detail));
            if (cause == "historyMissing")
                await Run(Line("backstake rebuild"), vault);
            await Run(Line(cause == "historyMissing" ? "backstake ops import" : "backstake ops resume --app APP --vault VAULT"), vault);
            found = true;
        }

        return found;
    }

    /// <summary>All that was stored is gone: its tables are made again, then the vault is found again by its factory.</summary>
    static bool IsNotYet(HttpStatusCode status, JsonElement told) =>
        status is HttpStatusCode.NotFound || (status is HttpStatusCode.ServiceUnavailable && told.GetProperty("code").GetString() == "unavailable"); // code of HttpProblems

    static async Task<(string Cause, string Detail)?> WhyHalted(HttpClient http, SeasonVault vault, HttpResponseMessage answer, JsonElement it, CancellationToken stop)
    {
        if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
            return (it.GetProperty("code").GetString()!, it.GetProperty("detail").GetString()!);
        answer.EnsureSuccessStatusCode();
        if (it.GetProperty("status").GetString() != "halted")
            return null;
        var log = await http.GetStringAsync(new Uri($"api/vaults/{vault.Id}/log?after=0", UriKind.Relative), stop);
        var halted = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(line => line.Contains("\"vaultHalted\"", StringComparison.Ordinal));
        using var entry = JsonDocument.Parse(halted);
        var said = entry.RootElement.GetProperty("event");
        return (said.GetProperty("cause").GetString()!, said.GetProperty("detail").GetString()!);
    }

    async Task Run(string line, SeasonVault? vault)
    {
        var folder = Path.GetDirectoryName(play.LogFile)!;
        var (status, output) = await RunbookLines.Run(line, folder, play.App.MasterKey, ("APP", play.App.Address.ToString()), ("VAULT", vault?.Id ?? ""), ("OWNER", vault?.Owner.Address ?? ""), ("TEXT", "handed over for the season"), ("NODE", play.Ground.Node.ToString()));
        say($"  {line}: {status} {output.Trim()}");
        Assert.True(status == 0, $"{line}: {output}");
    }

    static string Line(string beginning) =>
        RunbookLines.All.First(line => line.StartsWith(beginning, StringComparison.Ordinal) && !line.Contains("--export", StringComparison.Ordinal));
}

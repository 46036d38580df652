using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Accounting;

namespace Backstake.Cli.Export;

/// <summary><c>backstake export</c>: what an app publishes of its vaults, as the files that verify, replay, rebuild and import take. Needs no key.</summary>
internal static class ExportCommand
{
    private const string OtherVersion = "The app's answer isn't what this command knows: it may be of another version.";

    public static Command Create()
    {
        var app = AppAddress.Required();
        var vault = new Option<string?>("--vault") { Description = "The vault's address (by default every vault).", HelpName = "ADDRESS" };
        var output = new Option<DirectoryInfo>("--out") { Description = "Where VAULT.json (the history) and VAULT.books.json (the published weeks) are written.", HelpName = "DIR", Required = true };
        var command = new Command("export", "Write histories and published books of an app's vaults, for instance: backstake export --app https://… --out exported. Exit status 0: all are written; 1: one can't be had, and the others are written.") { app, vault, output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(vault) is { } address && !Backer.IsAddress(address.ToLowerInvariant())) result.AddError("--vault: an address is 0x and 40 hex digits.");
        });
        command.SetAction(async (result, stop) =>
        {
            try
            {
                var (from, folder) = (result.GetRequiredValue(app)!, result.GetRequiredValue(output).FullName);
                Directory.CreateDirectory(folder);
                var status = ExitStatus.Done;
                foreach (var id in result.GetValue(vault) is { } one ? [one.ToLowerInvariant()] : await Vaults(from, stop))
                {
                    if (!await Exported(result, from, id, folder, stop)) status = ExitStatus.Failed;
                }

                return status;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return OneLineFailures.OneLine(result.InvocationConfiguration.Error, ExitStatus.Failed, e.Message);
            }
            catch (Exception e) when (IsOtherVersion(e))
            {
                return OneLineFailures.OneLine(result.InvocationConfiguration.Error, ExitStatus.Failed, OtherVersion);
            }
        });
        return command;
    }

    private static async Task<IEnumerable<string>> Vaults(Uri app, CancellationToken stop) => (await ListedVaults.All(app, stop)).Select(vault => vault.GetProperty("id").GetString()!);

    /// <summary>One that can't be had is said, and doesn't keep the others back.</summary>
    private static async Task<bool> Exported(ParseResult result, Uri app, string vault, string folder, CancellationToken stop)
    {
        try
        {
            var (events, weeks) = await Write(app, vault, folder, stop);
            result.InvocationConfiguration.Output.WriteLine($"{vault}: {events} events, {weeks} weeks.");
            return true;
        }
        catch (Exception e) when (e is IOException || IsOtherVersion(e))
        {
            OneLineFailures.OneLine(result.InvocationConfiguration.Error, ExitStatus.Failed, e is IOException ? e.Message : $"{vault}: {OtherVersion}");
            return false;
        }
    }

    private static bool IsOtherVersion(Exception e) => e is JsonException or KeyNotFoundException or InvalidOperationException;

    /// <summary>The weeks first: a settlement that comes between the two is in the history, and verify takes a history that goes on.</summary>
    private static async Task<(int Events, int Weeks)> Write(Uri app, string vault, string folder, CancellationToken stop)
    {
        using var summary = JsonDocument.Parse(await Download.Bytes(AppAddress.Of(app, $"vaults/{vault}"), stop));
        var last = summary.RootElement.GetProperty("lastWeek").GetInt32();
        var weeks = new List<string>();
        for (var week = 1; week <= last; week++)
            weeks.Add(Encoding.UTF8.GetString(await Download.Bytes(AppAddress.Of(app, $"vaults/{vault}/weeks/{week}"), stop)));
        var history = await Download.Bytes(AppAddress.Of(app, $"vaults/{vault}/log"), stop);
        var read = ReplayFile.Read(history);
        if (read.IsMalformed(out var malformed)) throw new IOException($"{vault}: {malformed}");
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{vault}.json"), history, stop);
        // The chain refuses what the books refuse, so there are no errors to list.
        await File.WriteAllTextAsync(Path.Combine(folder, $"{vault}.books.json"), $"{{\"weeks\":[\n{string.Join(",\n", weeks)}\n],\"errors\":[]}}\n", stop);
        return (read.Value.Events.Length, weeks.Count);
    }
}

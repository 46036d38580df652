using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Cli.Backers;
using Backstake.Cli.Verify;

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

    /// <summary>Files are named by them: what is no address must not become a path.</summary>
    private static async Task<IReadOnlyList<string>> Vaults(Uri app, CancellationToken stop) =>
        [.. (await ListedVaults.All(app, stop)).Select(vault => vault.GetProperty("id").GetString() is { } id && Backer.IsAddress(id) ? id : throw new IOException($"{app.Host} lists a vault whose id is no address."))];

    /// <summary>One that can't be had is said, and doesn't keep the others back.</summary>
    private static async Task<bool> Exported(ParseResult result, Uri app, string vault, string folder, CancellationToken stop)
    {
        try
        {
            var (events, weeks) = await Write(app, vault, folder, stop);
            result.InvocationConfiguration.Output.WriteLine($"{vault}: {events} events, {weeks} weeks.");
            return true;
        }
        catch (Exception e) when (e is IOException or MalformedHistoryException || IsOtherVersion(e))
        {
            OneLineFailures.OneLine(result.InvocationConfiguration.Error, ExitStatus.Failed, e is IOException or MalformedHistoryException ? e.Message : $"{vault}: {OtherVersion}");
            return false;
        }
    }

    private static bool IsOtherVersion(Exception e) => e is JsonException or KeyNotFoundException or InvalidOperationException;

    private static async Task<(int Events, int Weeks)> Write(Uri app, string vault, string folder, CancellationToken stop)
    {
        var (bytes, history, weeks) = await PublishedVault.Download(app, vault, Steps.None, stop);
        // The chain refuses what the books refuse, so there are no errors to list.
        var books = $"{{\"weeks\":[\n{string.Join(",\n", weeks.Select(Encoding.UTF8.GetString))}\n],\"errors\":[]}}\n";
        WholeFiles.Write([(Path.Combine(folder, $"{vault}.json"), bytes), (Path.Combine(folder, $"{vault}.books.json"), Encoding.UTF8.GetBytes(books))]);
        return (history.Events.Length, weeks.Count);
    }
}

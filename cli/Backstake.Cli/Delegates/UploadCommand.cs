using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Delegates;

/// <summary><c>backstake upload</c>: a delegate's predictions for a round.</summary>
internal static class UploadCommand
{
    internal const string KeyFor = "a key with the scope submit:VAULT that the vault's owner made";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5); // a whole file, on a slow line

    private const string About = """
        Store predictions for a round of a vault. The last file that is stored before the deadline counts, until the round is staked on one.

        Example:
          BACKSTAKE_KEY=bst_… backstake upload predictions.csv --app https://… --vault 0x… --round next

        Exit status 0: stored; 1: the file, the app or the key can't be used; 2: the predictions break the tournament's rules, by line and column; 3: the round takes no file any more.
        """;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The predictions as CSV." };
        var app = AppAddress.Required();
        var vault = new Option<string>("--vault") { Description = "The vault, by address.", HelpName = "ADDRESS", Required = true };
        var round = new Option<string>("--round") { Description = "A round's number, or next (the default): the open one, or between rounds the one that opens next.", HelpName = "ROUND", DefaultValueFactory = _ => "next" };
        var json = new Option<bool>("--json") { Description = "Print the app's answer as it came." };
        var command = new Command("upload", About) { file, app, vault, round, json };
        VaultSource.RequireAddress(command, vault);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (url, bytes) = (result.GetValue(app)!, await File.ReadAllBytesAsync(result.GetValue(file)!.FullName, stop));
            var answer = await new AppCall(url, HttpMethod.Put, $"vaults/{result.GetValue(vault)}/rounds/{Uri.EscapeDataString(result.GetValue(round)!)}/predictions") { KeyFor = KeyFor, Body = bytes, BodyType = "text/csv", Limit = Limit }.Send(stop);
            if (!answer.IsDone) return Refused(result, url, answer, result.GetValue(json));
            var stored = JsonDocument.Parse(answer.Body).RootElement;
            result.InvocationConfiguration.Output.WriteLine(result.GetValue(json)
                ? Encoding.UTF8.GetString(answer.Body)
                : $"Stored for round {stored.GetProperty("round")}, version {stored.GetProperty("version")}: SHA-256 {stored.GetProperty("hash")}{(stored.GetProperty("idsChecked").GetBoolean() ? "" : ". Its ids are checked once the round is open")}.");
            return ExitStatus.Done;
        }));
        return command;
    }

    private static int Refused(ParseResult result, Uri app, AppAnswer answer, bool asJson)
    {
        var error = result.InvocationConfiguration.Error;
        if (asJson) result.InvocationConfiguration.Output.WriteLine(Encoding.UTF8.GetString(answer.Body));
        OneLineFailures.OneLine(error, ExitStatus.Failed, answer.Words(app));
        if (answer.Status == 422 && JsonDocument.Parse(answer.Body).RootElement.TryGetProperty("errors", out var errors))
        {
            foreach (var one in errors.EnumerateArray()) OneLineFailures.OneLine(error, ExitStatus.Malformed, $"  line {one.GetProperty("line")}: {one.GetProperty("message")}");
        }

        return answer.Status switch { 415 or 422 => ExitStatus.Malformed, 409 or 429 => ExitStatus.Refused, _ => ExitStatus.Failed };
    }
}

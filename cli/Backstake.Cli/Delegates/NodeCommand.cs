using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Delegates;

/// <summary><c>backstake node test</c>: has an app call a vault's node now.</summary>
internal static class NodeCommand
{
    private const string About = """
        Have the app call the vault's node now, signed as every call is, and tell what came of it (docs/nodes.md).

        Example:
          BACKSTAKE_KEY=bst_… backstake node test --app https://… --vault 0x…

        Exit status 0: the node answered; 1: the app or the key can't be used, or the vault has no node; 3: the node was called and didn't answer as it should.
        """;

    public static Command Create()
    {
        var app = AppAddress.Required();
        var vault = new Option<string>("--vault") { Description = "The vault, by address.", HelpName = "ADDRESS", Required = true };
        var json = new Option<bool>("--json") { Description = "Print the app's answer as it came." };
        var test = new Command("test", About) { app, vault, json };
        VaultSource.RequireAddress(test, vault);
        test.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var url = result.GetValue(app)!;
            var answer = await new AppCall(url, HttpMethod.Post, $"vaults/{result.GetValue(vault)}/node/test") { KeyFor = UploadCommand.KeyFor, Body = [] }.Send(stop);
            if (!answer.IsDone) throw new IOException(answer.Words(url));
            var call = JsonDocument.Parse(answer.Body).RootElement;
            var outcome = call.GetProperty("outcome").GetString();
            result.InvocationConfiguration.Output.WriteLine(result.GetValue(json)
                ? Encoding.UTF8.GetString(answer.Body)
                : $"{outcome}{(call.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? $" ({status})" : "")} after {call.GetProperty("milliseconds")} ms. {call.GetProperty("detail").GetString()}".TrimEnd());
            return outcome == "ok" ? ExitStatus.Done : ExitStatus.Refused;
        }));
        return new Command("node", "A delegate's node.") { test };
    }
}

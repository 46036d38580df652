using System.CommandLine;

namespace Backstake.Cli.Ops;

/// <summary><c>backstake ops</c>: what the operator of a deployment asks and tells it (docs/runbook.md). Thin: each is one request, and the app decides.</summary>
internal static class OpsCommand
{
    public const string KeyVariable = "BACKSTAKE_OPS_KEY";

    private static readonly TimeSpan ImportLimit = TimeSpan.FromMinutes(4); // Azure gives up on a request after 230 s; said again, it goes on where it was

    public static Command Create() => new("ops", $"Ask and tell a running deployment. The function key comes from the environment variable {KeyVariable}, never from an argument.")
    {
        Plain("ready", "Is everything outside that the app depends on as it must be? Exit status 1 if not, with what to do.", "health/ready", OpsText.Ready),
        Plain("status", "Per flow: last success, last failure, what waits, how far behind the chain.", "status", OpsText.Status),
        new Command("quarantine", "Messages that failed too often and were put aside.") { Plain("list", "What was put aside, and why.", "ops/quarantine", OpsText.Quarantine), Resend() },
        Plain("orders", "Who ordered what, and why, the newest first.", "ops/orders", OpsText.Orders),
        OfVault("retry", "Send now what is due for a vault, as the sweep would some minutes later.", asksWhy: true),
        OfVault("halt", "Do nothing for a vault any more until it is resumed. Holders can leave and claim on chain all the time.", asksWhy: true),
        OfVault("resume", "Go on with a halted vault, if its log is whole and the chain has what it says.", asksWhy: true),
        OfVault("check", "Look at every stored row and document of a vault; what is damaged halts it.", asksWhy: false),
        Attest(),
        Tell("withdraw-attestation", "Take back what was attested.", Vault(), address => $"ops/vaults/{address.ToLowerInvariant()}/ownership/withdraw", asksWhy: true),
        Import(), ResumeSigner(),
    };

    private static Command Plain(string name, string description, string route, Func<System.Text.Json.JsonElement, string> text)
    {
        var (app, json) = (AppAddress.Required(), Json());
        var command = new Command(name, description) { app, json };
        command.SetAction((result, stop) => new OpsRequest(result, HttpMethod.Get, route, null, result.GetValue(json) ? null : text).Send(result.GetRequiredValue(app)!, stop));
        return command;
    }

    private static Command Resend()
    {
        var id = new Option<string>("--id") { Description = "The message's id, as list names it.", HelpName = "ID", Required = true };
        return Tell("resend", "Send a message again. End first what made it fail.", id, message => $"ops/quarantine/{Uri.EscapeDataString(message)}/resend", asksWhy: true);
    }

    private static Command Attest()
    {
        var owner = new Option<string>("--owner") { Description = "The vault's owner, as you know them: who handed the model over.", HelpName = "ADDRESS", Required = true };
        return Tell(
            "attest", "Say that a vault's owner handed its model over into the operator's Numerai account. Know who they are first.", Vault(),
            address => $"ops/vaults/{address.ToLowerInvariant()}/ownership", asksWhy: true, (owner, "handedOverBy"));
    }

    private static Command OfVault(string what, string description, bool asksWhy) =>
        Tell(what, description, Vault(), address => $"ops/vaults/{address.ToLowerInvariant()}/{what}", asksWhy);

    private static Command Import()
    {
        var (app, json, vault, reason, by) = (AppAddress.Required(), Json(), Vault(), Reason(), By());
        var history = new Option<FileInfo>("--history") { Description = "A replay file: an export, or what rebuild made.", HelpName = "FILE", Required = true }.AcceptExistingOnly();
        var command = new Command("import", "Give a vault its history back in a deployment that has none of it. It is held against the chain before anything is stored; exit status 1 if it isn't the chain's.") { app, vault, history, reason, by, json };
        command.SetAction(async (result, stop) =>
        {
            var route = $"ops/vaults/{result.GetRequiredValue(vault).ToLowerInvariant()}/import?by={Uri.EscapeDataString(result.GetRequiredValue(by))}&reason={Uri.EscapeDataString(result.GetRequiredValue(reason))}";
            var file = await File.ReadAllBytesAsync(result.GetRequiredValue(history).FullName, stop);
            return await new OpsRequest(result, HttpMethod.Post, route, file, result.GetValue(json) ? null : OpsText.Done) { Limit = ImportLimit }.Send(result.GetRequiredValue(app)!, stop);
        });
        return command;
    }

    private static Command ResumeSigner()
    {
        var signer = new Option<string>("--signer") { Description = "committer, staker or settler.", HelpName = "ROLE", Required = true };
        signer.AcceptOnlyFromAmong("committer", "staker", "settler");
        return Tell("resume-signer", "Let a halted key sign again. Shut out first whoever else had it.", signer, role => $"ops/signers/{role}/resume", asksWhy: true);
    }

    private static Command Tell(string name, string description, Option<string> subject, Func<string, string> route, bool asksWhy, (Option<string> Option, string Field)? more = null)
    {
        var (app, json, reason, by) = (AppAddress.Required(), Json(), Reason(), By());
        var command = new Command(name, description) { app, subject, json };
        if (asksWhy)
        {
            command.Add(reason);
            command.Add(by);
        }

        if (more is { Option: var option })
            command.Add(option);
        command.SetAction((result, stop) => new OpsRequest(result, HttpMethod.Post, route(result.GetRequiredValue(subject)), Body(result), result.GetValue(json) ? null : OpsText.Done).Send(result.GetRequiredValue(app)!, stop));
        return command;

        Dictionary<string, string>? Body(ParseResult result)
        {
            if (!asksWhy)
                return null;
            var body = new Dictionary<string, string>(StringComparer.Ordinal) { ["by"] = result.GetRequiredValue(by), ["reason"] = result.GetRequiredValue(reason) };
            if (more is var (asked, field))
                body[field] = result.GetRequiredValue(asked);
            return body;
        }
    }

    private static Option<string> Vault()
    {
        var vault = new Option<string>("--vault") { Description = "The vault's address.", HelpName = "ADDRESS", Required = true };
        vault.Validators.Add(result =>
        {
            if (!Accounting.Backer.IsAddress((result.Tokens.Count == 0 ? "" : result.Tokens[0].Value).ToLowerInvariant())) result.AddError("--vault: an address is 0x and 40 hex digits.");
        });
        return vault;
    }

    private static Option<string> Reason()
    {
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the record for good.", HelpName = "TEXT", Required = true };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.Tokens.Count == 0 ? "" : result.Tokens[0].Value)) result.AddError("--reason: say why.");
        });
        return reason;
    }

    private static Option<string> By() => new("--by") { Description = "Who says so (by default the name of this machine's user).", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };

    private static Option<bool> Json() => new("--json") { Description = "Print the app's answer as it came." };
}

using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain;

namespace Backstake.Cli.Verify;

/// <summary>
/// <c>backstake verify</c>: from a vault's published history and books, and an Ethereum node, finds out whether they are true. It trusts neither the files nor whoever published them, only the node.
/// </summary>
internal static class VerifyCommand
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static Command Create()
    {
        var replay = new Option<FileInfo>("--replay") { Description = "The vault's history in the replay format.", HelpName = "FILE", Required = true };
        var books = new Option<FileInfo>("--books") { Description = "The vault's published books.", HelpName = "FILE", Required = true };
        var node = new Option<Uri?>("--node") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
        var vault = new Option<string?>("--vault") { Description = "The vault contract's address (by default the history's vault id).", HelpName = "ADDRESS" };
        var fromBlock = new Option<ulong?>("--from-block") { Description = "The block of the vault's creation, for a node that keeps no old states (by default it is searched).", HelpName = "BLOCK" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("verify", "Check a vault's history and published books against each other and against the chain. Exit status 0: everything holds; 1: something doesn't, or can't be read; 2: a file is malformed.")
        {
            replay, books, node, vault, fromBlock, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(vault) is { } address && !Backer.IsAddress(address.ToLowerInvariant())) result.AddError("--vault: an address is 0x and 40 hex digits.");
        });
        command.SetAction((result, stop) => Verify(
            result.GetRequiredValue(replay), result.GetRequiredValue(books), result.GetRequiredValue(node)!, result.GetValue(vault), result.GetValue(fromBlock), result.GetValue(json),
            result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, stop));
        return command;
    }

    private static async Task<int> Verify(
        FileInfo replayFile, FileInfo booksFile, Uri node, string? named, ulong? fromBlock, bool json, TextWriter output, TextWriter error, CancellationToken stop)
    {
        int Fail(int status, string line) => OneLineFailures.OneLine(error, status, line);
        return await OneLineFailures.Say(error, node, "--node", named ?? "the history's vault", async () =>
        {
            var file = ReplayFile.Read(await File.ReadAllBytesAsync(replayFile.FullName, stop));
            if (file.IsMalformed(out var malformed)) return Fail(ExitStatus.Malformed, $"{replayFile}: {malformed}");
            if (ReadBooks(await File.ReadAllBytesAsync(booksFile.FullName, stop)) is not { } published) return Fail(ExitStatus.Malformed, $"{booksFile}: not a JSON object with weeks and errors");
            if (file.Value.Vault.Staking != Staking.PerRound) return Fail(ExitStatus.Failed, $"{replayFile}: a continuous vault has no contract to compare with; its books alone can be folded with 'backstake replay'.");
            var vault = (named ?? file.Value.Vault.Id).ToLowerInvariant();
            if (!Backer.IsAddress(vault)) return Fail(ExitStatus.Failed, $"{replayFile}: the vault's id is no address: name the contract with --vault.");

            var report = VerifyReport.Of(vault, await Checks(file.Value, published, node, vault, fromBlock, stop));
            output.WriteLine(json ? report.ToJson() : report.ToString());
            return report.Verified ? ExitStatus.Done : ExitStatus.Failed;
        });
    }

    private static async Task<IReadOnlyList<Check>> Checks(ReplayFile file, JsonNode published, Uri node, string vault, ulong? fromBlock, CancellationToken stop)
    {
        FoldedHistory history;
        try
        {
            history = FoldedHistory.Of(file);
        }
        catch (InvariantViolatedException e)
        {
            return [Check.Fail("The history gives books", e.Message)];
        }

        var chain = await new ChainEvidenceReader(ChainNode.Connect(node, RequestLimit), vault, stop).Read(history, fromBlock);
        return Verification.Of(history, published, chain);
    }

    private static JsonNode? ReadBooks(byte[] utf8)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: Strict) is JsonObject books && books["weeks"] is JsonArray && books["errors"] is JsonArray ? books : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

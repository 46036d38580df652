using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Verify;

/// <summary>
/// <c>backstake verify</c>: from a vault's published history and books, and an Ethereum node, finds out whether they are true. It trusts neither what is published nor whoever published it, only the node.
/// </summary>
internal static class VerifyCommand
{
    private const string About = """
        Check a vault's history and published books against each other and against the chain: from an app, by the vault's address there, or from files.

        Examples:
          backstake verify https://app.example/api/vaults/0x… --node http://127.0.0.1:8545
          backstake verify --app https://app.example --vault 0x… --node http://127.0.0.1:8545
          backstake verify --replay 0x….json --books 0x….books.json --node http://127.0.0.1:8545

        Of an app also its log is followed, entry by entry: the hashes that chain it, its roots, the digests of what is published. Without --node what an app publishes is held against itself alone, which
        is said. Exit status 0: everything holds; 1: something doesn't, or can't be had or read; 2: the history, the books or the log are malformed.
        """;

    private const int EventsAtOnce = 1000;
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var url = new Argument<VaultUrl?>("URL") { Description = "A vault's address at an app: https://…/api/vaults/0x….", Arity = ArgumentArity.ZeroOrOne, CustomParser = VaultUrl.Parse };
        var app = AppAddress.Optional("A running app, whose vault --vault is.");
        var replay = new Option<FileInfo?>("--replay") { Description = "The vault's history in the replay format.", HelpName = "FILE" };
        var books = new Option<FileInfo?>("--books") { Description = "The vault's published books.", HelpName = "FILE" };
        var node = new Option<Uri?>("--node") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", CustomParser = HttpAddress.Parse };
        var vault = new Option<string?>("--vault") { Description = "The vault contract's address (of files by default the history's vault id).", HelpName = "ADDRESS" };
        var fromBlock = new Option<ulong?>("--from-block") { Description = "The block of the vault's creation, for a node that keeps no old states (by default it is searched).", HelpName = "BLOCK" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("verify", About) { url, app, replay, books, node, vault, fromBlock, json };
        VaultSource.RequireAddress(command, vault);
        command.Validators.Add(result =>
        {
            var isOfFiles = result.GetResult(replay) is not null || result.GetResult(books) is not null;
            var sources = new[] { result.GetResult(url) is { Tokens.Count: > 0 }, result.GetResult(app) is not null, isOfFiles }.Count(named => named);
            if (sources != 1) result.AddError("Name what to verify: URL, or --app URL with --vault ADDRESS, or --replay FILE with --books FILE.");
            if (isOfFiles && (result.GetResult(replay) is null || result.GetResult(books) is null || result.GetResult(node) is null)) result.AddError("--replay, --books and --node go together.");
            if (result.GetResult(app) is not null && result.GetResult(vault) is null) result.AddError("--app and --vault go together.");
            if (result.GetResult(url) is { Tokens.Count: > 0 } && result.GetResult(vault) is not null) result.AddError("URL names the vault already.");
        });
        command.SetAction((result, stop) => VaultSource.Say(result, () =>
        {
            var (named, quiet) = (result.GetValue(vault)?.ToLowerInvariant(), result.GetValue(json));
            var at = result.GetValue(url) ?? (result.GetValue(app) is { } running ? new VaultUrl(running, named!) : null);
            Task<PublishedVault> Get(Steps steps) =>
                at is not null ? PublishedVault.FromApp(at.App, at.Vault, steps, stop) : PublishedVault.FromFiles(result.GetValue(replay)!, result.GetValue(books)!, steps, stop);
            return Verify(result, Get, result.GetValue(node), at?.Vault ?? named, result.GetValue(fromBlock), quiet, stop);
        }));
        return command;
    }

    private static async Task<int> Verify(ParseResult result, Func<Steps, Task<PublishedVault>> get, Uri? node, string? named, ulong? fromBlock, bool json, CancellationToken stop)
    {
        async Task<int> Of() => await Report(result, await Steps.Show(json, async steps =>
        {
            var published = await get(steps);
            if (published.History.Vault.Staking != Staking.PerRound)
                throw new IOException($"{published.Name}: a continuous vault has no contract to compare with; its books alone can be folded with 'backstake replay'.");
            var vault = named ?? published.History.Vault.Id.ToLowerInvariant();
            if (!Backer.IsAddress(vault)) throw new IOException($"{published.Name}: the vault's id is no address: name the contract with --vault.");
            return VerifyReport.Of(vault, node is not null, await Checks(published, node, vault, fromBlock, steps, stop));
        }), json);

        return node is null ? await Of() : await OneLineFailures.Say(result.InvocationConfiguration.Error, node, "--node", named ?? "the history's vault", Of);
    }

    private static Task<int> Report(ParseResult result, VerifyReport report, bool json)
    {
        result.InvocationConfiguration.Output.WriteLine(json ? report.ToJson() : report.ToString());
        return Task.FromResult(report.Verified ? ExitStatus.Done : ExitStatus.Failed);
    }

    private static async Task<IReadOnlyList<Check>> Checks(PublishedVault published, Uri? node, string vault, ulong? fromBlock, Steps steps, CancellationToken stop)
    {
        FoldedHistory history;
        try
        {
            using var step = steps.Begin("Folding the history", published.History.Events.Length);
            history = FoldedHistory.Of(published.History, done =>
            {
                if (done % EventsAtOnce == 0) step.Reach(done);
            });
        }
        catch (InvariantViolatedException e)
        {
            return [Check.Fail("The history gives books", e.Message)];
        }

        IEnumerable<Check> log = published.Log?.Checks(history) ?? [];
        if (node is null) return [.. log, BooksAreThePublished.Of(history, published.Books)];
        using var asking = steps.Begin("Asking the chain");
        var chain = await new ChainEvidenceReader(ChainNode.Connect(node, RequestLimit), vault, stop).Read(history, fromBlock);
        return [.. log, .. Verification.Of(history, published.Books, chain)];
    }
}

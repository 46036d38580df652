using System.CommandLine;
using Backstake.Accounting;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake deposit | exit | cancel | transfer | claim</c>: what a backer does, by their own key, without an app's word: history and books are folded here, the node is asked for the rest.</summary>
internal static class ActCommand
{
    private const string Ends = """

        --dry-run (the default) prints the calls, decoded from their own bytes, with the digest to compare. --send signs and sends them one after another with the key of --keystore, whose password
        is asked for, or taken from BACKSTAKE_KEYSTORE_PASSWORD.
        Exit status 0: printed, or sent and mined; 1: a file, the app, the node or the key can't be used, or a transaction reverted; 2: the history is malformed; 3: books or contract refuse.
        """;

    public static Command Deposit() => Create("deposit", "Buy units of an offer. Exactly their price is approved first.",
        "backstake deposit --app http://localhost:7071 --vault 0x… --rpc http://127.0.0.1:8545 --backer 0x… --terms ID --units 5 --dry-run",
        new Asks(Terms: true, Units: true, Payout: true), (ask, backer) => new Deposit(backer, ask.Terms, ask.Units, ask.Payout));

    public static Command Exit() => Create("exit", "Ask units out: they leave at the next settlement and are paid as their rounds resolve.",
        "backstake exit --app … --vault 0x… --rpc … --backer 0x… --terms ID --entry-week 3 --units 2 --send --keystore key.json",
        new Asks(Terms: true, Units: true, Payout: true, EntryWeek: true), (ask, backer) => new Exit(backer, ask.Series, ask.Units));

    public static Command Cancel() => Create("cancel", "Take back a deposit that waits, or with --entry-week an exit that was asked for.",
        "backstake cancel --app … --vault 0x… --rpc … --backer 0x… --terms ID --units 2 --send --keystore key.json",
        new Asks(Terms: true, Units: true, Payout: true, EntryWeek: true, EntryWeekMayMiss: true),
        (ask, backer) => ask.EntryWeek is null ? new CancelDeposit(backer, ask.Terms, ask.Units, ask.Payout) : new CancelExit(backer, ask.Series, ask.Units));

    public static Command Transfer() => Create("transfer", "Give live units to somebody else: nobody can take them back.",
        "backstake transfer --app … --vault 0x… --rpc … --backer 0x… --terms ID --entry-week 3 --units 2 --to 0x… --send --keystore key.json",
        new Asks(Terms: true, Units: true, Payout: true, EntryWeek: true, To: true), (ask, backer) => new Transfer(backer, new Backer(ask.To!), ask.Series, ask.Units));

    public static Command Claim() => Create("claim", "Have everything paid that accepted settlements released. Anybody may send it; --backer is paid.",
        "backstake claim --app … --vault 0x… --rpc … --backer 0x… --send --keystore key.json", new Asks(), null);

    /// <summary>Which options an act has.</summary>
    private sealed record Asks(bool Terms = false, bool Units = false, bool Payout = false, bool EntryWeek = false, bool EntryWeekMayMiss = false, bool To = false);

    private sealed record Asked(TermsId Terms, Units Units, Payout Payout, int? EntryWeek, string? To)
    {
        public SeriesId Series => new(Terms, new Week(EntryWeek!.Value), Payout);
    }

    private static Command Create(string name, string about, string example, Asks asks, Func<Asked, Backer, VaultEvent>? act)
    {
        var (source, backer) = (new VaultSource(), VaultSource.Backer());
        var node = new Option<Uri?>("--rpc") { Description = "An Ethereum node's JSON-RPC address.", HelpName = "URL", Required = true, CustomParser = HttpAddress.Parse };
        var terms = new Option<string?>("--terms") { Description = "The terms' id.", HelpName = "ID", Required = asks.Terms };
        var units = new Option<long>("--units") { Description = "How many units.", HelpName = "N", Required = asks.Units };
        var payout = new Option<Payout>("--payout") { Description = "What profit does: compound (the default) or pay.", HelpName = "CHOICE" };
        var entryWeek = new Option<int?>("--entry-week") { Description = "The week in which the units entered.", HelpName = "WEEK", Required = asks.EntryWeek && !asks.EntryWeekMayMiss };
        var to = new Option<string?>("--to") { Description = "Who gets them.", HelpName = "ADDRESS", Required = asks.To };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the calls, and send nothing (the default)." };
        var send = new Option<bool>("--send") { Description = "Sign and send them." };
        var keystore = new Option<FileInfo?>("--keystore") { Description = "The file of the key that signs.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(name, $"{about}\n\nExample:\n  {example}\n{Ends}") { backer, node, dryRun, send, keystore, json };
        foreach (var (wanted, option) in new (bool, Option)[] { (asks.Terms, terms), (asks.Units, units), (asks.Payout, payout), (asks.EntryWeek, entryWeek), (asks.To, to) })
        {
            if (wanted) command.Add(option);
        }

        source.AddTo(command);
        VaultSource.RequireAddress(command, backer, to);
        command.Validators.Add(result =>
        {
            if (result.GetValue(send) && result.GetValue(dryRun)) result.AddError("--send or --dry-run, not both.");
            if (result.GetValue(send) != result.GetValue(keystore) is not null) result.AddError("--send and --keystore go together.");
            if (asks.Units && result.GetValue(units) is < 1 or > Units.MostOfAnEvent) result.AddError($"--units: from 1 to {Units.MostOfAnEvent}.");
            if (asks.EntryWeek && result.GetValue(entryWeek) is < 0) result.AddError("--entry-week: a week is not negative.");
        });
        command.SetAction((result, stop) =>
        {
            var who = new Backer(result.GetValue(backer)!.ToLowerInvariant());
            var wanted = act?.Invoke(
                new(new TermsId(asks.Terms ? result.GetValue(terms)! : ""), new Units(asks.Units ? result.GetValue(units) : 0), asks.Payout ? result.GetValue(payout) : default,
                    asks.EntryWeek ? result.GetValue(entryWeek) : null, asks.To ? result.GetValue(to)!.ToLowerInvariant() : null), who);
            var run = new ActRun(result, result.GetValue(node)!, who, wanted, result.GetValue(send) ? result.GetValue(keystore) : null, result.GetValue(json));
            return VaultSource.Say(result, async () =>
            {
                var vault = await source.Read(result, stop);
                return await OneLineFailures.Say(result.InvocationConfiguration.Error, run.Node, "--rpc", vault.Books.Vault.Id, () => run.Run(vault, stop));
            });
        });
        return command;
    }
}

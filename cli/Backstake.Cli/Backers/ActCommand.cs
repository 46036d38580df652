using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Cli.Quotes;
using Nethereum.Web3;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake deposit | exit | cancel | transfer | claim</c>: what a backer does, by their own key, without an app's word: history and books are folded here, the node is asked for the rest.</summary>
internal static class ActCommand
{
    private const string Ends = $"""

        {SendOptions.About}
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
        var (source, send, backer) = (new VaultSource(), new SendOptions(), VaultSource.Backer());
        var terms = new Option<string?>("--terms") { Description = "The terms' id.", HelpName = "ID", Required = asks.Terms };
        var units = new Option<long>("--units") { Description = "How many units.", HelpName = "N", Required = asks.Units };
        var payout = PayoutOption.Create();
        var entryWeek = new Option<int?>("--entry-week") { Description = "The week in which the units entered.", HelpName = "WEEK", Required = asks.EntryWeek && !asks.EntryWeekMayMiss };
        var to = new Option<string?>("--to") { Description = "Who gets them.", HelpName = "ADDRESS", Required = asks.To };
        var command = new Command(name, $"{about}\n\nExample:\n  {example}\n{Ends}") { backer };
        foreach (var (wanted, option) in new (bool, Option)[] { (asks.Terms, terms), (asks.Units, units), (asks.Payout, payout), (asks.EntryWeek, entryWeek), (asks.To, to) })
        {
            if (wanted) command.Add(option);
        }

        send.AddTo(command);
        source.AddTo(command);
        VaultSource.RequireAddress(command, backer, to);
        command.Validators.Add(result =>
        {
            if (asks.Units && result.GetValue(units) is < 1 or > Units.MostOfAnEvent) result.AddError($"--units: from 1 to {Units.MostOfAnEvent}.");
            if (asks.EntryWeek && result.GetValue(entryWeek) is < 0) result.AddError("--entry-week: a week is not negative.");
        });
        command.SetAction((result, stop) =>
        {
            var who = new Backer(result.GetValue(backer)!.ToLowerInvariant());
            var wanted = act?.Invoke(
                new(new TermsId(asks.Terms ? result.GetValue(terms)! : ""), new Units(asks.Units ? result.GetValue(units) : 0), asks.Payout ? result.GetValue(payout) : default,
                    asks.EntryWeek ? result.GetValue(entryWeek) : null, asks.To ? result.GetValue(to)!.ToLowerInvariant() : null), who);
            return VaultSource.Say(result, async () =>
            {
                var vault = await source.Read(result, stop);
                // Only a claim pays another than who sends it.
                return await send.Run(result, vault.Books.Vault.Id, async (web3, _) => wanted is null
                    ? new(await Claims(web3, vault, who, stop), null)
                    : new(await ChainActs.Prepare(web3, vault.Books.Vault.Id, await RunningBooks.Of(web3, vault, stop), wanted, who, stop), who.Address), stop);
            });
        });
        return command;
    }

    private static async Task<PreparedAct> Claims(IWeb3 web3, QuotedVault vault, Backer backer, CancellationToken stop)
    {
        var calls = await ChainActs.Claims(web3, vault.Books.Vault.Id, StatementCommand.Statements(vault, backer).SelectMany(statement => statement.Payments), backer, stop);
        return new(calls, calls.Count > 0 ? null : new("nothingToClaim", "no accepted settlement holds anything that wasn't claimed.", []));
    }
}

using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake house | reserve add | withdraw | take</c>: an owner's own money in a vault, by their own key. The books refuse first what is encumbered or locked, with the numbers.</summary>
internal static class OwnMoneyCommand
{
    private const string Ends = $"""

        {SendOptions.About} The key is the owner's.
        Exit status 0: printed, or sent and mined; 1: a file, the app, the node or the key can't be used, or a transaction reverted; 2: the history is malformed; 3: books or contract refuse.
        """;

    public static Command House() => new("house", "An owner's house: their own capital in the vault, staked beside the backers' units.")
    {
        Of("house", "add", "addHouse", "Bring NMR to the house. Exactly the amount is approved first."),
        Of("house", "withdraw", "askHouse", "Ask NMR of the house back: they leave like an exit, at the next settlement and as rounds resolve."),
        Of("house", "take", "takeHouse", "Have what accepted settlements released of the house paid."),
    };

    public static Command Reserve() => new("reserve", "An owner's reserve: collateral for shared losses, never staked.")
    {
        Of("reserve", "add", "addReserve", "Bring NMR to the reserve. Exactly the amount is approved first."),
        Of("reserve", "withdraw", "askReserve", "Ask NMR of the reserve back that aren't locked: paid once the next settlement is accepted."),
        Of("reserve", "take", "takeReserve", "Have what accepted settlements released of the reserve paid."),
    };

    private static Command Of(string what, string name, string act, string about)
    {
        var (source, send, asksAmount) = (new VaultSource(), new SendOptions(), name != "take");
        var amount = new Option<Nmr?>("--amount") { Description = "How much, in NMR.", HelpName = "NMR", Required = asksAmount, CustomParser = Amount };
        var example = $"backstake {what} {name} --app http://localhost:7071 --vault 0x… --rpc http://127.0.0.1:8545{(asksAmount ? " --amount 10.5" : "")} --send --keystore owner.json";
        var command = new Command(name, $"{about}\n\nExample:\n  {example}\n{Ends}");
        if (asksAmount) command.Add(amount);
        send.AddTo(command);
        source.AddTo(command);
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (vault, wanted) = (await source.Read(result, stop), new OwnerAct(act) { Amount = asksAmount ? result.GetValue(amount)!.Value : Nmr.Zero });
            return await send.Run(result, vault.Books.Vault.Id, async (web3, _) =>
            {
                var (address, books) = (vault.Books.Vault.Id, await RunningBooks.Of(web3, vault, stop));
                var owner = (await (await VaultReader.Latest(web3, address, stop)).Created(stop)).Owner;
                return new(await OwnerActs.Prepare(web3, address, books, wanted, owner, stop), owner);
            }, stop);
        }));
        return command;
    }

    private static Nmr? Amount(System.CommandLine.Parsing.ArgumentResult argument)
    {
        if (Nmr.TryParse(argument.Tokens[0].Value, out var amount) && amount.IsPositive && amount <= Nmr.GreatestSupply) return amount;
        argument.AddError($"--amount: NMR as in 10.5, with at most 18 decimals, above 0 and up to {Nmr.GreatestSupply}.");
        return null;
    }
}

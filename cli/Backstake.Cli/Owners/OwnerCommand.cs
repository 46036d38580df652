using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake owner …</c>: what an owner changes with the contract's notice. The node alone is asked: the books know nothing of it.</summary>
internal static class OwnerCommand
{
    private const string Ends = $"""

        {SendOptions.About} The key is the owner's.
        Exit status 0: printed, or sent and mined; 1: the node or the key can't be used, or the transaction reverted; 3: the contract refuses, and says from when on it wouldn't.
        """;

    public static Command Create() => new("owner", "What an owner changes with notice: when weeks end, and through which of Numerai's staking contracts the vault stakes.")
    {
        MoveCut(), AnnounceStaker(),
        Of("adopt-staker", "Stake rounds from now on through the stakers that were announced: 14 days later at the earliest, once the settlement of that week is accepted.", "", [], _ => new OwnerAct("adoptStaker")),
        Of("revoke-cut", "Take back the move of cuts that is pending.", "", [], _ => new OwnerAct("revokeCutMove")),
        Of("revoke-staker", "Take back the stakers that are announced.", "", [], _ => new OwnerAct("revokeStaker")),
    };

    private static Command MoveCut()
    {
        var week = new Option<int>("--from-week") { Description = "The first week that ends at another time.", HelpName = "WEEK", Required = true };
        var shift = new Option<int>("--shift-seconds") { Description = "How far weeks are to end from the calendar of the vault's creation: less than 3 days, before it if negative.", HelpName = "SECONDS", Required = true };
        week.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > OwnerAct.LastNamedWeek) result.AddError($"--from-week: from 1 to {OwnerAct.LastNamedWeek}.");
        });
        shift.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < -OwnerAct.ShiftSecondsMost or > OwnerAct.ShiftSecondsMost) result.AddError($"--shift-seconds: from {-OwnerAct.ShiftSecondsMost} to {OwnerAct.ShiftSecondsMost}.");
        });
        return Of("move-cut", "Have weeks end at another time from a week on, both of whose ends, the old and the new, are 14 days away.", " --from-week 9 --shift-seconds -3600",
            [week, shift], result => new OwnerAct("moveCut") { FromWeek = result.GetValue(week), ShiftSeconds = result.GetValue(shift) });
    }

    private static Command AnnounceStaker()
    {
        var stakers = new Option<string>("--stakers") { Description = "A generation of stakers on the list of the vault's factory, by address.", HelpName = "ADDRESS", Required = true };
        var command = Of("announce-staker", "Announce through which of Numerai's staking contracts the vault is to stake: who doesn't want that has 14 days to leave.", " --stakers 0x…",
            [stakers], result => new OwnerAct("announceStaker") { Stakers = result.GetValue(stakers)!.ToLowerInvariant() });
        VaultSource.RequireAddress(command, stakers);
        return command;
    }

    private static Command Of(string name, string about, string example, IEnumerable<Option> options, Func<ParseResult, OwnerAct> act)
    {
        var (send, vault) = (new SendOptions(), new Option<string>("--vault") { Description = "The vault, by address.", HelpName = "ADDRESS", Required = true });
        var command = new Command(name, $"{about}\n\nExample:\n  backstake owner {name} --vault 0x… --rpc http://127.0.0.1:8545{example} --send --keystore owner.json\n{Ends}") { vault };
        foreach (var option in options) command.Add(option);
        send.AddTo(command);
        VaultSource.RequireAddress(command, vault);
        command.SetAction((result, stop) => VaultSource.Say(result, () =>
        {
            var address = result.GetValue(vault)!.ToLowerInvariant();
            return send.Run(result, address, async (web3, _) =>
            {
                var owner = (await (await VaultReader.Latest(web3, address, stop)).Created(stop)).Owner;
                return new(await NoticeActs.Prepare(web3, address, act(result), stop), owner);
            }, stop);
        }));
        return command;
    }
}

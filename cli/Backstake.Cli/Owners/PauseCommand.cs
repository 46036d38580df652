using System.CommandLine;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake pause</c>: the owner or the guardian stops deposits or staking, or lifts it. The node alone is asked: the books know nothing of it.</summary>
internal static class PauseCommand
{
    private const string About = $"""
        Pause a vault's deposits or its staking, or lift that. What isn't named stays as it is. Exits, cancels, claims, results and settlements can't be paused.

        Examples:
          backstake pause --vault 0x… --rpc http://127.0.0.1:8545 --staking on --send --keystore owner.json
          backstake pause --vault 0x… --rpc http://127.0.0.1:8545 --deposits off --staking off --by 0x… --send --keystore guardian.json

        {SendOptions.About} The key is the owner's, or with --by the guardian's.
        Exit status 0: printed, or sent and mined; 1: the node or the key can't be used, or the transaction reverted; 3: nothing would change, or who would send it is neither owner nor guardian.
        """;

    public static Command Create()
    {
        var (send, vault) = (new SendOptions(), new Option<string>("--vault") { Description = "The vault, by address.", HelpName = "ADDRESS", Required = true });
        var (deposits, staking) = (Switch("--deposits", "on: no unit can be bought any more; off: units can be bought."), Switch("--staking", "on: nothing more is staked; what is staked comes home; off: rounds are staked."));
        var by = new Option<string?>("--by") { Description = "Who sends it: the guardian, by address; else the owner.", HelpName = "ADDRESS" };
        var command = new Command("pause", About) { vault, deposits, staking, by };
        send.AddTo(command);
        VaultSource.RequireAddress(command, vault, by);
        command.Validators.Add(result =>
        {
            if (result.GetResult(deposits) is null && result.GetResult(staking) is null) result.AddError("Name --deposits on|off, --staking on|off, or both.");
        });
        command.SetAction((result, stop) => VaultSource.Say(result, () =>
        {
            var address = result.GetValue(vault)!.ToLowerInvariant();
            return send.Run(result, address, async (web3, _) =>
            {
                var act = new OwnerAct("pause") { PausesDeposits = IsOn(result.GetValue(deposits)), PausesStaking = IsOn(result.GetValue(staking)), By = result.GetValue(by)?.ToLowerInvariant() };
                var owner = (await (await VaultReader.Latest(web3, address, stop)).Created(stop)).Owner;
                return new(await OwnerActs.Pause(web3, address, act, stop), act.By ?? owner);
            }, stop);
        }));
        return command;
    }

    private static Option<string?> Switch(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }

    private static bool? IsOn(string? state) => state is null ? null : state == "on";
}

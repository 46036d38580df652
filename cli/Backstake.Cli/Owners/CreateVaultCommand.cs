using System.CommandLine;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Numerai;
using Backstake.Chain.Prepared;
using Backstake.Chain.Vault;
using Backstake.Cli.Backers;
using Nethereum.Util;
using Nethereum.Web3;

namespace Backstake.Cli.Owners;

/// <summary><c>backstake vault create</c>: a new vault at a factory. With an app, what isn't named is what that app runs vaults with; the node says whether the factory takes it, and where the vault will be.</summary>
internal sealed class CreateVaultCommand
{
    private const string About = $"""
        Create a vault for a model. Anybody may; whose the model is, its owner proves afterwards. Of what it is created with only the stakers and, by less than 3 days, the cuts can be changed later.

        Examples:
          backstake vault create --app http://localhost:7071 --rpc http://127.0.0.1:8545 --owner 0x… --model 5f0c3a52-… --tournament 8 --dry-run
          backstake vault create --app http://localhost:7071 --rpc http://127.0.0.1:8545 --owner 0x… --guardian 0x… --model 5f0c3a52-… --tournament 8 --send --keystore owner.json

        With --app, what isn't named is the app's: its keys, its factory, the newest stakers. Without one, name --factory, --committer, --staker, --settler and --stakers.
        {SendOptions.About} The key is whoever's pays the gas.
        Exit status 0: printed, or sent and mined; 1: the app, the node or the key can't be used, or the transaction reverted; 3: the factory would refuse it: the line says which field, and why.
        """;

    private readonly SendOptions _send = new();
    private readonly Option<Uri?> _app = AppAddress.Optional("A running app, which is to run the vault.");
    private readonly Option<string> _owner = new("--owner") { Description = "Whose vault it is, by address: offers terms, brings house and reserve.", HelpName = "ADDRESS", Required = true };
    private readonly Option<Guid> _model = new("--model") { Description = "Numerai's id of the model.", HelpName = "UUID", Required = true };
    private readonly Option<int> _tournament = new("--tournament") { Description = "8 Classic, 11 Signals, 12 Crypto.", HelpName = "N", Required = true };
    private readonly Option<string?> _guardian = Address("--guardian", "Who may veto and pause beside the owner; nobody, if it isn't named.");
    private readonly Option<string?> _committer = Address("--committer", "The key that commits the hashes of predictions.");
    private readonly Option<string?> _staker = Address("--staker", "The key that stakes.");
    private readonly Option<string?> _settler = Address("--settler", "The key that proposes settlements.");
    private readonly Option<string?> _factory = Address("--factory", "The vault factory.");
    private readonly Option<string?> _stakers = Address("--stakers", "The generation of Numerai's staking contracts, on the factory's list.");
    private readonly Option<string?> _nmr = Address("--nmr", "The NMR token; the stakers' own, if it isn't named.");
    private readonly Option<DateTimeOffset?> _firstCut = new("--first-cut") { Description = "When week 1 ends (UTC); the first Sunday 18:00 that is a day away, if it isn't named.", HelpName = "TIME", CustomParser = Time };
    private readonly Option<long> _window = new("--window-seconds") { Description = "How long a settlement can be vetoed, 3600 to 432000.", HelpName = "SECONDS", DefaultValueFactory = _ => (long)FactoryActs.WindowUsual.TotalSeconds };

    public static Command Create() => new CreateVaultCommand().Build();

    private Command Build()
    {
        Option<string?>[] addresses = [_guardian, _committer, _staker, _settler, _factory, _stakers, _nmr];
        var command = new Command("create", About) { _owner, _model, _tournament, _app };
        foreach (var option in addresses) command.Add(option);
        command.Add(_firstCut);
        command.Add(_window);
        _send.AddTo(command);
        VaultSource.RequireAddress(command, [_owner, .. addresses]);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_tournament) is not null && result.GetValue(_tournament) < 1) result.AddError("--tournament: a number of Numerai's, as 8.");
            if (result.GetValue(_window) is < 0 or > int.MaxValue) result.AddError("--window-seconds: 3600 to 432000.");
            if (result.GetResult(_app) is null && new Option[] { _factory, _committer, _staker, _settler, _stakers }.Any(option => result.GetResult(option) is null))
                result.AddError("Name --app, or --factory, --committer, --staker, --settler and --stakers.");
        });
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var offered = result.GetValue(_app) is { } app ? await Offered(app, stop) : null;
            var factory = Of(result, _factory, offered, "factory");
            return await _send.Run(result, factory, (web3, chainId) => Prepare(result, web3, chainId, factory, offered, stop), stop);
        }));
        return command;
    }

    private async Task<Preparation> Prepare(ParseResult result, Web3 web3, BigInteger chainId, string factory, JsonNode? offered, CancellationToken stop)
    {
        if (offered is not null && chainId != (long)offered["chainId"]!) throw new IOException($"The app is on chain {offered["chainId"]}, the node on chain {chainId}.");
        var stakers = Of(result, _stakers, offered, "stakers");
        var cut = result.GetValue(_firstCut) ?? FactoryActs.FirstCutAfter((await ChainBlock.Latest(web3, stop)).Time);
        var wanted = new CreateVault
        {
            Owner = result.GetValue(_owner)!.ToLowerInvariant(), Guardian = result.GetValue(_guardian)?.ToLowerInvariant() ?? AddressUtil.ZERO_ADDRESS,
            Committer = Of(result, _committer, offered?["signers"], "committer"), StakerKey = Of(result, _staker, offered?["signers"], "staker"), Settler = Of(result, _settler, offered?["signers"], "settler"),
            Stakers = stakers, Nmr = result.GetValue(_nmr)?.ToLowerInvariant() ?? await FactoryActs.NmrOf(web3, stakers, stop) ?? Of(result, _nmr, offered, "nmr"),
            Tournament = result.GetValue(_tournament), ModelId = UuidWord.Of(result.GetValue(_model)), FirstCut = (ulong)Math.Max(0, cut.ToUnixTimeSeconds()), Window = (ulong)result.GetValue(_window),
        };
        var (act, vault) = await At(web3, factory, wanted, stop);
        return new(act, null, json => json.WriteString("factory", factory), vault,
        [
            $"The vault {(result.GetResult("--send") is null ? "will be" : "is")} {vault}.",
            $"Next: once its block is final, an app that watches the factory finds it (backstake vault {vault} --app URL). Prove whose the model is: bring a Numerai key (PUT vaults/{vault}/numerai-key), or have the operator attest it. Then sign and offer terms (backstake terms sign, terms offer).",
        ]);
    }

    private static async Task<PreparedVault> At(Web3 web3, string factory, CreateVault wanted, CancellationToken stop)
    {
        try
        {
            return await FactoryActs.Prepare(web3, factory, wanted, stop);
        }
        catch (InvalidDataException none)
        {
            throw new IOException(none.Message, none);
        }
    }

    /// <summary>What was named, or what the app is set to.</summary>
    private static string Of(ParseResult result, Option<string?> option, JsonNode? offered, string field) =>
        (result.GetValue(option) ?? (string?)offered?[field])?.ToLowerInvariant() ?? throw new IOException($"{option.Name} isn't known: name it.");

    private static async Task<JsonNode> Offered(Uri app, CancellationToken stop)
    {
        var answer = await new AppCall(app, HttpMethod.Get, "factory").Send(stop);
        if (!answer.IsDone) throw new IOException(answer.Words(app));
        return JsonNode.Parse(answer.Body) ?? throw new JsonException("null");
    }

    private static Option<string?> Address(string name, string description) => new(name) { Description = description, HelpName = "ADDRESS" };

    private static DateTimeOffset? Time(System.CommandLine.Parsing.ArgumentResult argument)
    {
        if (UtcText.Read(argument.Tokens[0].Value) is { } time) return time;
        argument.AddError("--first-cut: a time as 2026-01-04T18:00:00Z.");
        return null;
    }
}

using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Cli.Verify.Tests;

/// <summary>An owner acts by the command alone, on the real contracts. Account 1 is the owner; week 4 runs, week 3 is proposed.</summary>
public sealed partial class OwnerTests(PlayedVault played) : IClassFixture<PlayedVault>, IDisposable
{
    private const string Password = "correct horse";
    private static readonly BigInteger One = BigInteger.Pow(10, 18);
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    private string Replay => Path.Combine(_folder, "v.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task HouseAndReserve_AreBrought_AndAskedBack_AsFarAsTheyArentNeeded()
    {
        played.SkipWithoutContracts();
        File.WriteAllBytes(Replay, played.File.Write());
        var before = await played.NmrOf(1);
        var dry = JsonNode.Parse(Money("house", "add", send: false, "--amount", "2", "--json").Output)!["transactions"]!.AsArray();
        Assert.Equal(["approve(address spender, uint256 value)", "addHouse(uint88 amount)"], dry.Select(call => (string)call!["function"]!).TakeLast(2));
        Assert.Equal(before, await played.NmrOf(1));

        Says(Money("house", "add", send: true, "--amount", "2"), "Sent: 0x");
        Says(Money("reserve", "add", send: true, "--amount", "0.5"), "Sent: 0x");
        Assert.Equal(5 * One / 2, before - await played.NmrOf(1));
        Refused(3, "pending: In the latest block the contract answers pending. A week has ended whose settlement isn't accepted yet", Money("house", "withdraw", send: false, "--amount", "1"));
        await played.AcceptLast(CancellationToken.None);
        Says(Money("house", "withdraw", send: true, "--amount", "1"), "askHouse(uint88 amount)");
        Says(Money("house", "take", send: false), "takeHouse()");

        Refused(3, "houseEncumbered: ", Money("house", "withdraw", send: false, "--amount", "1000"));
        Refused(3, "reserveLocked: ", Money("reserve", "withdraw", send: false, "--amount", "1000"));
        Refused(3, "tooLittleNmr: ", Money("reserve", "add", send: false, "--amount", "10000"));
        Refused(1, "The key is 0x", Money("reserve", "add", send: true, signer: 9, "--amount", "1"));
        Refused(1, "--amount: NMR as in 10.5", Money("house", "add", send: false, "--amount", "-1"));
    }

    [SkippableFact]
    public void WhatHasNotice_IsPrepared_OrFromWhenOnItCouldBe()
    {
        played.SkipWithoutContracts();
        // Stakers: from the list only, and adopted no sooner than the notice ends.
        Refused(3, "nothingPending: The contract answers nothingPending. No stakers are announced.", Owner("adopt-staker", send: false));
        Refused(3, "unknownStakers: The contract answers unknownStakers. 0x00000000000000000000000000000000000000aa isn't on the list of the vault's factory 0x",
            Owner("announce-staker", send: false, "--stakers", "0x00000000000000000000000000000000000000aa"));
        Says(Owner("announce-staker", send: true, "--stakers", played.Stakers), "Sent: 0x");
        var early = Owner("adopt-staker", send: false);
        Refused(3, "tooEarly: The contract answers tooEarly. 0x", early);
        Assert.Matches(CanBeAdoptedFrom(), early.Error);
        Says(Owner("revoke-staker", send: true), "Sent: 0x");

        // Cuts: the first week that can be named is named, and the one before it can't be.
        var tooEarly = Owner("move-cut", send: false, "--from-week", "4", "--shift-seconds", "-3600");
        Refused(3, "tooEarly: The contract answers tooEarly. A move has 14 days' notice", tooEarly);
        var first = int.Parse(FirstWeek().Match(tooEarly.Error).Groups["week"].Value, System.Globalization.CultureInfo.InvariantCulture);
        Refused(3, "tooEarly: ", Owner("move-cut", send: false, "--from-week", $"{first - 1}", "--shift-seconds", "-3600"));
        var moved = Owner("move-cut", send: true, "--from-week", $"{first}", "--shift-seconds", "-3600", "--json");
        Assert.Equal((0, ""), (moved.Status, moved.Error));
        Assert.Equal([$"{first}", "-3600"], JsonNode.Parse(moved.Output)!["transactions"]![0]!["arguments"]!.AsArray().Select(argument => (string)argument!["value"]!));
        Refused(3, "pending: The contract answers pending. A move is pending", Owner("move-cut", send: false, "--from-week", $"{first + 1}", "--shift-seconds", "0"));
        Says(Owner("revoke-cut", send: true), "Sent: 0x");
        Refused(3, "nothingPending: ", Owner("revoke-cut", send: false));

        Refused(1, "--shift-seconds: from -259199 to 259199.", Owner("move-cut", send: false, "--from-week", "9", "--shift-seconds", "259200"));
        Refused(1, "The key is 0x", Run("owner", "announce-staker", [.. Where, "--stakers", played.Stakers, "--send", "--keystore", Keystore(9)]), mayPrint: true);
    }

    /// <summary>Live units leave while everything that can be paused is.</summary>
    [SkippableFact]
    public async Task APause_StopsDeposits_AndNobodyWhoLeaves()
    {
        played.SkipWithoutContracts();
        File.WriteAllBytes(Replay, played.File.Write());
        string[] units = ["--history", Replay, "--rpc", played.Node.ToString(), "--backer", Anvil.Addresses[5], "--terms", played.File.Terms.Keys.First(terms => played.SharedSeries(1) == PreparedCalls.Number(new(terms, new Week(1), Payout.Compound))).Text];
        Refused(3, "nothingChanges: Deposits aren't paused and staking isn't: it is so already.", Pause("--deposits", "off", "--staking", "off"));
        Refused(3, "notAllowed: Only the owner 0x", Pause("--deposits", "on", "--by", Anvil.Addresses[9]));
        Refused(3, "notAllowed: Only the owner 0x", Pause("--deposits", "on", "--by", "0x0000000000000000000000000000000000000000")); // no guardian isn't one
        Refused(1, "Name --deposits on|off, --staking on|off, or both.", Pause());
        Refused(1, "The key is 0x", Run("pause", "--deposits", ["on", .. Where, "--send", "--keystore", Keystore(9)]), mayPrint: true);
        Says(Pause("--deposits", "on", "--staking", "on", "--send", "--keystore", Keystore(1)), "Sent: 0x");

        Refused(3, "stopped: The vault's owner or guardian paused deposits", CommandRun.Of(["deposit", .. units, "--units", "1"]));
        var before = await played.UnitsOf(5, 1);
        Says(CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", Password)], ["exit", .. units, "--units", "1", "--entry-week", "1", "--send", "--keystore", Keystore(5)]), "Sent: 0x");
        Assert.Equal(before - 1, await played.UnitsOf(5, 1));

        var lifted = Pause("--deposits", "off", "--json", "--send", "--keystore", Keystore(1)); // staking stays as it is
        Assert.Equal((0, ""), (lifted.Status, lifted.Error));
        Assert.Equal(["false", "true"], JsonNode.Parse(lifted.Output)!["transactions"]![0]!["arguments"]!.AsArray().Select(argument => (string)argument!["value"]!));
        Refused(3, "tooLittleNmr: ", CommandRun.Of(["deposit", .. units, "--units", "30"]));
        Says(Pause("--staking", "off", "--send", "--keystore", Keystore(1)), "staking goes on");
    }

    /// <summary>Anybody creates a vault by factory and node alone; the factory makes it where the command said.</summary>
    [SkippableFact]
    public void AVault_IsCreatedWithoutAnApp()
    {
        played.SkipWithoutContracts();
        string[] order =
        [
            "create", "--rpc", played.Node.ToString(), "--factory", played.Factory, "--stakers", played.Stakers, "--committer", Anvil.Addresses[2], "--staker", Anvil.Addresses[3], "--settler", Anvil.Addresses[4],
            "--owner", Anvil.Addresses[1], "--model", "99999999-2222-3333-4444-555555555555", "--tournament", "8",
        ];
        CommandRun Create(params string[] more) => CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", Password)], ["vault", .. order, .. more]);
        var dry = Create();
        Assert.Equal((0, ""), (dry.Status, dry.Error));
        Assert.Contains("a settlement can be vetoed for 40 hours by the owner alone", dry.Output, StringComparison.Ordinal);
        var sent = Create("--guardian", Anvil.Addresses[7], "--first-cut", "2027-01-03T18:00:00Z", "--json", "--send", "--keystore", Keystore(9));
        Assert.Equal((0, ""), (sent.Status, sent.Error));
        var (vault, arguments) = ((string)JsonNode.Parse(sent.Output)!["vault"]!, JsonNode.Parse(sent.Output)!["transactions"]![0]!["arguments"]!.AsArray().ToDictionary(argument => (string)argument!["name"]!, argument => (string)argument!["value"]!));
        Assert.Equal((Anvil.Addresses[7], "1798999200", "144000"), (arguments["params.guardian"], arguments["params.firstCut"], arguments["params.window"]));
        Assert.Contains(Anvil.Addresses[7], Run("pause", "--vault", [vault, "--rpc", played.Node.ToString(), "--deposits", "on", "--by", Anvil.Addresses[9]]).Error, StringComparison.Ordinal); // it is there, with its guardian

        Refused(3, "badVault: A settlement can be vetoed for 3600 to 432000 seconds, not for 3599.", Create("--window-seconds", "3599"));
        Refused(1, "--nmr isn't known: name it.", CommandRun.Of(["vault", .. order.Select(word => word == played.Stakers ? Anvil.Addresses[9] : word)]));
        Refused(1, $"There is no factory at {Anvil.Addresses[9].ToLowerInvariant()}", CommandRun.Of(["vault", .. order.Select(word => word == played.Factory ? Anvil.Addresses[9] : word)]));
        Refused(1, "Name --app, or --factory", CommandRun.Of(["vault", .. order.Where(word => word != "--settler" && word != Anvil.Addresses[4])]), mayPrint: true);
        Refused(1, "--first-cut: a time as 2026-01-04T18:00:00Z.", Create("--first-cut", "Sunday"), mayPrint: true);
    }

    private CommandRun Pause(params string[] more) => CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", Password)], ["pause", .. Where, .. more]);

    private string[] Where => ["--vault", played.Vault, "--rpc", played.Node.ToString()];

    private CommandRun Owner(string name, bool send, params string[] more) => Run("owner", name, [.. Where, .. How(send, 1), .. more]);

    private CommandRun Money(string what, string name, bool send, params string[] more) => Money(what, name, send, 1, more);

    private CommandRun Money(string what, string name, bool send, int signer, params string[] more) =>
        Run(what, name, ["--history", Replay, "--rpc", played.Node.ToString(), .. How(send, signer), .. more]);

    private string[] How(bool send, int signer) => send ? ["--send", "--keystore", Keystore(signer)] : [];

    private string Keystore(int account)
    {
        var keystore = Path.Combine(_folder, $"{account}.json");
        KeystoreFile.Write(keystore, Anvil.PrivateKeys[account], Password);
        return keystore;
    }

    private static CommandRun Run(string what, string name, string[] more) => CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", Password)], [what, name, .. more]);

    private static void Says(CommandRun run, string contains)
    {
        Assert.Equal((0, ""), (run.Status, run.Error));
        Assert.Contains(contains, run.Output, StringComparison.Ordinal);
    }

    private static void Refused(int status, string begins, CommandRun run, bool mayPrint = false) =>
        Assert.True(run.Status == status && run.Error.StartsWith(begins, StringComparison.Ordinal) && (mayPrint || run.Status != 3 || run.Output.Length == 0), $"{run.Status}: {run.Error}{run.Output}");

    [GeneratedRegex("can be adopted from 20[0-9-]{8}T[0-9:]{8}Z on, once the settlement of that week is accepted; the last accepted is week [23]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CanBeAdoptedFrom();

    [GeneratedRegex("The first week that can be named now is (?<week>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstWeek();
}

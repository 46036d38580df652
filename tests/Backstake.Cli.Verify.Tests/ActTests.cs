using System.Numerics;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Season;
using Backstake.Servers;

namespace Backstake.Cli.Verify.Tests;

/// <summary>A backer acts by the command alone, on the real contracts: from a history that anybody gave, a node, and a keystore of their own.</summary>
public sealed class ActTests(PlayedVault played) : IClassFixture<PlayedVault>, IDisposable
{
    private const string Password = "correct horse";
    private readonly string _folder = Directory.CreateTempSubdirectory("backstake-").FullName;

    private string Replay => Path.Combine(_folder, "v.json");

    private string Terms => played.File.Events.OfType<Deposit>().First().Terms.Text; // the shared series'

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task ABacker_Acts_ByTheirOwnKey()
    {
        played.SkipWithoutContracts();
        File.WriteAllBytes(Replay, played.File.Write());

        // What is printed is what would be signed, and nothing is sent.
        var before = await played.NmrOf(5);
        var dry = Act("cancel", 5, send: false, "--terms", Terms, "--units", "1", "--json");
        Assert.Equal((0, ""), (dry.Status, dry.Error));
        var call = JsonNode.Parse(dry.Output)!["transactions"]![0]!;
        Assert.Equal("cancel(uint256 series, uint64 units)", (string)call["function"]!);
        Assert.Equal($"{played.SharedSeries(4)}", (string)call["arguments"]![0]!["value"]!);
        Assert.Equal(before, await played.NmrOf(5));

        // The waiting unit comes back at once; a second time the contract refuses, of which the history knows nothing yet.
        var sent = Act("cancel", 5, send: true, "--terms", Terms, "--units", "1");
        Assert.Equal((0, ""), (sent.Status, sent.Error));
        Assert.Contains("Sent: 0x", sent.Output, StringComparison.Ordinal);
        Assert.Equal(BigInteger.Pow(10, 18), await played.NmrOf(5) - before);
        var again = Act("cancel", 5, send: true, "--terms", Terms, "--units", "1");
        Assert.Equal((3, true), (again.Status, again.Error.StartsWith("notEnoughUnits: In the latest block the contract answers notEnoughUnits", StringComparison.Ordinal)));

        // Bought again: exactly the price is approved, over whatever allowance was left, and none is left afterwards.
        var bought = Act("deposit", 5, send: true, "--terms", Terms, "--units", "1", "--json");
        Assert.Equal((0, ""), (bought.Status, bought.Error));
        Assert.Equal(JsonNode.Parse(bought.Output)!["transactions"]!.AsArray().Count, JsonNode.Parse(bought.Output)!["sent"]!.AsArray().Count);
        Assert.Equal(before, await played.NmrOf(5));

        // Account 8 left with two of its units in week 2, which is accepted; a stranger may send the claim, and 8 is paid.
        var was = await played.NmrOf(8);
        var claimed = Act("claim", 8, send: true, signer: 9, "--json");
        Assert.Equal((0, ""), (claimed.Status, claimed.Error));
        Assert.True(await played.NmrOf(8) > was);
        Assert.Equal(3, Act("claim", 8, send: false).Status);
    }

    [SkippableFact]
    public void WhatBooksRefuse_IsRefusedBeforeAnythingIsSigned()
    {
        played.SkipWithoutContracts();
        File.WriteAllBytes(Replay, played.File.Write());
        Refused(3, "notEnoughUnits: ", Act("exit", 5, send: false, "--terms", Terms, "--entry-week", "1", "--units", "9"));
        Refused(3, "unknownTerms: ", Act("deposit", 5, send: false, "--terms", "other", "--units", "1"));
        Refused(3, "badReceiver: ", Act("transfer", 8, send: false, "--terms", Terms, "--entry-week", "1", "--units", "1", "--to", played.Vault));
        Refused(3, "tooLittleNmr: ", Act("deposit", 8, send: false, "--terms", Terms, "--units", "5"));
        Refused(1, "The key is 0x", Act("exit", 8, send: true, signer: 9, "--terms", Terms, "--entry-week", "1", "--units", "1"));
        var wrong = ActWith("wrong", "exit", 8, send: true, signer: 8, "--terms", Terms, "--entry-week", "1", "--units", "1");
        Assert.Equal((1, true), (wrong.Status, wrong.Error.Contains("the password isn't its own", StringComparison.Ordinal)));
    }

    /// <summary>An owner signs terms, a stranger offers them: what the command signs, the contract takes.</summary>
    [SkippableFact]
    public void AnOwner_SignsTerms_AndAnybodyOffersThem()
    {
        played.SkipWithoutContracts();
        var (file, signed) = (Path.Combine(_folder, "terms.json"), Path.Combine(_folder, "signed.json"));
        File.WriteAllText(file, """{"unitSize":"2.5","profitShareBps":1500,"crystallisation":"weekly","compoundingWeeks":12}""");
        var signing = Sign(1, file);
        Assert.Equal((0, ""), (signing.Status, signing.Error));
        File.WriteAllText(signed, signing.Output);
        var dry = Offer(signed, "--json");
        Assert.Equal((0, ""), (dry.Status, dry.Error));
        var call = JsonNode.Parse(dry.Output)!["transactions"]!.AsArray().Single()!;
        Assert.Equal(("2500000000000000000", "1500"), ((string)call["arguments"]![0]!["value"]!, (string)call["arguments"]![1]!["value"]!));

        KeystoreFile.Write(Path.Combine(_folder, "9.json"), Anvil.PrivateKeys[9], Password);
        var sent = Offer(signed, "--send", "--keystore", Path.Combine(_folder, "9.json"));
        Assert.Equal((0, ""), (sent.Status, sent.Error));
        Refused(3, "alreadyOffered: ", Offer(signed));

        // Another's signature, a changed field, another chain, malformed terms.
        File.WriteAllText(signed, Sign(6, file).Output);
        Refused(3, "alreadyOffered: ", Offer(signed)); // the contract looks at the terms first
        File.WriteAllText(signed, signing.Output.Replace("1500", "1400", StringComparison.Ordinal));
        Refused(3, "notAllowed: ", Offer(signed));
        File.WriteAllText(signed, signing.Output.Replace("31337", "1", StringComparison.Ordinal));
        Refused(3, "signedForOther: ", Offer(signed));
        File.WriteAllText(file, """{"unitSize":"2.5","profitShareBps":15000,"crystallisation":"weekly","compoundingWeeks":12}""");
        var malformed = Sign(1, file);
        Assert.Equal((2, true), (malformed.Status, malformed.Error.Contains("profitShareBps: not from 0 to 10000", StringComparison.Ordinal)));
    }

    private CommandRun Sign(int signer, string file)
    {
        var keystore = Path.Combine(_folder, $"{signer}.json");
        KeystoreFile.Write(keystore, Anvil.PrivateKeys[signer], Password);
        return CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", Password)], "terms", "sign", file, "--vault", played.Vault, "--chain-id", "31337", "--keystore", keystore);
    }

    private CommandRun Offer(string signed, params string[] more) => CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", Password)], ["terms", "offer", signed, "--rpc", played.Node.ToString(), .. more]);

    private static void Refused(int status, string begins, CommandRun run) => Assert.True(run.Status == status && run.Error.StartsWith(begins, StringComparison.Ordinal), $"{run.Status}: {run.Error}{run.Output}");

    private CommandRun Act(string name, int backer, bool send, params string[] more) => Act(name, backer, send, backer, more);

    private CommandRun Act(string name, int backer, bool send, int signer, params string[] more) => ActWith(Password, name, backer, send, signer, more);

    private CommandRun ActWith(string password, string name, int backer, bool send, int signer, params string[] more)
    {
        var keystore = Path.Combine(_folder, $"{signer}.json");
        KeystoreFile.Write(keystore, Anvil.PrivateKeys[signer], Password);
        string[] how = send ? ["--send", "--keystore", keystore] : ["--dry-run"];
        return CommandRun.With([("BACKSTAKE_KEYSTORE_PASSWORD", password)], [name, "--history", Replay, "--rpc", played.Node.ToString(), "--backer", Anvil.Addresses[backer], .. how, .. more]);
    }
}

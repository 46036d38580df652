using System.CommandLine;
using System.Text;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Cli.Owners;

namespace Backstake.Cli.Backers;

/// <summary><c>backstake vaults | vault | terms diff</c>: what anybody may look at.</summary>
internal static class LookCommands
{
    private static Option<bool> Json() => new("--json") { Description = "Print the app's answer as it came." };

    public static Command Vaults()
    {
        var (app, json) = (AppAddress.Required(), new Option<bool>("--json") { Description = "Print one JSON object, with every vault as the app tells it." });
        var command = new Command("vaults", "List an app's vaults.\n\nExample:\n  backstake vaults --app http://localhost:7071\n\nExit status 0: listed; 1: the app can't be asked.") { app, json };
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var (output, vaults) = (result.InvocationConfiguration.Output, await ListedVaults.All(result.GetValue(app)!, stop));
            if (result.GetValue(json))
            {
                Printed.Json(output, fields =>
                {
                    fields.WriteStartArray("vaults");
                    foreach (var vault in vaults) vault.WriteTo(fields);
                    fields.WriteEndArray();
                });
                return ExitStatus.Done;
            }

            Printed.Table(output, 4, ["vault", "model", "tournament", "status", "units", "stake", "house", "reserve", "week"],
                vaults.Select(vault => (IReadOnlyList<string>)
                    [.. new[] { "id", "model", "tournament", "status", "units", "stake", "house", "reserve", "lastWeek" }.Select(name => vault.TryGetProperty(name, out var value) ? value.ToString() : "")]));
            return ExitStatus.Done;
        }));
        return command;
    }

    public static Command Vault()
    {
        var (app, json, vault) = (AppAddress.Required(), Json(), new Argument<string>("ADDRESS") { Description = "The vault's address." });
        var command = new Command("vault", "Show one vault: what it is, how reliable it was, whether it still looks like the same model.\n\nExample:\n  backstake vault 0x… --app http://localhost:7071\n\nExit status 0: shown; 1: the app can't be asked, or has no such vault.") { vault, app, json, CreateVaultCommand.Create() };
        command.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var answer = await Download.Bytes(AppAddress.Of(result.GetValue(app)!, $"vaults/{Uri.EscapeDataString(result.GetValue(vault)!)}"), stop);
            if (Raw(result, json, answer)) return ExitStatus.Done;
            using var document = JsonDocument.Parse(answer);
            foreach (var field in document.RootElement.EnumerateObject()) result.InvocationConfiguration.Output.WriteLine($"{field.Name,-22}{field.Value}");
            using var record = JsonDocument.Parse(await Download.Bytes(AppAddress.Of(result.GetValue(app)!, $"vaults/{Uri.EscapeDataString(result.GetValue(vault)!)}/reliability"), stop));
            ReliabilityText.Write(result.InvocationConfiguration.Output, record.RootElement);
            return ExitStatus.Done;
        }));
        return command;
    }

    public static Command Terms()
    {
        var (source, json) = (new VaultSource(), new Option<bool>("--json") { Description = "Print one JSON object." });
        var (one, other) = (new Argument<string>("ONE") { Description = "Terms by their id." }, new Argument<string>("OTHER") { Description = "The terms that they are held against." });
        var diff = new Command("diff", "Tell in what two terms of a vault differ.\n\nExample:\n  backstake terms diff ID1 ID2 --app http://localhost:7071 --vault 0x…\n\nExit status 0: told; 1: the app or the file can't be used, or the vault never offered them; 2: the history is malformed.") { one, other, json };
        source.AddTo(diff);
        diff.SetAction((result, stop) => VaultSource.Say(result, async () =>
        {
            var vault = await source.Read(result, stop);
            var (before, after) = (Fields(vault.Books, result.GetValue(one)!), Fields(vault.Books, result.GetValue(other)!));
            var changed = before.Zip(after).Where(pair => pair.First.Value != pair.Second.Value).ToList();
            if (result.GetValue(json))
            {
                Printed.Json(result.InvocationConfiguration.Output, fields =>
                {
                    foreach (var (first, second) in changed)
                    {
                        fields.WriteStartArray(first.Name);
                        fields.WriteStringValue(first.Value);
                        fields.WriteStringValue(second.Value);
                        fields.WriteEndArray();
                    }
                });
            }
            else if (changed.Count == 0)
            {
                result.InvocationConfiguration.Output.WriteLine("They say the same.");
            }
            else
            {
                Printed.Table(result.InvocationConfiguration.Output, 1, ["", "one", "other"], changed.Select(pair => (IReadOnlyList<string>)[pair.First.Name, pair.First.Value, pair.Second.Value]));
            }

            return ExitStatus.Done;
        }));
        return new Command("terms", "What vaults offer.") { diff, TermsCommands.Sign(), TermsCommands.Offer() };
    }

    private static (string Name, string Value)[] Fields(Books books, string id)
    {
        if (!books.Terms.TryGetValue(new TermsId(id), out var terms)) throw new IOException($"The vault never offered {id}; it offered {string.Join(", ", books.Terms.Keys)}.");
        return
        [
            ("unitSize", $"{terms.UnitSize}"), ("profitShareBps", $"{terms.ProfitShareBps.Value}"), ("lossShareBps", $"{terms.LossShareBps.Value}"), ("reserveBps", $"{terms.ReserveBps.Value}"),
            ("crystallisation", JsonNamingPolicy.CamelCase.ConvertName($"{terms.Crystallisation}")), ("clawBackWeeks", $"{terms.ClawBackWeeks}"), ("compoundingWeeks", $"{terms.CompoundingWeeks}"),
            ("lockupWeeks", $"{terms.LockupWeeks}"), ("upfrontFeeBps", $"{terms.UpfrontFeeBps.Value}"), ("houseMinBps", $"{terms.HouseMinBps.Value}"),
        ];
    }

    private static bool Raw(ParseResult result, Option<bool> json, byte[] answer)
    {
        if (result.GetValue(json)) result.InvocationConfiguration.Output.WriteLine(Encoding.UTF8.GetString(answer));
        return result.GetValue(json);
    }
}

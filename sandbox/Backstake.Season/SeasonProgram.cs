using System.Diagnostics;
using System.Text.Json;
using Spectre.Console;

namespace Backstake.Season;

/// <summary>The season as a person sees it: progress while it plays, a table at the end, and then the addresses to look at.</summary>
public static class SeasonProgram
{
    const string OwnerKey = "owner.json";
    const string BackerKey = "backer.json";
    public const string KeyPassword = "sandbox";

    public static async Task<int> Run(SeasonOptions options, CancellationToken stop)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var shown = new ProgressDisplay(screen);
        await using var season = new SeasonPlay(options, shown);
        var watch = Stopwatch.StartNew();
        screen.MarkupLine("[grey]Starting Azurite, anvil, the tournament and the app …[/]");
        await season.Begin(stop);
        var setUp = watch.Elapsed;
        screen.MarkupLineInterpolated($"[grey]Ready after {setUp.TotalSeconds:0.0} s; {season.ScoresSource}. Playing rounds {options.FromRound} to {options.LastRound}.[/]");
        watch.Restart();
        await shown.Show(() => season.Play(stop));
        var seconds = watch.Elapsed.TotalSeconds;

        screen.MarkupLine("[grey]Verifying every history with the backstake command …[/]");
        var folder = options.Out ?? Path.Combine(Path.GetDirectoryName(season.LogFile)!, "out");
        var verified = await new Verification(season, folder).Run(stop);
        var summary = await Summarise(season, options, seconds, setUp.TotalSeconds, verified, stop);
        Show(screen, summary, verified);
        if (options.Json)
            await Console.Out.WriteLineAsync(summary.ToJson());
        if (!options.Exit)
            await StayUp(screen, season, folder, stop);
        season.Succeeded = summary.Verified && summary.ReliabilityIsTold;
        return season.Succeeded ? 0 : 1;
    }

    static async Task<Summary> Summarise(
        SeasonPlay season, SeasonOptions options, double seconds, double setUp, IReadOnlyList<VerifiedVault> verified, CancellationToken stop)
    {
        var results = new List<VaultResult>();
        var (claims, rounds) = (0, 0);
        foreach (var vault in season.Vaults)
        {
            var it = await season.App.Get($"api/vaults/{vault.Id}", stop);
            string Text(string name) => it.GetProperty(name).GetString()!;
            claims += it.GetProperty("claims").GetInt32();
            var counts = (await season.App.Get($"api/vaults/{vault.Id}/reliability", stop)).GetProperty("summary");
            int Count(string name) => counts.GetProperty(name).GetInt32();
            rounds = Math.Max(rounds, it.GetProperty("lastRound").GetInt32() - options.FromRound + 1);
            results.Add(new(vault.Id, vault.Model, it.GetProperty("submitted").GetInt32(),
                it.GetProperty("missed").EnumerateObject().Sum(cause => cause.Value.GetInt32()),
                Text("staked"), Text("result"), Text("ownerShare"), Text("paid"), it.GetProperty("booksDigest").GetString(),
                new(Count("onTime"), Count("retried"), Count("missed")), options.Unreliable ? UnreliableNodes.Injected(vault, Enumerable.Range(options.FromRound, options.Rounds)) : null));
        }

        return new(options.Weeks, rounds, Math.Round(seconds, 1), Math.Round(setUp, 1), Math.Round(season.App.StartTime.TotalSeconds, 2), season.ScoresSource,
            results, claims, season.Backers.Refused, season.Killed, await LeaversPaid(season, stop), verified.All(it => it.Verified));
    }

    /// <summary>Paid at least once: the vaults' contracts say so in their Claimed events.</summary>
    static async Task<bool> LeaversPaid(SeasonPlay season, CancellationToken stop)
    {
        var paid = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var vault in season.Vaults)
            paid.UnionWith(await season.Ground.PaidHolders(vault.Address, stop));
        return season.Backers.Leaving.All(paid.Contains);
    }

    static void Show(IAnsiConsole screen, Summary summary, IReadOnlyList<VerifiedVault> verified)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in new[] { "Vault", "Model", "Staked", "Result", "Owner's share", "Paid", "Books", "Reliability", "Injected" })
            table.AddColumn(column);
        foreach (var vault in summary.Vaults)
        {
            table.AddRow(vault.Id[..10] + "…", vault.Model, Short(vault.Staked), Short(vault.Result), Short(vault.OwnerShare), Short(vault.Paid),
                vault.BooksDigest?[..10] + "…", Short(vault.Told), vault.Injected is { } injected ? Short(injected) : "");
        }

        screen.Write(table);
        screen.MarkupLineInterpolated($"{summary.Rounds} rounds in {summary.Seconds:0.0} s; {summary.Claims} claims paid; {summary.Refused} acts of backers refused by the rules.");
        foreach (var vault in verified.Where(it => !it.Verified))
            screen.WriteLine($"{vault.Id}: {vault.Report}");
        screen.MarkupLine("[grey]Reliability: on time / retried / missed.[/]");
        if (!summary.ReliabilityIsTold)
            screen.MarkupLine("[red]The reliability that is told isn't the one that was arranged.[/]");
        screen.MarkupLine(summary.Verified ? "[green]Verified: histories, books and chain agree to the wei.[/]" : "[red]NOT verified.[/]");
    }

    static string Short(RoundCounts counts) => $"{counts.OnTime} / {counts.Retried} / {counts.Missed}";

    static string Short(string amount) => decimal.Parse(amount).ToString("0.####");

    /// <summary>For the tours: the first vault's owner and the first who backed it, their keys as wallets keep them.</summary>
    /// <returns>The backer's address.</returns>
    public static async Task<string> WriteKeys(SeasonPlay season, string folder, CancellationToken stop)
    {
        var vault = season.Vaults[0];
        var events = (await season.App.Get($"api/vaults/{vault.Id}/log", stop)).GetProperty("events").EnumerateArray();
        var address = events.First(it => it.GetProperty("type").GetString() == "deposit").GetProperty("backer").GetString()!;
        var backer = season.Backers.Wallets.Single(wallet => string.Equals(wallet.Address, address, StringComparison.OrdinalIgnoreCase));
        KeystoreFile.Write(Path.Combine(folder, OwnerKey), vault.Owner.Account.PrivateKey, KeyPassword);
        KeystoreFile.Write(Path.Combine(folder, BackerKey), backer.Account.PrivateKey, KeyPassword);
        return address;
    }

    static async Task StayUp(IAnsiConsole screen, SeasonPlay season, string folder, CancellationToken stop)
    {
        screen.WriteLine();
        screen.WriteLine($"The app:         {new Uri(season.App.Address, "api/vaults")}");
        screen.WriteLine($"The tournament:  {season.Ground.Tournament.Address} (GraphQL)");
        screen.WriteLine($"The chain:       {season.Ground.Node}");
        screen.WriteLine($"Histories:       {folder}");
        screen.WriteLine($"The app's log:   {season.LogFile}");
        var backer = await WriteKeys(season, folder, stop);
        screen.WriteLine($"A vault:         {season.Vaults[0].Id}, its owner's key {OwnerKey} in that folder");
        screen.WriteLine($"A backer:        {backer}, their key {BackerKey} (password of both: {KeyPassword})");
        screen.WriteLine($"Operator's key:  {season.App.MasterKey}");
        screen.WriteLine("docs/tours.md shows what to do with them. Ctrl-C ends everything.");
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}

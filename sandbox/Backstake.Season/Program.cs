using System.CommandLine;
using System.Diagnostics;
using Backstake.Season;
using Backstake.Servers;

var weeks = new Option<int>("--weeks") { Description = "Weeks of five rounds.", DefaultValueFactory = _ => 12 };
var fromRound = new Option<int>("--from-round") { Description = "The first round whose scores are played.", DefaultValueFactory = _ => 843 };
var scores = new Option<string?>("--scores") { Description = "Folder of numerai-corr20-by-round.csv and numerai-mmc20-by-round.csv. By default ../shared/data, or scores made from the seed.", HelpName = "DIR" };
var models = new Option<string?>("--models") { Description = "Models, comma-separated: one vault each.", HelpName = "A,B,…" };
var vaults = new Option<int>("--vaults") { Description = "How many vaults.", DefaultValueFactory = _ => 3 };
var backers = new Option<int>("--backers") { Description = "How many backers.", DefaultValueFactory = _ => 5 };
var seed = new Option<int>("--seed") { Description = "Same seed, same season.", DefaultValueFactory = _ => 1 };
var exit = new Option<bool>("--exit") { Description = "Don't stay up at the end." };
var json = new Option<bool>("--json") { Description = "The last line of standard output is a JSON summary." };
var output = new Option<string?>("--out") { Description = "Write each vault's history (<id>.json) and published books (<id>.books.json) here.", HelpName = "DIR" };
var kills = new Option<int>("--kills") { Description = "Kill the app (kill -9) so often at a random moment; it is started again.", DefaultValueFactory = _ => 0 };
var unreliable = new Option<bool>("--unreliable") { Description = "All vaults but the first have nodes that are late, dead or wrong in some rounds; what is told of them must be what was arranged." };

foreach (var (option, least, most) in new[] { (weeks, 1, 59), (fromRound, 1, int.MaxValue), (vaults, 1, 100), (backers, 1, 1000), (kills, 0, 1000) })
{
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
            result.AddError($"{option.Name} is from {least} to {most}.");
    });
}

var root = new RootCommand("Plays a season of Backstake on real round results: real servers, real contracts, the real app, in virtual time.")
{
    weeks, fromRound, scores, models, vaults, backers, seed, exit, json, output, kills, unreliable,
};
root.SetAction(async (result, stop) =>
{
    var named = result.GetValue(models)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    var options = new SeasonOptions
    {
        Weeks = result.GetValue(weeks),
        FromRound = result.GetValue(fromRound),
        Scores = result.GetValue(scores),
        Models = named,
        Vaults = named.Length > 0 ? named.Length : result.GetValue(vaults),
        Backers = result.GetValue(backers),
        Seed = result.GetValue(seed),
        Exit = result.GetValue(exit),
        Json = result.GetValue(json),
        Out = result.GetValue(output),
        Kills = result.GetValue(kills),
        Unreliable = result.GetValue(unreliable),
    };
    try
    {
        return await SeasonProgram.Run(options, stop);
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 130;
    }
    catch (Exception failure) when (failure is SeasonException or ServerUnavailableException or FileNotFoundException or DirectoryNotFoundException or FormatException)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }
});
return await root.Parse(args).InvokeAsync();

using System.CommandLine;
using System.CommandLine.Parsing;

namespace Backstake.Cli.Scores;

/// <summary><c>backstake scores download</c>: real scores for the sandbox, from Numerai's public API.</summary>
internal static class ScoresCommand
{
    private const int MostRounds = 5_000; // more than Numerai has had in its ten years
    private static readonly Uri Numerai = new("https://api-tournament.numer.ai");
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    public static Command Create() => new("scores", "Scores of Numerai's models.") { Download() };

    private static Command Download()
    {
        var models = new Option<string[]?>("--models") { Description = "Names of Classic models, separated by commas.", HelpName = "A,B,…", Required = true, CustomParser = Models };
        var rounds = new Option<(int First, int Last)>("--rounds") { Description = "The first and the last round, both resolved.", HelpName = "FIRST-LAST", Required = true, CustomParser = Rounds };
        var folder = new Option<DirectoryInfo>("--out") { Description = "The folder to write into (by default this one).", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(".") };
        var endpoint = new Option<Uri?>("--endpoint") { Description = $"A GraphQL API like Numerai's (by default {Numerai}).", HelpName = "URL", CustomParser = HttpAddress.Parse };
        var command = new Command("download", $"Download CORR20 and MMC20 by round into {ScoresDownload.Corr20File} and {ScoresDownload.Mmc20File}. No account is needed. Exit status 0, or 1 with a line that says why.")
        {
            models, rounds, folder, endpoint,
        };
        command.SetAction(async (result, stop) =>
        {
            using var http = new HttpClient { Timeout = RequestLimit };
            var download = new ScoresDownload(new NumeraiScores(http, result.GetValue(endpoint) ?? Numerai, FirstDelay));
            var (first, last) = result.GetValue(rounds);
            try
            {
                var values = await download.Write(result.GetRequiredValue(models)!, first, last, result.GetRequiredValue(folder), stop);
                result.InvocationConfiguration.Output.WriteLine($"{values} scores of {result.GetRequiredValue(models)!.Length} models in rounds {first} to {last} are in {result.GetRequiredValue(folder)}.");
                return ExitStatus.Done;
            }
            catch (Exception e) when (e is ScoresUnavailableException or IOException or UnauthorizedAccessException)
            {
                result.InvocationConfiguration.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
                return ExitStatus.Failed;
            }
        });
        return command;
    }

    private static string[]? Models(ArgumentResult argument)
    {
        var names = argument.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        if (names.All(name => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length) return names;
        argument.AddError("--models: names of letters, digits, '_' and '-', each once, separated by commas.");
        return null;
    }

    private static (int First, int Last) Rounds(ArgumentResult argument)
    {
        var ends = argument.Tokens[0].Value.Split('-');
        if (ends.Length == 2 && int.TryParse(ends[0], out var first) && int.TryParse(ends[1], out var last) && first > 0 && last >= first && last - first < MostRounds) return (first, last);
        argument.AddError($"--rounds: FIRST-LAST, for example 843-902, at most {MostRounds} rounds.");
        return default;
    }
}

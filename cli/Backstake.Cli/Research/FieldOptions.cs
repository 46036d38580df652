using System.CommandLine;
using System.Text;
using Backstake.Accounting;
using Backstake.Cli.Scores;
using Backstake.Research;

namespace Backstake.Cli.Research;

/// <summary>What all research commands share: where the scores are, how they pay, until when they were known, and how errors are told.</summary>
internal sealed class FieldOptions
{
    private const string Beside = "../shared/data";

    private readonly Option<DirectoryInfo?> scores = new("--scores") { Description = $"The folder of {ScoresDownload.Corr20File} and {ScoresDownload.Mmc20File} (by default this one, or {Beside}).", HelpName = "DIR" };
    private readonly Option<double> corr = new("--corr") { Description = "Multiplier of CORR20.", HelpName = "X", DefaultValueFactory = _ => PayoutRule.Classic20.Corr };
    private readonly Option<double> mmc = new("--mmc") { Description = "Multiplier of MMC20.", HelpName = "X", DefaultValueFactory = _ => PayoutRule.Classic20.Mmc };
    private readonly Option<double> clip = new("--clip") { Description = "The most a round pays or burns, as a part of its stake.", HelpName = "X", DefaultValueFactory = _ => PayoutRule.Classic20.Clip };

    public Option<int> Seed { get; } = new("--seed") { Description = "Same seed, same output.", HelpName = "N", DefaultValueFactory = _ => 1 };

    public Option<bool> Json { get; } = new("--json") { Description = "JSON instead of a table." };

    public Option<int?> Until { get; } = new("--until") { Description = $"The last round that has opened: results up to R − {ReturnTable.ResolutionLag} are used (by default all there are).", HelpName = "R" };

    public Option<FileInfo?> Terms { get; } = new("--terms") { Description = "Terms of a vault (one object as in a replay file): returns are then net of share, fees and cover.", HelpName = "FILE" };

    /// <summary>A command with these options; what it refuses is one line on standard error and exit status 1.</summary>
    public Command Create(string name, string description, Action<ParseResult, TextWriter> run, params IEnumerable<Symbol> own)
    {
        var command = new Command(name, description) { scores, corr, mmc, clip, Seed, Json };
        foreach (var symbol in own)
        {
            if (symbol is Option option) command.Add(option);
            else if (symbol is Argument argument) command.Add(argument);
        }

        command.SetAction(result =>
        {
            try
            {
                run(result, result.InvocationConfiguration.Output);
                return ExitStatus.Done;
            }
            catch (Exception e) when (e is ResearchInputException or IOException or UnauthorizedAccessException)
            {
                result.InvocationConfiguration.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
                return ExitStatus.Failed;
            }
        });
        return command;
    }

    /// <summary>Everything that the files hold.</summary>
    public ReturnTable Read(ParseResult result)
    {
        var folder = result.GetValue(scores)?.FullName ?? new[] { ".", Beside }.FirstOrDefault(f => File.Exists(Path.Combine(f, ScoresDownload.Corr20File)))
            ?? throw new ResearchInputException($"There are no scores here or in {Beside}: name their folder with --scores, or fetch them with 'backstake scores download'.");
        var rule = new PayoutRule(result.GetValue(corr), result.GetValue(mmc), result.GetValue(clip));
        if (!double.IsFinite(rule.Corr) || !double.IsFinite(rule.Mmc) || !(rule.Clip > 0)) throw new ResearchInputException("Multipliers are finite, and the clip is above zero.");
        return ReturnTable.From(Table(folder, ScoresDownload.Corr20File), Table(folder, ScoresDownload.Mmc20File), rule);
    }

    /// <summary>What was known at --until; net of --terms where given.</summary>
    public ReturnTable Known(ParseResult result)
    {
        var returns = Read(result);
        var known = result.GetValue(Until) is { } until ? returns.KnownAt(until) : returns;
        if (known.Rounds.Count == 0) throw new ResearchInputException($"Nothing was resolved by round {result.GetValue(Until)}.");
        return result.GetValue(Terms) is { } file ? UnitTrack.NetOf(known, ReadTerms(file)) : known;
    }

    public static ScoreTable Table(string folder, string name) => ScoreTable.Read(name, File.ReadAllText(Path.Combine(folder, name)));

    private static Terms ReadTerms(FileInfo file)
    {
        var history = $$"""{"schema":"{{ReplayFile.Schema}}","vault":{"id":"v","staking":"perRound"},"terms":{"T":{{File.ReadAllText(file.FullName)}}},"events":[]}""";
        var parsed = ReplayFile.Read(Encoding.UTF8.GetBytes(history));
        return parsed.IsMalformed(out var malformed) ? throw new ResearchInputException($"{file.Name}: {malformed.Place}: {malformed.Problem}") : parsed.Value.Terms.Values.Single();
    }
}

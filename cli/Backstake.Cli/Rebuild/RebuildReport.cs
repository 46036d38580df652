using System.Text.Json;

namespace Backstake.Cli.Rebuild;

/// <summary>What was made anew, what proves it, and what is lost for good.</summary>
internal sealed record RebuildReport(string Vault, int Events, IReadOnlyList<RebuiltWeek> Weeks, IReadOnlyList<int> Missed)
{
    /// <summary>What neither the chain nor a history holds.</summary>
    public static readonly string[] Lost =
    [
        "prediction files, Numerai's submission ids and when they were checked (the committed hashes are on chain)",
        "why rounds were missed, and which attempts failed",
        "who halted, resumed or resent what",
        "whose the models are: attest again, owners bring their keys again; nodes and receivers of notifications are named again",
    ];

    public bool Rebuilt => Weeks.All(week => week.OnChain is null || week.Root == week.OnChain);

    public IReadOnlyList<int> Unproven => [.. Weeks.Where(week => !week.Accepted).Select(week => week.Week)];

    public string ToJson() => JsonSerializer.Serialize(
        new { Vault, Rebuilt, Events, Weeks, Missed, Unproven, Lost }, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });

    public override string ToString()
    {
        var proven = Weeks.Count(week => week.Accepted && week.Root == week.OnChain);
        var lines = new List<string> { $"{Events} events, {Weeks.Count} weeks; the roots of {proven} are those that the chain accepted." };
        lines.AddRange(Weeks.Where(week => week.OnChain is not null && week.Root != week.OnChain)
            .Select(week => $"Week {week.Week}: the chain has the root {week.OnChain}, the history gives {week.Root}."));
        if (Unproven.Count > 0) lines.Add($"Not accepted on chain, so not proven: week {string.Join(", ", Unproven)}.");
        if (Missed.Count > 0) lines.Add($"Rounds in which nothing was staked: {string.Join(", ", Missed)}.");
        lines.Add($"Can't be rebuilt: {string.Join("; ", Lost)}.");
        return string.Join(Environment.NewLine, lines);
    }
}

using System.Globalization;
using System.Text;

namespace Backstake.Sandbox.Submissions;

/// <summary>
/// What Numerai accepts as a submission (NUMERAI.md, Submissions; data/vectors/submission_validation_classic.json). Errors have its names and words.
/// CSV only: a Parquet file is refused as one.
/// </summary>
public static class SubmissionCheck
{
    private const int MinRows = 100;   // Signals and Crypto; Classic: every live id

    private sealed record Columns(string[] Ids, string[] Predictions);

    private static readonly Columns Classic = new(["id"], ["prediction", "probability"]);
    private static readonly Columns Signals = new(["ticker", "sedol", "bloomberg_ticker", "composite_figi", "numerai_ticker"], ["prediction", "signal"]);
    private static readonly Columns Crypto = new(["symbol"], ["prediction", "signal"]);

    /// <summary>Null: accepted. Else `errorInfo`. Ids that are not live are left out first, and reported in <paramref name="invalidIds"/>.</summary>
    public static string? FindError(TournamentKind tournament, ReadOnlySpan<byte> file, IReadOnlySet<string> liveIds, out IReadOnlyList<string> invalidIds)
    {
        invalidIds = [];
        if (file.StartsWith("PAR1"u8))
        {
            return "invalid_submission_format: Parquet files are not part of the sandbox; submit CSV";
        }
        var columns = tournament switch { TournamentKind.Classic => Classic, TournamentKind.Signals => Signals, _ => Crypto };
        var lines = Encoding.UTF8.GetString(file).TrimStart('\uFEFF').Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }
        var header = lines.Count == 0 ? [] : lines[0].Split(',');
        if (header.Length != 2 || !columns.Ids.Contains(header[0]) || !columns.Predictions.Contains(header[1]))
        {
            return $"invalid_submission_headers: headers must be one of [{Quoted(columns.Ids)}] and one of [{Quoted(columns.Predictions)}]";
        }
        var rows = new List<(string Id, double Value)>(lines.Count - 1);
        foreach (var cells in lines.Skip(1).Select(l => l.Split(',')))
        {
            if (cells.Length != 2)
            {
                return "invalid_submission_format: each line has two cells";
            }
            if (cells[0].Length == 0)
            {
                return $"invalid_submission_ids: Submission must not contain NaNs in the {header[0]} column.";
            }
            if (!double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || double.IsNaN(value))
            {
                return "invalid_submission_values: submission must not contain NaNs";
            }
            if (value is < 0 or > 1)
            {
                return "invalid_submission_values: values must be between 0 and 1 exclusive";
            }
            rows.Add((cells[0], value));
        }
        if (rows.Select(r => r.Value).Distinct().Take(2).Count() < 2)
        {
            return "invalid_submission_values: submission must have non-zero standard deviation";
        }
        invalidIds = rows.Where(r => !liveIds.Contains(r.Id)).Select(r => r.Id).ToList();
        var valid = rows.Where(r => liveIds.Contains(r.Id)).Select(r => r.Id).ToList();
        if (valid.Distinct().Count() != valid.Count)
        {
            return $"invalid_submission_ids: Duplicates detected in {header[0]} for live period.";
        }
        return valid.Count < (tournament == TournamentKind.Classic ? liveIds.Count : MinRows)
            ? "invalid_submission_ids: Not enough stocks submitted. Are you using the latest live ids or live universe?"
            : null;
    }

    private static string Quoted(string[] names) => string.Join(", ", names.Select(n => $"'{n}'"));
}

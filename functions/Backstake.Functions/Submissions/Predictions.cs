using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Backstake.Functions.Submissions;

/// <summary>What is wrong with a prediction file, and in which line (the header is line 1).</summary>
/// <param name="Code">Stable: <c>notCsv</c>, <c>header</c>, <c>columns</c>, <c>id</c>, <c>duplicateId</c>, <c>value</c>, <c>missingId</c>, <c>constant</c>, <c>tooLarge</c>.</param>
public sealed record PredictionError(int Line, string Code, string Message);

/// <summary>
/// Numerai's rules for a Classic file (NUMERAI.md, "Submissions"; data/vectors/submission_validation_classic.json): two columns, <c>id</c> and
/// <c>prediction</c> (or <c>probability</c>); every live id exactly once; values from 0 to 1; not all equal. Ids that aren't live are ignored, as
/// Numerai ignores them.
/// </summary>
public static class Predictions
{
    public const int ErrorsShown = 20;
    public const int BytesMost = 8 * 1024 * 1024;
    public const int RowsMost = 200_000;
    static readonly string[] ValueColumns = ["prediction", "probability"];

    /// <summary>The first <see cref="ErrorsShown"/> errors by line; none if the file is fit to be submitted.</summary>
    public static IReadOnlyList<PredictionError> Errors(byte[] file, IReadOnlySet<string> liveIds)
    {
        if (file.Length > BytesMost)
            return [new(1, "tooLarge", $"The file has {file.Length} bytes; at most {BytesMost} are taken.")];
        try
        {
            return Read(file, liveIds).Take(ErrorsShown).ToList();
        }
        catch (CsvHelperException failure)
        {
            return [new(failure.Context?.Parser?.RawRow ?? 1, "notCsv", "The line can't be read as comma-separated values.")];
        }
    }

    static IEnumerable<PredictionError> Read(byte[] file, IReadOnlySet<string> liveIds)
    {
        using var text = new StreamReader(new MemoryStream(file), System.Text.Encoding.UTF8);
        using var rows = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Mode = CsvMode.RFC4180 });
        if (!rows.Read() || rows.Count != 2 || rows[0] != "id" || !ValueColumns.Contains(rows[1]))
        {
            yield return new(1, "header", "The first line must be id,prediction.");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        double? first = null;
        var varies = false;
        var (line, fit) = (1, 0);
        while (rows.Read())
        {
            line = rows.RawRow;
            if (rows.Row - 1 > RowsMost)
            {
                yield return new(line, "tooLarge", $"The file has more than {RowsMost} rows.");
                yield break;
            }

            if (rows.Count != 2)
                yield return new(line, "columns", $"The line has {rows.Count} values instead of 2.");
            else if (rows[0].Length == 0)
                yield return new(line, "id", "The id is empty.");
            else if (!liveIds.Contains(rows[0]))
                continue;
            else if (!seen.Add(rows[0]))
                yield return new(line, "duplicateId", $"The id {rows[0]} stands in the file twice.");
            else if (!IsPrediction(rows[1], out var value))
                yield return new(line, "value", "The prediction must be a number from 0 to 1.");
            else
            {
                fit++;
                first ??= value;
                varies |= value != first;
            }
        }

        if (seen.Count < liveIds.Count)
            yield return new(line, "missingId", $"{liveIds.Count - seen.Count} live ids are missing, among them {liveIds.First(id => !seen.Contains(id))}.");
        else if (fit == liveIds.Count && !varies)
            yield return new(line, "constant", "All predictions are equal; their standard deviation must be greater than 0.");
    }

    static bool IsPrediction(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && value is >= 0 and <= 1;
}

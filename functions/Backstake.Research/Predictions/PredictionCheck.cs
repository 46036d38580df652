using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Backstake.Research;

/// <summary>
/// Whether a prediction file is one that Numerai takes (NUMERAI.md, "Submissions"), and if not, where and why. It is never more lenient than Numerai, and
/// stricter in form: text is RFC 4180 in UTF-8, and what can't be meant is refused (FAULTS.md H). Ids that aren't live are ignored, as Numerai ignores them,
/// but their values are looked at.
/// </summary>
public static class PredictionCheck
{
    public const int ErrorsShown = 20;
    public const int BytesMost = 8 * 1024 * 1024;
    public const int RowsMost = 200_000;
    const int FewValues = 10;
    const double TinySpread = 1e-6;
    const int NameMost = 40; // of an id in a message

    /// <param name="file">The whole file; <see cref="ForeignFormat"/> has said that it may be text.</param>
    /// <param name="rules">The tournament's.</param>
    /// <param name="liveIds">The round's; null while they aren't known: the form is checked, the ids are not.</param>
    public static CheckedPredictions Of(byte[] file, PredictionRules rules, IReadOnlySet<string>? liveIds)
    {
        if (file.Length > BytesMost)
            return CheckedPredictions.Refused([new(1, null, "tooLarge", $"The file has more than {BytesMost} bytes.")]);
        if (PredictionText.FirstFault(file) is { } fault)
            return CheckedPredictions.Refused([fault]);
        var rows = new Rows(rules, liveIds);
        rows.Read(file);
        if (rows.Errors.Count > 0)
            return CheckedPredictions.Refused(rows.Errors);
        var statistics = PredictionStatistics.Of([.. rows.Values]);
        return new([], rows.Warnings(statistics), rows.Ids, rows.Values, statistics);
    }

    sealed class Rows(PredictionRules rules, IReadOnlySet<string>? liveIds)
    {
        readonly HashSet<string> seen = new(StringComparer.Ordinal);
        int ignored;

        public List<PredictionError> Errors { get; } = [];

        public List<string> Ids { get; } = [];

        public List<double> Values { get; } = [];

        public void Read(byte[] file)
        {
            var isBad = false;
            using var text = new StreamReader(new MemoryStream(file, writable: false), System.Text.Encoding.UTF8);
            using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Mode = CsvMode.RFC4180, BadDataFound = _ => isBad = true });
            if (!csv.Read() || csv.Count != 2 || !rules.IdColumns.Contains(csv[0]) || !rules.ValueColumns.Contains(csv[1]) || isBad)
            {
                Errors.Add(new(1, null, "header", $"The first line must be {string.Join('|', rules.IdColumns)},{string.Join('|', rules.ValueColumns)}."));
                return;
            }

            var line = 1;
            while (Errors.Count < ErrorsShown && csv.Read())
            {
                line = csv.RawRow;
                isBad = false;
                if (csv.Count != 2)
                    Errors.Add(new(line, null, "columns", $"The line has {csv.Count} values instead of 2."));
                else
                    Take(line, csv[0], csv[1], ref isBad);
            }

            if (Errors.Count < ErrorsShown)
                Complete(line);
        }

        void Take(int line, string id, string value, ref bool isBad)
        {
            if (isBad)
                Errors.Add(new(line, null, "notCsv", "A quote stands where none may be: a value is quoted as a whole or not at all."));
            else if (id.Length == 0)
                Errors.Add(new(line, 1, "id", "The id is empty."));
            else if (!PredictionNumber.TryRead(value, out var prediction))
                Errors.Add(new(line, 2, "value", "The prediction must be a decimal number from 0 to 1."));
            else if (liveIds is not null && !liveIds.Contains(id))
                ignored++;
            else if (!seen.Add(id))
                Errors.Add(new(line, 1, "duplicateId", $"The id {Name(id)} stands in the file twice."));
            else
            {
                Ids.Add(id);
                Values.Add(prediction);
            }
        }

        void Complete(int line)
        {
            var least = rules.LeastRows ?? liveIds?.Count ?? 1;
            if (rules.LeastRows is null && liveIds is not null && seen.Count < least)
                Errors.Add(new(line, 1, "missingId", $"{least - seen.Count} live ids are missing, among them {string.Join(", ", liveIds.Where(id => !seen.Contains(id)).Take(5).Select(Name))}."));
            else if (seen.Count < least)
                Errors.Add(new(line, 1, "tooFewRows", $"The file has {seen.Count} rows with a live id; at least {least} are needed."));
            else if (Errors.Count == 0 && Values.TrueForAll(value => value == Values[0])) // a computed deviation of equal values needn't be 0
                Errors.Add(new(line, 2, "constant", "All predictions are equal; their standard deviation must be greater than 0."));
        }

        public IReadOnlyList<PredictionWarning> Warnings(PredictionStatistics statistics)
        {
            var warnings = new List<PredictionWarning>();
            if (liveIds is null)
                warnings.Add(new("idsNotChecked", "The round's live ids aren't known yet: they are checked when it opens."));
            if (ignored > 0)
                warnings.Add(new("idsIgnored", $"{ignored} rows have an id that isn't live; Numerai leaves them out."));
            if (statistics.Distinct < FewValues)
                warnings.Add(new("fewValues", $"There are only {statistics.Distinct} different values."));
            if (statistics.Deviation < TinySpread)
                warnings.Add(new("tinySpread", $"The standard deviation is below {TinySpread.ToString(CultureInfo.InvariantCulture)}."));
            return warnings;
        }

        static string Name(string id) => id.Length <= NameMost ? id : id[..NameMost] + "…";
    }
}

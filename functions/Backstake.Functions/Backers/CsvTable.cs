using System.Globalization;
using System.Text;
using Backstake.Accounting;
using CsvHelper;

namespace Backstake.Functions.Backers;

/// <summary>
/// A table as RFC 4180 writes it. A text that a spreadsheet would take for a formula gets an apostrophe before it; amounts and numbers are ours and stay numbers, also −0.25.
/// </summary>
public static class CsvTable
{
    const string FormulaBegins = "=+-@\t\r\n";

    /// <param name="head">The columns' names.</param>
    /// <param name="rows">Strings, amounts, integers, times (as they are formatted by the caller: strings), and null for nothing.</param>
    public static byte[] Of(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<object?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\r\n" };
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            foreach (var name in head)
                csv.WriteField(name);
            csv.NextRecord();
            foreach (var row in rows)
            {
                foreach (var cell in row)
                    csv.WriteField(Cell(cell));
                csv.NextRecord();
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string? Cell(object? cell) => cell switch
    {
        null => "",
        string word => word.Length > 0 && FormulaBegins.Contains(word[0], StringComparison.Ordinal) ? "'" + word : word,
        Nmr amount => amount.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{cell.GetType().Name} has no form in a table.", nameof(cell)),
    };
}

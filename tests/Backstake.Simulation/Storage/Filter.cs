using System.Text.Json;

namespace Backstake.Simulation.Storage;

/// <summary>An OData filter as the app writes them: comparisons joined by <c>and</c>.</summary>
public sealed class Filter
{
    readonly List<(string Name, string Operator, object Value)> terms = [];

    public static Filter Parse(string? text)
    {
        var filter = new Filter();
        var at = 0;
        while (text is not null && at < text.Length)
        {
            var name = Word(text, ref at);
            var comparison = Word(text, ref at);
            filter.terms.Add((name, comparison, Literal(text, ref at)));
            if (at < text.Length && Word(text, ref at) != "and")
                throw new NotSupportedException($"The filter {text} is more than the app was known to write.");
        }

        return filter;
    }

    public bool MayHold(string partition) => terms.All(term => term.Name != "PartitionKey" || Holds(string.CompareOrdinal(partition, (string)term.Value), term.Operator));

    /// <summary>The first row that can be meant.</summary>
    public int From(SortedList<string, Row> rows)
    {
        var least = terms.Where(term => term is { Name: "RowKey", Operator: "gt" or "ge" }).Select(term => (string)term.Value).Max(StringComparer.Ordinal);
        if (least is null)
            return 0;
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(rows.Keys[middle], least) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    public bool Holds(Row row)
    {
        foreach (var (name, comparison, value) in terms)
        {
            int? order = name switch
            {
                "PartitionKey" => string.CompareOrdinal(row.Partition, (string)value),
                "RowKey" => string.CompareOrdinal(row.Key, (string)value),
                _ => row.Json(name) is not { } json ? null
                    : value switch
                    {
                        DateTimeOffset time => DateTimeOffset.Parse(JsonSerializer.Deserialize<string>(json)!, CultureInfo.InvariantCulture).CompareTo(time),
                        bool truth => bool.Parse(json).CompareTo(truth),
                        long number => long.Parse(json.Trim('"')).CompareTo(number),
                        _ => string.CompareOrdinal(JsonSerializer.Deserialize<string>(json), (string)value),
                    },
            };
            if (order is not { } known || !Holds(known, comparison))
                return false;
        }

        return true;
    }

    static bool Holds(int order, string comparison) => comparison switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        "lt" => order < 0,
        "le" => order <= 0,
        _ => throw new NotSupportedException($"The comparison {comparison} is none that the app writes."),
    };

    static string Word(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '(')
            at++;
        var start = at;
        while (at < text.Length && text[at] is not (' ' or ')'))
            at++;
        var word = text[start..at];
        while (at < text.Length && text[at] is ' ' or ')')
            at++;
        return word;
    }

    static object Literal(string text, ref int at)
    {
        while (text[at] == ' ')
            at++;
        var quote = text.IndexOf('\'', at);
        if (quote < 0 || text[at..quote].Contains(' ', StringComparison.Ordinal))
        {
            var word = Word(text, ref at);
            return bool.TryParse(word, out var truth) ? truth : long.Parse(word.TrimEnd('L'));
        }

        var prefix = text[at..quote];
        var value = new StringBuilder();
        for (at = quote + 1; ; at++)
        {
            if (text[at] != '\'')
                value.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '\'')
                value.Append(text[at++]);
            else
                break;
        }

        at++;
        while (at < text.Length && text[at] is ' ' or ')')
            at++;
        return prefix switch
        {
            "" => value.ToString(),
            "datetime" => DateTimeOffset.Parse(value.ToString(), CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException($"The filter's literal {prefix} is none that the app writes."),
        };
    }
}

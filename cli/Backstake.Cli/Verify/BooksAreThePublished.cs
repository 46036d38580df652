using System.Text.Json.Nodes;

namespace Backstake.Cli.Verify;

/// <summary>The books that were published are the ones that the history gives, in every week and every error (ACCOUNTING.md 6).</summary>
internal static class BooksAreThePublished
{
    private const string Name = "The published books are those of the history";

    public static Check Of(FoldedHistory history, JsonNode published)
    {
        var folded = JsonNode.Parse(history.Document.Write());
        return FirstDifference(published, folded, "") is { } difference
            ? Check.Fail(Name, difference)
            : Check.Pass(Name, $"{history.File.Events.Length} events, {history.Settlements.Length} weeks, {history.Document.Errors.Length} refused events");
    }

    private static string? FirstDifference(JsonNode? published, JsonNode? folded, string place)
    {
        if (JsonNode.DeepEquals(published, folded)) return null;
        if (published is JsonObject ours && folded is JsonObject theirs)
        {
            return theirs.Select(field => field.Key).Union(ours.Select(field => field.Key), StringComparer.Ordinal)
                .Select(key => ours.ContainsKey(key) == theirs.ContainsKey(key)
                    ? FirstDifference(ours[key], theirs[key], place.Length == 0 ? key : $"{place}.{key}")
                    : $"{place}{(place.Length == 0 ? "" : ".")}{key}: {(ours.ContainsKey(key) ? "published, but not in the history's books" : "not published")}")
                .First(difference => difference is not null);
        }

        if (published is JsonArray first && folded is JsonArray second)
        {
            return Enumerable.Range(0, Math.Min(first.Count, second.Count)).Select(i => FirstDifference(first[i], second[i], $"{place}[{i}]")).FirstOrDefault(difference => difference is not null)
                ?? $"{place}: {first.Count} published, the history gives {second.Count}";
        }

        return $"{place}: published {Text(published)}, the history gives {Text(folded)}";
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";
}

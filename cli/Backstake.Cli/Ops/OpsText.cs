using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Backstake.Cli.Ops;

/// <summary>The app's answers as a person reads them.</summary>
internal static class OpsText
{
    public static string Ready(JsonElement answer)
    {
        var text = new StringBuilder();
        foreach (var check in answer.GetProperty("checks").EnumerateArray())
        {
            var ok = check.GetProperty("ok").GetBoolean();
            text.AppendLine(ok ? $"ok    {check.GetProperty("name").GetString()}" : $"FAIL  {check.GetProperty("name").GetString()}: {check.GetProperty("problem").GetString()}");
        }

        return text.Append(answer.GetProperty("status").GetString() == "ready" ? "ready" : "not ready").ToString();
    }

    public static string Status(JsonElement answer)
    {
        var now = answer.GetProperty("time").GetDateTimeOffset();
        var text = new StringBuilder();
        foreach (var flow in answer.GetProperty("flows").EnumerateArray())
        {
            text.AppendLine(flow.GetProperty("flow").GetString());
            foreach (var function in flow.GetProperty("functions").EnumerateArray())
            {
                text.Append(CultureInfo.InvariantCulture, $"  {function.GetProperty("name").GetString(),-16} last success {Ago(function, "lastSuccess", now),-14} last failure {Ago(function, "lastFailure", now),-14}");
                if (function.GetProperty("cause").GetString() is { } cause) text.Append($" {cause}");
                if (Number(function, "waiting") is { } waiting) text.Append(CultureInfo.InvariantCulture, $" waiting {waiting}");
                if (Number(function, "poison") is > 0 and var poison) text.Append(CultureInfo.InvariantCulture, $" PUT ASIDE {poison}");
                text.AppendLine();
            }
        }

        foreach (var signer in answer.GetProperty("signers").EnumerateArray())
            text.AppendLine(CultureInfo.InvariantCulture, $"signer {signer.GetProperty("role").GetString()}: {(signer.TryGetProperty("address", out var address) ? address : signer.GetProperty("problem")).GetString()}");

        var chain = answer.GetProperty("chain");
        return text.Append(chain.TryGetProperty("problem", out var problem)
            ? $"chain: {problem.GetString()}"
            : $"chain: final block {chain.GetProperty("finalBlock")} of {chain.GetProperty("finalTime").GetDateTimeOffset():u}, factory read up to {chain.GetProperty("readUpTo")}, {chain.GetProperty("lagBlocks")} behind").ToString();
    }

    public static string Quarantine(JsonElement answer) => Lines(answer, "Nothing is put aside.");

    public static string Orders(JsonElement answer) => Lines(answer, "Nothing was ordered.");

    /// <summary>An array of objects, or an object that holds one: a line each, with its fields as they come.</summary>
    private static string Lines(JsonElement answer, string none)
    {
        var list = answer.ValueKind == JsonValueKind.Array ? answer : answer.EnumerateObject().First(it => it.Value.ValueKind == JsonValueKind.Array).Value;
        var lines = list.EnumerateArray().Select(message => string.Join("  ", message.EnumerateObject().Select(it => $"{it.Name}: {it.Value}"))).ToList();
        return lines.Count == 0 ? none : string.Join(Environment.NewLine, lines);
    }

    /// <summary>What was asked is done; some answers say what it took.</summary>
    public static string Done(JsonElement answer) => string.Join("  ", answer.EnumerateObject().Select(it => $"{it.Name}: {it.Value}").Prepend("Done."));

    private static string Ago(JsonElement function, string name, DateTimeOffset now)
    {
        if (function.GetProperty(name).ValueKind == JsonValueKind.Null) return "never";
        var ago = now - function.GetProperty(name).GetDateTimeOffset();
        return ago.TotalMinutes < 1 ? "now" : ago.TotalHours < 2 ? $"{ago.TotalMinutes:0} min ago" : $"{ago.TotalHours:0} h ago";
    }

    private static long? Number(JsonElement function, string name) => function.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}

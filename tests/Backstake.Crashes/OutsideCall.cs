using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Backstake.Crashes;

/// <summary>The services outside the app's process.</summary>
public enum Outside
{
    Blob,
    Queue,
    Table,
    Chain,
    Numerai,
}

/// <summary>A call that changes something outside the app, by a name that it has in every run of the same season.</summary>
/// <param name="Name">Like <c>table append k|close|843</c>, <c>queue put settlements</c>, <c>chain send</c>, <c>numerai createSubmission</c>.</param>
public sealed partial record OutsideCall(Outside Service, string Name)
{
    /// <summary>The name without what tells one round, week or address from another: the step of its flow.</summary>
    public string Step => Digits().Replace(Name, "#");

    [GeneratedRegex("[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();
}

/// <summary>
/// Names the calls that change something. A call that only reads leaves the outside as it was: a crash before or after it is the crash before the next
/// call that writes, so it is no crash point of its own. Taking a message only hides it, as a crashed worker's message is hidden.
/// </summary>
public static partial class OutsideCalls
{
    public static OutsideCall? Of(Outside service, string method, string path, byte[] body) => service switch
    {
        Outside.Table => Table(method, path, body),
        Outside.Queue => Queue(method, path),
        Outside.Blob => method == "PUT" ? new(service, $"blob put {path.Split('/')[2]}") : null,
        Outside.Chain => Chain(body),
        _ => Numerai(method, body),
    };

    static OutsideCall? Table(string method, string path, byte[] body)
    {
        if (method == "POST" && path.EndsWith("$batch", StringComparison.Ordinal))
        {
            var row = RowKey().Match(Encoding.UTF8.GetString(body));
            return new(Outside.Table, $"table append {Short(row.Groups["row"].Value)}");
        }

        if (method is "GET" || path.EndsWith("/Tables", StringComparison.Ordinal))
            return null;
        var key = RowKeyInPath().Match(Uri.UnescapeDataString(path));
        var table = path.Split('/')[2].Split('(')[0];
        return new(Outside.Table, $"table {method} {table} {(key.Success ? Short(key.Groups["row"].Value) : "")}".TrimEnd());
    }

    static OutsideCall? Queue(string method, string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 4 || parts[3] != "messages" || method == "GET")
            return null;
        return new(Outside.Queue, $"queue {(method == "POST" ? "put" : method == "DELETE" ? "delete" : "update")} {parts[2]}");
    }

    static OutsideCall? Chain(byte[] body)
    {
        using var call = JsonDocument.Parse(body);
        return call.RootElement.ValueKind is JsonValueKind.Object && call.RootElement.GetProperty("method").GetString() == "eth_sendRawTransaction"
            ? new(Outside.Chain, "chain send")
            : null;
    }

    static OutsideCall? Numerai(string method, byte[] body)
    {
        if (method == "PUT")
            return new(Outside.Numerai, "numerai upload");
        if (method != "POST")
            return null;
        var operation = Operation().Match(Encoding.UTF8.GetString(body));
        return operation.Success ? new(Outside.Numerai, $"numerai {operation.Groups["operation"].Value}") : null;
    }

    /// <summary>Addresses, transaction hashes and the escapes of a row key are too long for a name.</summary>
    static string Short(string row) => LongHex().Replace(Uri.UnescapeDataString(row), "0x…");

    [GeneratedRegex("\"RowKey\":\\s*\"(?<row>[^\"]*)\"", RegexOptions.NonBacktracking)]
    private static partial Regex RowKey();

    [GeneratedRegex("RowKey='(?<row>[^']*)'", RegexOptions.NonBacktracking)]
    private static partial Regex RowKeyInPath();

    [GeneratedRegex("0x[0-9a-f]{16,}|[0-9a-f]{40,}", RegexOptions.NonBacktracking)]
    private static partial Regex LongHex();

    // What changes something at Numerai, or counts there: the permission to stake uses up the staker's nonce.
    [GeneratedRegex(@"\b(?<operation>createSubmission|v3StakeAuth)\(", RegexOptions.NonBacktracking)]
    private static partial Regex Operation();
}

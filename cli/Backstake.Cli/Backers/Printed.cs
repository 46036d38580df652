using System.Numerics;
using System.Text;
using System.Text.Json;
using Backstake.Chain.Prepared;
using Spectre.Console;

namespace Backstake.Cli.Backers;

/// <summary>What backers' commands print: one JSON object, or tables for people.</summary>
internal static class Printed
{
    private const int WidthOfPipes = 160; // what isn't a terminal has no width of its own

    public static void Json(TextWriter output, Action<Utf8JsonWriter> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    /// <summary>Calls as a person compares them with what a wallet shows.</summary>
    public static void Calls(TextWriter output, IReadOnlyList<PreparedCall> calls, BigInteger chainId)
    {
        foreach (var call in calls)
        {
            output.WriteLine(call.Purpose);
            output.WriteLine($"  to      {call.To} on chain {chainId}, without ether");
            output.WriteLine($"  calls   {call.Function}");
            foreach (var argument in call.Arguments) output.WriteLine($"          {argument.Name} = {argument.Value}");
            output.WriteLine($"  data    {call.Data}");
            output.WriteLine($"  digest  {call.Digest}{(call.Gas is { } gas ? $", about {gas} gas" : "")}");
        }
    }

    /// <summary>The calls and what was sent of them, as one object.</summary>
    public static void Sent(TextWriter output, string vault, BigInteger chainId, IReadOnlyList<PreparedCall> calls, IReadOnlyList<string> hashes, Action<Utf8JsonWriter>? more = null) => Json(output, json =>
    {
        json.WriteString("vault", vault);
        json.WriteNumber("chainId", (long)chainId);
        more?.Invoke(json);
        PreparedCallJson.Write(json, "transactions", calls);
        json.WriteStartArray("sent");
        foreach (var hash in hashes) json.WriteStringValue(hash);
        json.WriteEndArray();
    });

    /// <param name="left">How many columns, from the first, are words; the others are amounts, which line up at the right.</param>
    public static void Table(TextWriter output, int left, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < head.Count; i++) table.AddColumn(new TableColumn(Markup.Escape(head[i])) { Alignment = i < left ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var row in rows) table.AddRow(row.Select(cell => (Spectre.Console.Rendering.IRenderable)new Text(cell)));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (console.Profile.Width < WidthOfPipes && Console.IsOutputRedirected) console.Profile.Width = WidthOfPipes;
        console.Write(table);
    }
}

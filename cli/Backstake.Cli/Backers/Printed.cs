using System.Text;
using System.Text.Json;
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

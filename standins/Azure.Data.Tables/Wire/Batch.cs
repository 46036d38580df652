using System.Text;
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>A transaction on the wire: requests inside one request, answers inside one answer (multipart/mixed, twice nested).</summary>
internal static class Batch
{
    public static async Task<byte[]> Body(string batch, IReadOnlyList<HttpMessage> messages, CancellationToken stop)
    {
        var changes = $"changeset_{Guid.NewGuid()}";
        using var stream = new MemoryStream();
        void Line(string text = "") => stream.Write(Encoding.UTF8.GetBytes(text + "\r\n"));

        Line($"--{batch}");
        Line($"Content-Type: multipart/mixed; boundary={changes}");
        Line();
        foreach (var message in messages)
        {
            Line($"--{changes}");
            Line("Content-Type: application/http");
            Line("Content-Transfer-Encoding: binary");
            Line();
            var request = message.Request;
            var uri = request.Uri.ToUri();
            Line($"{request.Method} {uri.AbsoluteUri} HTTP/1.1");
            Line($"Host: {uri.Authority}");
            foreach (var header in request.Headers)
                Line($"{header.Name}: {header.Value}");
            Line();
            if (request.Content is not null)
                await request.Content.WriteToAsync(stream, stop);
            Line();
        }

        Line($"--{changes}--");
        Line();
        Line($"--{batch}--");
        return stream.ToArray();
    }

    /// <summary>The answers inside the answer: one for each request, or the one that failed.</summary>
    /// <exception cref="FormatException">The answer has no such parts.</exception>
    public static IReadOnlyList<Response> Answers(Response outer)
    {
        var text = outer.Content.ToString().ReplaceLineEndings("\n");
        const string Mark = "boundary=changesetresponse_";
        var at = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            throw new FormatException("The answer to the transaction holds no change set.");
        var end = text.IndexOf('\n', at);
        var boundary = "--" + text[(at + "boundary=".Length)..end].Trim().Trim('"');

        return text.Split(boundary)[1..]
            .Where(part => !part.StartsWith("--", StringComparison.Ordinal))
            .Select(part => (Response)Answer(part))
            .ToList();
    }

    // MIME headers, an empty line, the status line and headers, an empty line, the body. Azurite leaves the MIME headers out of some errors.
    private static BatchResponse Answer(string part)
    {
        var at = part.IndexOf("\nHTTP/", StringComparison.Ordinal);
        if (at < 0)
            throw new FormatException("A part of the answer to the transaction holds no HTTP answer.");
        var sections = part[(at + 1)..].Split("\n\n", 2);
        var lines = sections[0].Split('\n');
        var status = lines[0].Split(' ', 3);
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .Where(header => header.Length == 2)
            .Select(header => new HttpHeader(header[0].Trim(), header[1].Trim()))
            .ToList();
        var body = sections.Length > 1 ? sections[1].Trim('\n') : "";
        return new BatchResponse(int.Parse(status[1]), status.Length > 2 ? status[2] : "", headers, Encoding.UTF8.GetBytes(body));
    }
}

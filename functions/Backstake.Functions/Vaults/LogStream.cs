using System.Buffers;
using Backstake.Functions.Http;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Vaults;

/// <summary>
/// A vault's log as NDJSON, an entry a line: <c>{ "sequence", "key", "at", "source"?, "event", "chain" }</c>, the canonical fields and the chain's value after it. Read page by page and sent as it is read:
/// a log of any length needs the memory of one page.
/// </summary>
public sealed class LogStream(LogTable log, VaultState state, long after) : IStreamedAnswer
{
    public const string ContentType = "application/x-ndjson";
    const int FlushBytes = 64 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (response, stop) = (context.HttpContext.Response, context.HttpContext.RequestAborted);
        response.ContentType = ContentType;
        var lines = new ArrayBufferWriter<byte>(FlushBytes);
        try
        {
            await foreach (var entry in log.ReadFrom(state.Id, after + 1, stop))
            {
                if (entry.Sequence > state.Sequence)
                    break;
                Write(lines, entry);
                if (lines.WrittenCount < FlushBytes)
                    continue;
                await response.Body.WriteAsync(lines.WrittenMemory, stop);
                lines.ResetWrittenCount();
            }

            await response.Body.WriteAsync(lines.WrittenMemory, stop);
        }
        catch when (response.HasStarted)
        {
            context.HttpContext.Abort(); // an end that looks like one would hide what is missing
            throw;
        }
    }

    static void Write(ArrayBufferWriter<byte> lines, LogEntry entry)
    {
        // The canonical bytes are one JSON object after a version byte; the chain's value goes in before its brace.
        lines.Write(LogEntryJson.CanonicalBytes(entry.Sequence, entry.Key, entry.Event, entry.At, entry.Source).AsSpan(1)[..^1]);
        lines.Write(",\"chain\":\""u8);
        lines.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(entry.Chain)));
        lines.Write("\"}\n"u8);
    }
}

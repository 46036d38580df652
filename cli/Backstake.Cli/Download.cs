using System.Buffers;
using System.Net;
using Polly;
using Polly.Retry;

namespace Backstake.Cli;

/// <summary>Getting what an app publishes. Whose budget of calls is used up waits as long as the app says, at most a minute at a time.</summary>
internal static class Download
{
    private const int Repetitions = 5;
    private const int BytesAtOnce = 64 * 1024;
    private const int BytesMost = 512 * 1024 * 1024; // of what is kept whole: millions of events
    private const int LineMost = 1024 * 1024; // a row of storage that an entry lies in has no more
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20); // until an answer begins, and for each next part of it
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1); // an app's budgets are a minute's

    private static readonly HttpClient Http = new() { Timeout = Limit };

    private static readonly ResiliencePipeline<HttpResponseMessage> WithinBudget = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = asked => ValueTask.FromResult(asked.Outcome.Result is { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta: { } wait } && wait <= LongestWait),
            MaxRetryAttempts = Repetitions,
            DelayGenerator = asked => ValueTask.FromResult(asked.Outcome.Result?.Headers.RetryAfter?.Delta),
        })
        .Build();

    /// <param name="came">Hears how many bytes came, of how many (null: not known).</param>
    /// <exception cref="IOException">It can't be had, with the address and why.</exception>
    public static async Task<byte[]> Bytes(Uri url, CancellationToken stop, Action<long, long?>? came = null)
    {
        var bytes = new MemoryStream();
        await Read(url, stop, part =>
        {
            if (bytes.Length + part.Length > BytesMost) throw new IOException($"more than {BytesMost} bytes");
            bytes.Write(part);
        }, came);
        return bytes.ToArray();
    }

    /// <summary>Line by line, as they come: the memory of one.</summary>
    /// <param name="read">Gets each line without its end.</param>
    /// <exception cref="IOException">As of <see cref="Bytes"/>; or the last line has no end.</exception>
    public static async Task Lines(Uri url, CancellationToken stop, Action<ReadOnlySpan<byte>> read, Action<long, long?>? came = null)
    {
        var begun = new ArrayBufferWriter<byte>();
        await Read(url, stop, part =>
        {
            for (var end = part.IndexOf((byte)'\n'); end >= 0; end = part.IndexOf((byte)'\n'))
            {
                begun.Write(part[..end]);
                read(begun.WrittenSpan);
                begun.ResetWrittenCount();
                part = part[(end + 1)..];
            }

            if (begun.WrittenCount + part.Length > LineMost) throw new IOException($"a line of more than {LineMost} bytes");
            begun.Write(part);
        }, came);
        if (begun.WrittenCount > 0) throw new IOException($"{url}: the answer broke off within a line.");
    }

    private static async Task Read(Uri url, CancellationToken stop, Action<ReadOnlySpan<byte>> part, Action<long, long?>? came)
    {
        try
        {
            using var answer = await WithinBudget.ExecuteAsync(async token => await Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, token), stop);
            if (!answer.IsSuccessStatusCode)
                throw new IOException(new AppAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync(stop)).Words(url));
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            var (buffer, sum) = (new byte[BytesAtOnce], 0L);
            while (await Next(body, buffer, stop) is > 0 and var count)
            {
                part(buffer.AsSpan(0, count));
                came?.Invoke(sum += count, answer.Content.Headers.ContentLength);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new IOException($"{url}: {(e is OperationCanceledException ? $"nothing came for {Limit.TotalSeconds:0} s." : e.Message)}", e);
        }
    }

    private static async Task<int> Next(Stream body, byte[] buffer, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        return await body.ReadAsync(buffer, limit.Token);
    }
}

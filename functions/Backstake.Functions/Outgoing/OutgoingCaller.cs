using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Backstake.Functions.Identity;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Outgoing;

/// <summary>Whom we call.</summary>
/// <param name="Name">As <see cref="OutgoingSecrets"/> knows it.</param>
/// <param name="Secret">The number of the secret that is valid now.</param>
/// <param name="RotatedAt">Since when (UTC); for <see cref="StandardWebhooks.Overlap"/> the one before is valid, too.</param>
public sealed record Receiver(string Name, string Url, int Secret, DateTimeOffset RotatedAt);

/// <summary>What came of a call.</summary>
/// <param name="At">UTC: when it began.</param>
/// <param name="Milliseconds">From the call to the end of the answer.</param>
/// <param name="Status">Null: there was no answer.</param>
/// <param name="Outcome">Stable: <c>ok</c>, <c>gone</c> (410), <c>status</c> (any other but 2xx), <c>refused</c> (an address that we don't call), <c>unreachable</c>, <c>timeout</c>, <c>tooLarge</c>.</param>
/// <param name="Body">Of a 200, where it was asked for.</param>
public sealed record OutgoingAnswer(DateTimeOffset At, int Milliseconds, int? Status, string Outcome, string Detail, byte[]? Body)
{
    public const string Ok = "ok";
    public const string Gone = "gone";
}

/// <summary>Makes one signed call to an address that somebody gave us, bounded in time and bytes. Its answer is data; nothing of it is trusted.</summary>
public sealed class OutgoingCaller(OutgoingTransport transport, OutgoingSecrets secrets, IOptions<OutgoingSettings> settings, IOptions<IdentitySettings> identity, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    readonly HttpClient http = new(transport.Handler()) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = new Version(1, 1) };

    /// <summary>Tests have a shorter one.</summary>
    public TimeSpan CallLimit { get; init; } = Limit;

    /// <param name="receiver">Whom.</param>
    /// <param name="id">The same for every try of the same thing.</param>
    /// <param name="body">JSON in UTF-8.</param>
    /// <param name="answerMost">So many bytes of a 200's body are read; 0: none.</param>
    public async Task<OutgoingAnswer> Call(Receiver receiver, string id, byte[] body, int answerMost, CancellationToken stop)
    {
        var (now, started) = (clock.GetUtcNow(), Stopwatch.GetTimestamp());
        OutgoingAnswer Ended(int? status, string outcome, string detail, byte[]? answer = null) =>
            new(now, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds, status, outcome, detail, answer);
        if (OutgoingUrl.Fault(receiver.Url, settings.Value, identity.Value.Origin) is { } fault)
            return Ended(null, "refused", $"The address {fault}.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(CallLimit);
        try
        {
            using var request = Request(receiver, id, body, now);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            return status switch
            {
                200 when answerMost > 0 => await Body(response, answerMost, limit.Token) is { } answer ? Ended(status, OutgoingAnswer.Ok, "", answer) : Ended(status, "tooLarge", $"The answer has more than {answerMost} bytes."),
                >= 200 and < 300 => Ended(status, OutgoingAnswer.Ok, ""),
                410 => Ended(status, OutgoingAnswer.Gone, "It answered 410: it is called no more until it is registered again or a test succeeds."),
                _ => Ended(status, "status", $"It answered {status}."),
            };
        }
        catch (HttpRequestException failure)
        {
            return failure.InnerException is HostRefusedException refused
                ? Ended(null, "refused", refused.Message)
                : Ended(null, "unreachable", $"{failure.HttpRequestError}.");
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            return Ended(null, "unreachable", "The answer ended early.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Ended(null, "timeout", $"No whole answer within {CallLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
        }
    }

    public void Dispose() => http.Dispose();

    HttpRequestMessage Request(Receiver receiver, string id, byte[] body, DateTimeOffset now)
    {
        IEnumerable<string> valid = now < receiver.RotatedAt + StandardWebhooks.Overlap && receiver.Secret > 1
            ? [secrets.Of(receiver.Name, receiver.Secret), secrets.Of(receiver.Name, receiver.Secret - 1)]
            : [secrets.Of(receiver.Name, receiver.Secret)];
        var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(StandardWebhooks.IdHeader, id);
        request.Headers.Add(StandardWebhooks.TimeHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(StandardWebhooks.SignatureHeader, StandardWebhooks.Sign(valid, id, now, body));
        request.Headers.ConnectionClose = true;
        return request;
    }

    /// <summary>Null where it is too large, whatever its headers say.</summary>
    static async Task<byte[]?> Body(HttpResponseMessage response, int most, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        while (await stream.ReadAsync(part, stop) is > 0 and var length)
        {
            if (body.Length + length > most)
                return null;
            body.Write(part, 0, length);
        }

        return body.ToArray();
    }
}

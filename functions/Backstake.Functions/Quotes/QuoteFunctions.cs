using Backstake.Accounting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Quotes;

/// <summary>What units of a vault would give, or leaving it, before anybody signs anything. Changes nothing; needs no key.</summary>
public sealed class QuoteFunctions(VaultQuotes quotes)
{
    const int BodyMost = 1024 * 1024; // as every body but an upload

    [Function("Quote")]
    public async Task<IActionResult> Quote([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "quotes")] HttpRequest request, CancellationToken stop)
    {
        if (await Body(request, stop) is not { } body)
            return QuoteProblems.BodyTooLarge(BodyMost);
        var read = QuoteRequest.Read(body);
        return read.IsMalformed(out var malformed) ? QuoteProblems.Malformed(malformed) : await quotes.Answer(read.Value, stop);
    }

    /// <summary>Null where it is too large, whatever its header says.</summary>
    static async Task<byte[]?> Body(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        while (await request.Body.ReadAsync(part, stop) is > 0 and var length)
        {
            if (body.Length + length > BodyMost)
                return null;
            body.Write(part, 0, length);
        }

        return body.ToArray();
    }
}

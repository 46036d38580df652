using Backstake.Accounting;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Quotes;

/// <summary>What units of a vault would give, or leaving it, before anybody signs anything. Changes nothing; needs no key.</summary>
public sealed class QuoteFunctions(VaultQuotes quotes)
{
    [Function("Quote"), Endpoint(Cost = 20)]
    public async Task<IActionResult> Quote([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "quotes")] HttpRequest request, CancellationToken stop)
    {
        var read = QuoteRequest.Read(request.Bytes());
        return read.IsMalformed(out var malformed) ? QuoteProblems.Malformed(malformed) : await quotes.Answer(read.Value, stop);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Backstake.Functions.Hosting.Ready;

/// <summary>Looks at everything outside that the app depends on: 200 if all is well, 503 with what to do if not. For the operator: it needs the function key.</summary>
public sealed class ReadyFunctions(StorageReady storage, ChainReady chain, NumeraiReady numerai, ILogger<ReadyFunctions> logger)
{
    public const string Name = "Ready";
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30); // well below the 230 s after which Azure gives up on a request

    [Function(Name)]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "health/ready")] HttpRequest request, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var looks = storage.Checks(limit.Token).Concat(chain.Checks(limit.Token)).Concat(numerai.Checks(limit.Token));
        var checks = await Task.WhenAll(looks.Select(Bounded));
        var ready = checks.All(check => check.Ok);
        return new ObjectResult(new
        {
            status = ready ? "ready" : "notReady",
            checks = checks.Select(check => new { name = check.Name, ok = check.Ok, problem = check.Problem }),
        })
        { StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable };
    }

    /// <summary>A look must not end the others: what it didn't foresee is a problem, too, and stands in the log.</summary>
    async Task<ReadyCheck> Bounded(Task<ReadyCheck> look)
    {
        try
        {
            return await look;
        }
        catch (OperationCanceledException)
        {
            return new("answer", $"Something that the app depends on didn't answer within {Limit.TotalSeconds:0} s: try again, and see the network.");
        }
        catch (Exception unforeseen)
        {
            logger.LogError(unforeseen, "A look at what the app depends on failed");
            return new("unforeseen", $"A look failed with {unforeseen.GetType().Name}: the log has it all.");
        }
    }
}

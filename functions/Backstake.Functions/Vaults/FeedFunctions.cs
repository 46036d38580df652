using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Vaults;

/// <summary>Following a vault without telling anybody who one is.</summary>
public sealed class FeedFunctions(VaultReads reads, LogTable log, IOptions<IdentitySettings> identity)
{
    /// <summary>The vault's news as an Atom feed.</summary>
    [Function("GetFeed"), Endpoint(Cost = 10)]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/feed")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state =>
        {
            var entries = new List<LogEntry>();
            await foreach (var entry in log.ReadFrom(state.Id, Math.Max(1, state.Sequence - VaultFeed.LookedThrough + 1), stop))
            {
                if (entry.Sequence > state.Sequence)
                    break;
                entries.Add(entry);
            }

            return new RenderedAnswer(StatusCodes.Status200OK, VaultFeed.ContentType, VaultFeed.Of(state, identity.Value.Origin, entries));
        }, stop);
}

using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Vaults;

/// <summary>Following a vault without telling anybody who one is.</summary>
public sealed class FeedFunctions(VaultReads reads, LogEnds ends, IOptions<IdentitySettings> identity)
{
    /// <summary>The vault's news as an Atom feed.</summary>
    [Function("GetFeed"), Endpoint(Cost = 10)]
    public Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "vaults/{id}/feed")] HttpRequest request, string id, CancellationToken stop) =>
        reads.Answer(request, id, async state => new RenderedAnswer(StatusCodes.Status200OK, AtomFeed.ContentType, VaultFeed.Of(state, identity.Value.Origin, await ends.Of(state, stop))), stop);
}

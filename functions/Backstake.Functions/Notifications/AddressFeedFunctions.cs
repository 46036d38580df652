using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Notifications;

/// <summary>Following an address over all vaults, without telling anybody who one is.</summary>
public sealed class AddressFeedFunctions(SubscriberTable subscribers, VaultStore store, LogEnds ends, IOptions<IdentitySettings> identity)
{
    const int VaultsMost = 50; // some seconds of reading; who backs more follows the vaults themselves

    /// <summary>The address's news as an Atom feed: empty where nothing is known of it. A vault whose log is damaged is left out until an operator has looked.</summary>
    [Function("GetAddressFeed"), Endpoint(Cost = 40)]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "addresses/{address}/feed")] HttpRequest request, string address, CancellationToken stop)
    {
        if (!Backer.IsAddress(address.ToLowerInvariant()))
            return HttpProblems.MalformedAt("address", "it isn't 0x and 40 hex digits");
        var (backer, origin, news, vaults) = (new Backer(address.ToLowerInvariant()), identity.Value.Origin, new List<FeedEntry>(), 0);
        await foreach (var vault in subscribers.VaultsOf(backer.Address, stop))
        {
            if (++vaults > VaultsMost)
                break;
            try
            {
                var state = await store.Load(vault, stop);
                news.AddRange(AddressFeed.Of(state, await ends.Of(state, stop), backer));
            }
            catch (LogDamagedException)
            {
                // Nothing is said of it.
            }
        }

        var self = $"{origin}/api/addresses/{backer}/feed";
        return new RenderedAnswer(StatusCodes.Status200OK, AtomFeed.ContentType, AtomFeed.Of(
            backer.Address, $"Backstake: {backer}", self, self, origin, DateTimeOffset.UnixEpoch, news.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Sequence)));
    }
}

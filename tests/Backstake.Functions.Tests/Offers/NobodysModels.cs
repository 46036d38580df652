using Backstake.Functions.Numerai;
using Backstake.Functions.Operations;
using Backstake.Functions.Owners;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Tests.Offers;

/// <summary>Whose the models are, as on a machine that can't reach Numerai.</summary>
static class NobodysModels
{
    public static (OwnershipTable Table, ModelOwners Owners) Of(StorageClients clients, VaultRegistry registry, TimeProvider clock)
    {
        var table = new OwnershipTable(clients);
        var numerai = new NumeraiClient(new HttpClient(), Options.Create(new NumeraiSettings { Endpoint = new Uri("http://127.0.0.1:1") }), new NumeraiCalls(clock));
        return (table, new ModelOwners(table, new OperatorOrders(clients, clock), registry, numerai, clock, clock, NullLogger<ModelOwners>.Instance));
    }
}

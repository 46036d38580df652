using Backstake.Accounting;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Backstake.Functions.Owners;

/// <summary>Creating a vault at the factory that this app watches. Anybody may, so anybody may have it prepared.</summary>
public sealed class FactoryFunctions(VaultCreation creation)
{
    /// <summary>What a vault that this app runs is created with.</summary>
    [Function("GetFactory"), Endpoint(Cost = 20)]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "factory")] HttpRequest request, CancellationToken stop) =>
        await creation.Offered(stop) is { } offered ? JsonAnswer.Of(offered) : HttpProblems.OutsideFailed();

    /// <summary>The call that creates it, the address that it will have, and what comes after; or what the factory would refuse, by field.</summary>
    [Function("PrepareVault"), Endpoint(Cost = 20)]
    public async Task<IActionResult> Prepare([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "factory/transactions")] HttpRequest request, CancellationToken stop)
    {
        var wanted = NewVault.Read(request.Bytes());
        return wanted.IsMalformed(out var malformed) ? HttpProblems.MalformedAt(malformed.Place, malformed.Problem) : await creation.Prepare(wanted.Value, stop);
    }
}

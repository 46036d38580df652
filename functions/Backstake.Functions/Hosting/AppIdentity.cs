using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Hosting;

/// <summary>As whom the app asks Azure for anything: its user-assigned identity (<c>AzureWebJobsStorage:clientId</c>), else whoever is signed in on this machine.</summary>
public static class AppIdentity
{
    public static TokenCredential Of(IConfiguration configuration) => configuration["AzureWebJobsStorage:clientId"] is { Length: > 0 } clientId
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
        : new DefaultAzureCredential();
}

using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>How to reach a storage account: a connection string, or its name and an identity.</summary>
sealed record StorageAccount(string? ConnectionString, string? Name, TokenCredential? Credential)
{
    /// <summary>A client from either form; <paramref name="service"/> is <c>blob</c> or <c>queue</c>.</summary>
    public T Client<T>(string service, Func<string, T> fromConnectionString, Func<Uri, TokenCredential, T> fromIdentity) =>
        ConnectionString is not null ? fromConnectionString(ConnectionString) : fromIdentity(new Uri($"https://{Name}.{service}.core.windows.net"), Credential!);
}

/// <summary>
/// The storage connections of triggers, by setting name: <c>X</c> with a connection string, or <c>X__accountName</c> with
/// <c>X__credential = managedidentity</c> and <c>X__clientId</c> as needed (AZURE.md finding 5); <c>AzureWebJobsStorage</c> unless a trigger names another.
/// </summary>
sealed class HostStorage(IConfiguration configuration)
{
    const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>Locks and timer status of this app lie under this name. <c>AzureFunctionsWebHost__hostid</c>, else made of the machine's and the folder's names.</summary>
    public string HostId { get; } = configuration["AzureFunctionsWebHost:hostid"] ?? LocalHostId();

    public StorageAccount Account(string? connection, string function)
    {
        var name = connection ?? DefaultConnection;
        if (configuration[name] is { Length: > 0 } connectionString)
            return new StorageAccount(connectionString, Name: null, Credential: null);
        if (configuration[$"{name}:accountName"] is { Length: > 0 } account)
            return new StorageAccount(ConnectionString: null, account, Identity(name));
        throw new HostRefusalException($"Function {function}: no storage connection: set {name} to a connection string, or {name}__accountName.");
    }

    TokenCredential Identity(string name)
    {
        var client = configuration[$"{name}:clientId"];
        if (string.Equals(configuration[$"{name}:credential"], "managedidentity", StringComparison.OrdinalIgnoreCase))
            return new ManagedIdentityCredential(client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client));
        return new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = client });
    }

    static string LocalHostId()
    {
        var machine = new string([.. Environment.MachineName.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(15)]);
        return $"{machine}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AppContext.BaseDirectory)))[..16]}";
    }
}

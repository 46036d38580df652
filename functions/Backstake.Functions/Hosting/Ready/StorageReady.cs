using Azure;
using Azure.Identity;
using Backstake.Functions.Storage;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Hosting.Ready;

/// <summary>Whether tables, queues and blobs can be read, and, as far as that shows it, whether the app has its roles.</summary>
public sealed class StorageReady(StorageClients storage, IConfiguration configuration)
{
    public IEnumerable<Task<ReadyCheck>> Checks(CancellationToken stop) =>
    [
        Look("tables", "Storage Table Data Contributor", async () =>
        {
            await foreach (var _ in storage.Tables.GetTableClient(LogTable.TableName).QueryAsync<Azure.Data.Tables.TableEntity>("PartitionKey eq 'ready'", maxPerPage: 1, cancellationToken: stop))
                break;
        }),
        Look("queues", "Storage Queue Data Contributor", () => storage.Queues.GetQueueClient(VaultQueues.Watch).PeekMessageAsync(stop)),
        Look("blobs", "Storage Blob Data Owner", () => storage.Blobs.GetBlobContainerClient(BlobStore.Settlements).ExistsAsync(stop)),
    ];

    async Task<ReadyCheck> Look(string service, string role, Func<Task> read)
    {
        try
        {
            await read();
            return new(service, null);
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return new(service, null); // it answers; what isn't there yet is made before the first function that needs it
        }
        catch (RequestFailedException failure)
        {
            return new(service, ProblemOf(failure.Status, failure.ErrorCode, service, role, Account));
        }
        catch (AuthenticationFailedException)
        {
            return new(service, $"The app's identity gets no token for {Account}: assign it to the app, and set AzureWebJobsStorage__clientId to its client id.");
        }
        catch (AggregateException)
        {
            return new(service, ProblemOf(0, null, service, role, Account)); // every retry ended without an answer
        }
    }

    string Account => configuration["AzureWebJobsStorage:accountName"] is { Length: > 0 } name ? $"storage account {name}" : "the storage account of AzureWebJobsStorage";

    /// <summary>What a refusal means and what ends it.</summary>
    /// <param name="status">HTTP; 0: there was no answer.</param>
    /// <param name="code">Azure's error code; null: it gave none.</param>
    public static string ProblemOf(int status, string? code, string service, string role, string account) => (status, code) switch
    {
        (403, "AuthorizationFailure") => $"The network rules of {account} refuse the app: let its subnet in, or give {service} a private endpoint.",
        (403, "KeyBasedAuthenticationNotPermitted") => $"The app has a key of {account}, which takes none: set AzureWebJobsStorage__accountName instead of AzureWebJobsStorage.",
        (403, _) => $"The app's identity may not use the {service} of {account}: give it the role {role} there (az role assignment create --role \"{role}\" …); a new role takes some minutes to arrive.",
        (401, _) => $"The app's token isn't taken by {account}: see that identity and account belong to the same tenant.",
        (0, _) => $"The {service} of {account} can't be reached: see that the account is there and lets the app's network in (private endpoint, DNS zone).",
        _ => $"The {service} of {account} answer with {status} {code}: see Azure's status, then try again.",
    };
}

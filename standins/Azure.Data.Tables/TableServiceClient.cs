using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>The tables of a storage account. Retries, logging and transport are Azure.Core's; each try is signed anew.</summary>
public class TableServiceClient
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly TableRequests _requests;

    /// <exception cref="InvalidOperationException">The connection string names no account and key.</exception>
    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <exception cref="InvalidOperationException">The connection string names no account and key.</exception>
    public TableServiceClient(string connectionString, TableClientOptions options = null)
        : this(ConnectionString.Parse(connectionString), options)
    {
    }

    /// <param name="endpoint">The account's table service. A token is sent over https only.</param>
    /// <param name="tokenCredential">Who is asking.</param>
    /// <param name="options">Transport, retries, logging.</param>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(endpoint, new BearerTokenAuthenticationPolicy(tokenCredential, StorageScope), options)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
        : this(endpoint, new SharedKeyPolicy(credential ?? throw new ArgumentNullException(nameof(credential))), options)
    {
        AccountName = credential.AccountName;
    }

    /// <summary>For mocks.</summary>
    protected TableServiceClient()
    {
    }

    private TableServiceClient(ConnectionString connection, TableClientOptions options)
        : this(connection.Endpoint, connection.Credential, options)
    {
    }

    private TableServiceClient(Uri endpoint, HttpPipelinePolicy authentication, TableClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        options ??= new TableClientOptions();
        var pipeline = HttpPipelineBuilder.Build(new HttpPipelineOptions(options)
        {
            PerRetryPolicies = { authentication },
            ResponseClassifier = new ResponseClassifier(),
            RequestFailedDetailsParser = ErrorParser.Instance,
        });
        Uri = endpoint;
        AccountName = endpoint.Host.Split('.')[0];
        _requests = new TableRequests(pipeline, endpoint, options.VersionHeader);
    }

    public virtual string AccountName { get; }

    public virtual Uri Uri { get; }

    /// <summary>Makes no call.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        return new TableClient(tableName, _requests);
    }

    /// <returns>The table, made or found; the raw response's status 409 says found.</returns>
    /// <exception cref="RequestFailedException">The name is not allowed; the table is being deleted (409, <c>TableBeingDeleted</c>).</exception>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);
}

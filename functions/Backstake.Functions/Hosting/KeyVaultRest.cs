using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Backstake.Functions.Hosting;

/// <summary>Calls of Azure Key Vault's REST API (learn.microsoft.com/rest/api/keyvault), which client libraries would bring many more with.</summary>
public sealed class KeyVaultRest(Uri vault, TokenCredential credential, KeyVaultOptions options)
{
    const string ApiVersion = "7.4";

    // A token for the service that the vault's own name belongs to, and for no other: VAULT.vault.azure.net is part of vault.azure.net.
    readonly HttpPipeline pipeline = HttpPipelineBuilder.Build(
        options, new BearerTokenAuthenticationPolicy(credential, $"https://{vault.Host[(vault.Host.IndexOf('.', StringComparison.Ordinal) + 1)..]}/.default"));

    /// <param name="path">Below the vault, as <c>secrets/NAME</c>; with a query, as the link to a next page has it.</param>
    /// <param name="body">JSON in UTF-8; null: none.</param>
    /// <returns>The HTTP status (0: there was no answer), and what a 200 says.</returns>
    /// <exception cref="Azure.Identity.AuthenticationFailedException">The app's identity gets no token.</exception>
    /// <exception cref="JsonException">The answer isn't JSON.</exception>
    public async Task<(int Status, JsonDocument? Answer)> Ask(RequestMethod method, string path, byte[]? body, CancellationToken stop)
    {
        using var request = pipeline.CreateRequest();
        request.Method = method;
        request.Uri.Reset(new Uri(vault, path.Contains('?', StringComparison.Ordinal) ? $"/{path}" : $"/{path}?api-version={ApiVersion}"));
        if (body is not null)
        {
            request.Headers.SetValue("Content-Type", "application/json");
            request.Content = RequestContent.Create(body);
        }

        try
        {
            using var answer = await pipeline.SendRequestAsync(request, stop);
            return (answer.Status, answer.Status == 200 ? JsonDocument.Parse(answer.Content) : null);
        }
        catch (Exception silent) when (silent is RequestFailedException or AggregateException)
        {
            return (0, null);
        }
    }
}

/// <summary>How the key vault is reached.</summary>
public sealed class KeyVaultOptions : ClientOptions;

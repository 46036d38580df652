using Azure.Core;

namespace Backstake.Functions.Hosting;

/// <summary>Other ways to the outside worlds, for tests that make them fail; null: the usual one.</summary>
/// <param name="Storage">Changes the options of every storage client: its transport, its retries.</param>
public sealed record Transports(Action<ClientOptions>? Storage, HttpMessageHandler? Numerai, HttpMessageHandler? Ethereum)
{
    public Transports() : this(null, null, null)
    {
    }

    /// <summary>Changes the options with which the key vault is reached.</summary>
    public Action<ClientOptions>? KeyVault { get; init; }

    /// <summary>Who asks the key vault; null: the app's identity.</summary>
    public TokenCredential? Credential { get; init; }
}

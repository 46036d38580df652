namespace Backstake.Functions.Nodes;

/// <summary>Section <c>Nodes</c>.</summary>
public sealed class NodeSettings
{
    /// <summary>Hosts that nodes may have besides public ones on port 443, as <c>host:port</c>, comma-separated: a sandbox's own. Nothing is checked for them.</summary>
    public string Allowed { get; set; } = "";

    public bool Allows(string host, int port) => Allowed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Contains($"{host}:{port}", StringComparer.OrdinalIgnoreCase);
}

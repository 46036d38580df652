namespace Backstake.Functions.Outgoing;

/// <summary>Section <c>Nodes</c>: whom we call at addresses that others gave us.</summary>
public sealed class OutgoingSettings
{
    /// <summary>Hosts that nodes and receivers of notifications may have besides public ones on port 443, as <c>host:port</c>, comma-separated: a sandbox's own. Nothing is checked for them.</summary>
    public string Allowed { get; set; } = "";

    public bool Allows(string host, int port) => Allowed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Contains($"{host}:{port}", StringComparer.OrdinalIgnoreCase);
}

using Backstake.Chain.Vault;

namespace Backstake.Simulation.Chain;

/// <summary>A contract refuses: its custom error's name.</summary>
public sealed class Revert(string error) : Exception(error)
{
    public string Error { get; } = error;

    /// <summary>What a node gives as the revert's data.</summary>
    public string Data4 { get; } = "0x" + VaultRefusals.Selector(error);

    public static void Unless(bool condition, string error)
    {
        if (!condition)
            throw new Revert(error);
    }
}

/// <summary>A log that a contract wrote.</summary>
public sealed record ModelLog(string Address, IReadOnlyList<string> Topics, byte[] Data, string Event);

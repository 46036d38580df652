namespace Backstake.Functions.Ethereum;

/// <summary>Section <c>Ethereum</c>. The three keys are three roles of the vault contract; none can do another's work (CONTRACT.md, "Decided" 14).</summary>
public sealed class EthereumSettings
{
    public string RpcUrl { get; set; } = "";

    /// <summary>A second node, of another operator: what becomes money is taken only if both say the same. Empty: the first is trusted alone.</summary>
    public string CheckRpcUrl { get; set; } = "";
    public long ChainId { get; set; }

    /// <summary>The vault factory, and the block of its creation.</summary>
    public string Factory { get; set; } = "";
    public long FactoryBlock { get; set; }

    /// <summary>
    /// Each the identifier of a key in a key vault, which signs there, or a private key, hex: a secret, from Key Vault, never in a file that is committed.
    /// </summary>
    public string CommitterKey { get; set; } = "";
    public string StakerKey { get; set; } = "";
    public string SettlerKey { get; set; } = "";

    /// <summary>The priority fee that is offered (gwei), and the most that is paid for a unit of gas (gwei).</summary>
    public int PriorityFeeGwei { get; set; } = 1;
    public int MaxFeeGwei { get; set; } = 200;

    /// <summary>How long after sending a transaction its block may be final: then the vault is watched at once, not only by the timer. 0: by the timer alone.</summary>
    public TimeSpan WatchAfter { get; set; } = TimeSpan.FromMinutes(13);
}

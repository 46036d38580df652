namespace Backstake.Chain.Nmr;

/// <summary>Ethereum's main network, where NMR's address is known (NUMERAI.md, "NMR"). Elsewhere NMR is what a vault's creator says.</summary>
public static class MainNetwork
{
    public const long ChainId = 1;
    public const string Nmr = "0x1776e1F26f98b1A5dF9cD347953a26dd3Cb46671";
}

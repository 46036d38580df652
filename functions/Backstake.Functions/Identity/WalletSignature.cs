namespace Backstake.Functions.Identity;

/// <summary>Whether a digest (EIP-712) was signed by an address: by its key, in the one canonical form, or by the contract that is there (ERC-1271).</summary>
public sealed class WalletSignature(ContractSignature contracts)
{
    /// <param name="signature">0x and hex digits; any other text is nobody's.</param>
    public async Task<bool> IsOf(string address, byte[] digest, string signature, CancellationToken stop) =>
        PersonalSignature.Read(signature) is { } bytes && (PersonalSignature.IsOf(address, digest, bytes) || await contracts.IsOf(address, digest, bytes, stop));
}

using System.Security.Cryptography;
using Backstake.Functions.Numerai;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Submissions;

/// <summary>What Numerai holds of a vault's round. The file counts, not the submission's id: two workers that submit at once leave two submissions of one file, and the later one is selected.</summary>
public sealed class HeldSubmissions(INumerai numerai)
{
    /// <summary>The selected submission, or null.</summary>
    public async Task<string?> Selected(VaultAdded vault, int round, CancellationToken stop) =>
        (await numerai.Submissions(new(vault.Vault, vault.ModelId), stop))
            .FirstOrDefault(it => it.Selected && it.Round == round && it.Tournament == vault.Tournament)?.Id;

    /// <summary>SHA-256 of a submission's file, 64 lower-case hex digits.</summary>
    public async Task<string> HashOf(VaultAdded vault, string submissionId, CancellationToken stop) =>
        Convert.ToHexStringLower(SHA256.HashData(await numerai.Download(new(vault.Vault, vault.ModelId), submissionId, stop)));

    /// <summary>Whether the selected submission has the round's file: it is the one that was read back, or another of the same file.</summary>
    public async Task<bool> IsOurs(VaultAdded vault, string? selected, RoundRecord round, CancellationToken stop) =>
        selected is not null && (selected == round.SubmissionId || await HashOf(vault, selected, stop) == round.Hash);

    /// <summary>The selected submission if its file is the one with this hash, else null.</summary>
    public async Task<string?> SelectedWith(string hash, VaultAdded vault, int round, CancellationToken stop) =>
        await Selected(vault, round, stop) is { } id && await HashOf(vault, id, stop) == hash ? id : null;
}

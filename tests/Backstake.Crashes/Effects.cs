using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Backstake.Chain.Vault;
using Backstake.Season;

namespace Backstake.Crashes;

/// <summary>What must hold at the end of a season outside the app, however often it died: each effect once, and nothing missing that the log names (FAULTS.md B-2, B-4 to B-6).</summary>
public static partial class Effects
{
    /// <param name="storageForgets">Then a commitment may be made again, of the same hash: the contract takes it, and whoever has lost the whole outbox doesn't know of it.</param>
    /// <returns>How many effects and documents were looked at.</returns>
    public static async Task<int> Check(SeasonPlay play, bool storageForgets, CancellationToken stop)
    {
        var looked = 0;
        foreach (var vault in play.Vaults)
        {
            async Task<IReadOnlyList<TEvent>> Events<TEvent>() => [.. await play.Ground.Events<TEvent>([vault.Address], (ulong)play.Ground.FactoryBlock, stop)];
            void NoneTwice<TKey>(IEnumerable<TKey> keys)
            {
                var all = keys.ToList();
                looked += all.Count;
                Assert.Equal(all.Distinct().Count(), all.Count);
            }

            // B-4, B-6: the chain has each transaction of a purpose once. Nobody vetoes here, so a week is proposed once, too.
            var committed = await Events<CommittedEvent>();
            var commitments = committed.Select(it => (it.Round, Convert.ToHexString(it.PredictionHash)));
            NoneTwice(storageForgets ? commitments.Distinct().Select(it => (it.Round, "one")) : commitments);
            var staked = await Events<StakedEvent>();
            NoneTwice(staked.Select(it => it.Round));
            NoneTwice((await Events<CollectedEvent>()).Select(it => it.Round));
            NoneTwice((await Events<ProposedEvent>()).Select(it => it.Week));
            NoneTwice((await Events<SettledEvent>()).Select(it => it.Week));

            // B-5: of every round with a stake Numerai has selected the file whose hash was committed.
            var model = play.Ground.Tournament.FindModel(vault.Model)!;
            foreach (var round in staked.Select(it => (int)it.Round))
                Assert.Equal(Convert.ToHexStringLower(committed.Last(it => it.Round == round).PredictionHash), play.Ground.Tournament.Selected(model, round)!.Sha256);

            // B-2: every document that the log names is stored, and is what its name says.
            var documents = new BlobServiceClient(play.Ground.Azurite.ConnectionString).GetBlobContainerClient("settlements");
            var log = Encoding.UTF8.GetString(await play.App.Download($"api/vaults/{vault.Id}/log?after=0", stop));
            var digests = Digest().Matches(log).Select(match => match.Groups["digest"].Value).Distinct(StringComparer.Ordinal).ToList();
            Assert.NotEmpty(digests);
            foreach (var digest in digests)
            {
                var content = (await documents.GetBlobClient($"{vault.Id}/{digest}.json").DownloadContentAsync(stop)).Value.Content;
                Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(content)));
            }

            looked += digests.Count;
        }

        return looked;
    }

    [GeneratedRegex("\"[a-z]+Digest\":\"(?<digest>[0-9a-f]{64})\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Digest();
}

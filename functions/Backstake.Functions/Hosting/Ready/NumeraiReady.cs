using Azure;
using Backstake.Functions.Numerai;
using Backstake.Functions.Vaults;
using Microsoft.Extensions.Options;

namespace Backstake.Functions.Hosting.Ready;

/// <summary>Whether Numerai answers, and whether it takes our key: a model's submissions are shown to its account alone.</summary>
public sealed class NumeraiReady(INumerai numerai, VaultRegistry registry, IOptions<NumeraiSettings> settings)
{
    public IEnumerable<Task<ReadyCheck>> Checks(CancellationToken stop) =>
    [
        Look("numerai", () => numerai.CurrentRound(settings.Value.TournamentNumbers.First(), stop)),
        Look("numerai key", async () =>
        {
            await foreach (var vault in registry.All(stop))
            {
                await numerai.Submissions(vault.Model, stop);
                break;
            }
        }),
    ];

    static async Task<ReadyCheck> Look(string name, Func<Task> read)
    {
        try
        {
            await read();
            return new(name, null);
        }
        catch (NumeraiException failure)
        {
            return new(name, failure.Cause switch
            {
                "numeraiRefused" => $"Numerai refuses ({failure.Message}): see that Numerai__PublicId and Numerai__SecretKey are a key of the account that owns the models, with the scopes to submit and web3_staking.",
                "numeraiUnreachable" => $"Numerai can't be reached ({failure.Message}): see Numerai__Endpoint and Numerai's own status.",
                _ => $"Numerai's answer can't be read ({failure.Message}): its API may have changed; see whether there is a newer version of Backstake.",
            });
        }
        catch (RequestFailedException)
        {
            return new(name, null); // which vaults there are can't be read: storage says so itself
        }
    }
}

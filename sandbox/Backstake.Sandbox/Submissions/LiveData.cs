using System.Security.Cryptography;
using System.Text;

namespace Backstake.Sandbox.Submissions;

/// <summary>
/// The live ids of each round, and example predictions for them. Classic ids are new every round; the universes of Signals and Crypto stay.
/// Assumption: the ids to predict are served as the example predictions' file, a CSV of id and prediction.
/// </summary>
/// <param name="seed">Same seed, same ids.</param>
/// <param name="classicRows">Ids a Classic round; Numerai has about 6,000.</param>
public sealed class LiveData(long seed, int classicRows)
{
    public const string ClassicFile = "v5.0/live_example_preds.csv";
    public const string SignalsFile = "signals/v1.0/live_example_preds.csv";
    public const string CryptoFile = "crypto/v1.0/live_example_preds.csv";
    private const int UniverseRows = 200;

    /// <summary>The data sets there are of a tournament: one.</summary>
    public static string FileOf(TournamentKind tournament) => tournament switch
    {
        TournamentKind.Classic => ClassicFile,
        TournamentKind.Signals => SignalsFile,
        _ => CryptoFile,
    };

    public IReadOnlyList<string> Ids(TournamentKind tournament, int round) => tournament switch
    {
        TournamentKind.Classic => Enumerable.Range(0, classicRows).Select(i => "n" + Hash($"live|{round}|{i}")[..15]).ToList(),
        TournamentKind.Signals => Enumerable.Range(1, UniverseRows).Select(i => $"T{i:000} US").ToList(),
        _ => Enumerable.Range(1, UniverseRows).Select(i => $"C{i:000}").ToList(),
    };

    /// <summary>A valid submission for the round: a CSV with evenly spread predictions in an order that depends on <paramref name="author"/>.</summary>
    public byte[] Predictions(TournamentKind tournament, int round, string author)
    {
        var ids = Ids(tournament, round);
        var ranks = Enumerable.Range(0, ids.Count).OrderBy(i => Hash($"prediction|{author}|{ids[i]}"), StringComparer.Ordinal).ToList();
        var values = new string[ids.Count];
        for (var rank = 0; rank < ranks.Count; rank++)
        {
            values[ranks[rank]] = (((decimal)rank + 0.5m) / ids.Count).ToString("0.000000");
        }
        var text = new StringBuilder(tournament switch
        {
            TournamentKind.Classic => "id,prediction\n",
            TournamentKind.Signals => "numerai_ticker,signal\n",
            _ => "symbol,signal\n",
        });
        for (var i = 0; i < ids.Count; i++)
        {
            text.Append(ids[i]).Append(',').Append(values[i]).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{text}")));
}

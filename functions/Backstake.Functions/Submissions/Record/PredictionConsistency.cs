using System.Collections.Concurrent;
using Backstake.Functions.Vaults;
using Backstake.Research;

namespace Backstake.Functions.Submissions.Record;

/// <summary>Compares the files of a vault's rounds with each other, from the files themselves: whoever has them gets the same numbers. Files that aren't kept any more are left out.</summary>
public sealed class PredictionConsistency(PredictionStore predictions)
{
    /// <summary>So many rounds back files are compared: six weeks.</summary>
    public const int RoundsMost = 30;

    const int Classic = 8; // the one tournament whose ids change every round
    const int Signals = 11;
    const int WeekOfRounds = 5;
    const int KnownMost = 20_000; // comparisons of some hundred bytes each

    readonly ConcurrentDictionary<(string Vault, int Round, string Hash, string? Before), FileComparison> known = new();

    sealed record Submitted(int Round, string Hash);

    /// <summary>The last submitted file of each of the last rounds, in their order.</summary>
    public async Task<IReadOnlyList<FileComparison>> Of(VaultState state, VaultStory story, CancellationToken stop)
    {
        var submitted = story.Rounds.Values.Where(round => round.Files.Count > 0).Select(round => new Submitted(round.Round, round.Files[^1].Hash)).TakeLast(RoundsMost + 1).ToList();
        var compared = new List<FileComparison>();
        Submitted? last = null;
        CheckedPredictions? before = null; // the file of the last one, once it has been read
        foreach (var round in submitted)
        {
            var key = (state.Id, round.Round, round.Hash, last?.Hash);
            if (known.TryGetValue(key, out var there))
            {
                compared.Add(there);
                (last, before) = (round, null);
                continue;
            }

            if (await Read(state, round, stop) is not { } file)
                continue;
            before ??= last is null ? null : await Read(state, last, stop);
            if (known.Count >= KnownMost)
                known.Clear();
            compared.Add(known[key] = Compare(round, before, file, state.Vault.Tournament));
            (last, before) = (round, file);
        }

        return compared;
    }

    /// <summary>Before anything is submitted: would Signals take the stake out for churn against the files of the last week?</summary>
    public async Task<IReadOnlyList<PredictionWarning>> WarningsOf(string vault, int tournament, int round, CheckedPredictions file, CancellationToken stop)
    {
        if (tournament != Signals)
            return [];
        for (var before = round - 1; before >= Math.Max(1, round - WeekOfRounds); before--)
        {
            if (await predictions.Latest(vault, tournament, before, stop) is { } stored && PredictionCheck.Of(await predictions.Read(stored, stop), PredictionRules.Of(tournament), null) is { IsFit: true } last
                && Research.Churn.Warning(Values(last), Values(file)) is { } warning)
                return [warning];
        }

        return [];
    }

    async Task<CheckedPredictions?> Read(VaultState state, Submitted round, CancellationToken stop)
    {
        if (await predictions.Find(PredictionStore.FolderOf(state.Id, state.Vault.Tournament, round.Round), round.Hash, stop) is not { } bytes)
            return null;
        var file = PredictionCheck.Of(bytes, PredictionRules.Of(state.Vault.Tournament), null);
        return file.IsFit ? file : null;
    }

    static FileComparison Compare(Submitted round, CheckedPredictions? before, CheckedPredictions file, int tournament) => new(
        round.Round, round.Hash, file.Statistics!, before is null ? null : DistributionDistance.Of(before.Statistics!, file.Statistics!),
        before is null || tournament == Classic ? null : Research.Churn.Of(Values(before), Values(file)));

    static Dictionary<string, double> Values(CheckedPredictions file) =>
        file.Ids.Zip(file.Values).ToDictionary(it => it.First, it => it.Second, StringComparer.Ordinal);
}

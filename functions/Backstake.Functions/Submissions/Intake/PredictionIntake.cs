using System.Globalization;
using System.Security.Cryptography;
using Backstake.Functions.Numerai;
using Backstake.Functions.Rounds;
using Backstake.Functions.Storage;
using Backstake.Functions.Submissions.Record;
using Backstake.Functions.Vaults;
using Backstake.Research;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Submissions.Intake;

/// <summary>
/// Takes a vault's prediction file for a round: judged at once, stored under the time at which it was complete, sent on its way. The last one that was
/// complete before the deadline counts, until a stake is bound to one: the contract takes no other commitment after it. What comes later is kept apart.
/// </summary>
public sealed class PredictionIntake(VaultStore store, OpenRounds rounds, INumerai numerai, PredictionStore predictions, PredictionConsistency consistency, VaultQueues queues, TimeProvider clock)
{
    /// <summary>Instead of a number: the open round, or between rounds the one that opens next.</summary>
    public const string Next = "next";

    /// <summary>The round that is meant.</summary>
    /// <param name="Known">As Numerai described it; null: it hasn't opened.</param>
    sealed record Meant(int Number, NumeraiRound? Known);

    public async Task<IActionResult> Put(RegisteredVault vault, string asked, byte[] file, CancellationToken stop)
    {
        if (await Find(vault.Tournament, asked, stop) is not { } round)
            return IntakeProblems.UnknownRound(asked);
        var complete = clock.GetUtcNow(); // the whole file has arrived
        if (round.Known is { } last && complete >= last.CloseStakingTime && await rounds.Last(vault.Tournament, stop) > last.Number)
            return IntakeProblems.RoundOver(round.Number, last.CloseStakingTime, keptHash: null);
        if (ForeignFormat.Of(file) is { } format)
            return IntakeProblems.NotCsv(format);
        var live = await LiveIds(vault, round, stop);
        var found = PredictionCheck.Of(file, PredictionRules.Of(vault.Tournament), live);
        return found.IsFit ? await Store(vault, round, file, complete, found, live is not null, stop) : IntakeProblems.Invalid(found.Errors);
    }

    /// <summary>Has what is stored for the open round submitted now, without waiting for the sweep.</summary>
    public async Task<IActionResult> Submit(RegisteredVault vault, string asked, CancellationToken stop)
    {
        if (await Find(vault.Tournament, asked, stop) is not { } round)
            return IntakeProblems.UnknownRound(asked);
        if (round.Known is not { } open || clock.GetUtcNow() >= open.CloseStakingTime)
            return IntakeProblems.NotSubmittable(round.Number);
        await queues.Send(VaultQueues.Submissions, RoundOpening.Message(vault.Id, open, null), null, stop);
        await queues.Send(VaultQueues.Nodes, new CallNode(vault.Id, round.Number, ByHand: true), null, stop);
        return new AcceptedResult(location: null, new { vault = vault.Id, round = round.Number, closesStaking = open.CloseStakingTime });
    }

    async Task<IActionResult> Store(RegisteredVault vault, Meant round, byte[] file, DateTimeOffset complete, CheckedPredictions found, bool idsChecked, CancellationToken stop)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        var isLate = round.Known is { } known && complete >= known.CloseStakingTime;
        var isStaked = !isLate && await IsStaked(vault.Id, round.Number, hash, stop);
        var folder = isLate || isStaked
            ? PredictionStore.LateFolderOf(vault.Id, vault.Tournament, round.Number)
            : PredictionStore.FolderOf(vault.Id, vault.Tournament, round.Number);
        var versions = await predictions.In(folder, stop);
        var isLast = versions.Count > 0 && versions[^1].Hash == hash; // sent again: it is there
        if (!isLast && versions.Count >= PredictionStore.VersionsMost)
            return IntakeProblems.Quota(round.Number);
        if (!isLast)
            await predictions.Add(folder, complete, hash, file, stop);
        if (isLate)
            return IntakeProblems.RoundOver(round.Number, round.Known!.CloseStakingTime, hash);
        if (isStaked)
            return IntakeProblems.RoundStaked(round.Number, hash);
        if (round.Known is { } open)
            await queues.Send(VaultQueues.Submissions, RoundOpening.Message(vault.Id, open, null), null, stop);
        var warnings = await consistency.WarningsOf(vault.Id, vault.Tournament, round.Number, found, stop);
        return new OkObjectResult(new StoredAnswer(
            vault.Id, round.Number, vault.Tournament, round.Known?.CloseStakingTime, hash, isLast ? versions.Count : versions.Count + 1, complete, idsChecked, [.. found.Warnings, .. warnings], found.Statistics!));
    }

    /// <summary>A stake is bound to another file: decided, or in a block.</summary>
    async Task<bool> IsStaked(string vault, int round, string hash, CancellationToken stop) =>
        (await store.Load(vault, stop)).Record.Rounds.TryGetValue(round, out var record) && (record.Intent is not null || record.Closed) && record.Hash != hash;

    async Task<Meant?> Find(int tournament, string asked, CancellationToken stop)
    {
        var last = await rounds.Last(tournament, stop);
        var number = 0;
        if (asked != Next && !int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return null;
        if (asked == Next)
        {
            if (last is null)
                return null; // no round was ever seen: its number isn't known
            var open = await rounds.At(tournament, clock.GetUtcNow(), stop);
            return open.Count > 0 ? new(open[0].Number, open[0]) : new(last.Value + 1, null);
        }

        return await rounds.Between(tournament, number - 1, number + 1, stop) is [var known] ? new(number, known)
            : number > 0 && number == last + 1 ? new(number, null)
            : null;
    }

    /// <summary>Null while they aren't known. Numerai's trouble is not the delegate's: the file is kept, and its ids are checked before it is submitted.</summary>
    async Task<IReadOnlySet<string>?> LiveIds(RegisteredVault vault, Meant round, CancellationToken stop)
    {
        if (round.Known is null)
            return null;
        try
        {
            return await numerai.LiveIds(vault.Tournament, round.Number, stop);
        }
        catch (NumeraiException)
        {
            return null;
        }
    }
}

using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Backstake.Accounting;
using Backstake.Simulation.Chain;
using Backstake.Simulation.Numerai;
using Backstake.Simulation.Storage;
using Backstake.Simulation.World;
using ChainSeries = Backstake.Chain.Vault.SeriesId;

namespace Backstake.Simulation.Checks;

/// <summary>Holds every transaction of the app against what was stored and decided before it, and all money on chain against the books.</summary>
public sealed partial class ChainChecker(IReadOnlyDictionary<string, LogChecker> logs, NumeraiModel numerai)
{
    const string Table = "outbox";
    readonly HashSet<string> stored = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<(string Sender, ulong Nonce), byte[]> calls = [];
    readonly Dictionary<string, long> nextNonce = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> doneBy = new(StringComparer.Ordinal);

    /// <summary>How many nonces the app chose, by signer.</summary>
    public IReadOnlyDictionary<string, long> Nonces => nextNonce;

    public int Sent => calls.Count;

    /// <summary>Looks at a write to the outbox.</summary>
    public void Take(IReadOnlyList<TableChange> changes)
    {
        foreach (var change in changes.Where(change => change.Table == Table))
        {
            foreach (var (_, json) in change.Properties)
            {
                if (Hash().Match(json) is { Success: true } hash)
                    stored.Add(hash.Value);
            }

            if (!change.Key.StartsWith("n|", StringComparison.Ordinal) || !long.TryParse(change.Key.AsSpan(2), out var nonce))
                continue;
            if (nonce < nextNonce.GetValueOrDefault(change.Partition) && change.Method != "POST")
                continue; // the same nonce's transaction with higher fees
            SimulationFailure.Unless(nextNonce.GetValueOrDefault(change.Partition) == nonce, Check.NonceGap, () => $"{change.Partition}: nonce {nonce} after {nextNonce.GetValueOrDefault(change.Partition) - 1}");
            nextNonce[change.Partition] = nonce + 1;
        }
    }

    /// <summary>A transaction arrives at the node: its bytes are stored, and its nonce is no other's.</summary>
    public void Arrived(RawTransaction transaction)
    {
        SimulationFailure.Unless(stored.Contains(transaction.Hash), Check.Unstored, () => $"{transaction.Hash} of {transaction.Sender}, nonce {transaction.Nonce}");
        if (calls.TryGetValue((transaction.Sender, transaction.Nonce), out var before))
            SimulationFailure.Unless(before.AsSpan().SequenceEqual(transaction.Data), Check.NonceReused, () => $"{transaction.Sender} nonce {transaction.Nonce} has two calls");
        calls[(transaction.Sender, transaction.Nonce)] = transaction.Data;
    }

    public void Mined(MinedBlock block, MinedTransaction mined)
    {
        var transaction = mined.Transaction;
        if (mined.Refusal is not null)
            return;
        var (vault, log) = (block.After.Vaults[transaction.To], logs[transaction.To]);
        SimulationFailure.Unless(vault.IsWhole, Check.MoneyLost, () => $"{transaction.To} after {transaction.Name}");
        MoneyOut(vault, log);
        if (transaction.Nonce is null)
            return;
        var purpose = transaction.Name switch
        {
            "commit" => Convert.ToHexString(transaction.Data),
            "claim" => $"{Convert.ToHexString(transaction.Data)}|{vault.LastAccepted}",
            _ => null, // the contract does the others once
        };
        if (purpose is not null)
        {
            purpose = $"{transaction.Name}|{transaction.To}|{purpose}";
            SimulationFailure.Unless(doneBy.TryAdd(purpose, transaction.Hash) || doneBy[purpose] == transaction.Hash, Check.PurposeTwice, () => $"{transaction.Name} of {transaction.To}: {doneBy[purpose]} and {transaction.Hash}");
        }

        if (transaction.Name == "stake")
            StakedAsDecided(transaction, vault, log);
        if (transaction.Name == "accept")
            AcceptedAsSettled(vault, log);
    }

    void StakedAsDecided(ModelTransaction transaction, VaultModel vault, LogChecker log)
    {
        var round = (uint)Words.NumberAt(transaction.Data, 0);
        var amount = vault.StakeIn(round);
        SimulationFailure.Unless(log.DecidedStake((int)round)?.Wei == amount, Check.StakeUndecided, () => $"{vault.Facts.Vault}: {amount} wei in round {round}, decided was {log.DecidedStake((int)round)}");
        var held = numerai.Submissions.LastOrDefault(it => it.Model == vault.Facts.ModelId && it.Round == round && it.Selected);
        SimulationFailure.Unless(held is not null && log.Submitted.TryGetValue((int)round, out var ours) && Convert.ToHexStringLower(SHA256.HashData(held.File)) == ours.Hash, Check.WrongFile, () => $"{vault.Facts.Vault}: round {round}");
    }

    static void AcceptedAsSettled(VaultModel vault, LogChecker log)
    {
        var (week, accepted) = ((int)vault.LastAccepted, vault.Accepted[vault.LastAccepted]);
        SimulationFailure.Unless(log.Settlements.TryGetValue(week, out var settlement), Check.NotTheBooks, () => $"{vault.Facts.Vault}: week {week} isn't settled");
        var expected = settlement!.Lines.Where(line => !line.PaidNow.IsZero || !line.Cover.IsZero || line.Final)
            .Select(line => new ModelLine(ChainSeries.Of(line.Series.Terms.Text, line.Series.Payout is Payout.Pay, (uint)line.Series.EntryWeek.Number).ToNumber(), (uint)(line.ExitWeek?.Number ?? 0),
                line.Units.Count, line.Paid.Wei, line.Cover.Wei, line.Final))
            .OrderBy(line => line.Series).ThenBy(line => line.ExitWeek);
        SimulationFailure.Unless(
            expected.SequenceEqual(accepted.Lines) && accepted.HouseOut == settlement.HousePaid.Wei && accepted.ReserveOut == settlement.ReservePaid.Wei
            && accepted.StakeLimit == ((PerRoundStake)settlement.Instruction).Amount.Wei && accepted.HouseSpare == settlement.HouseSpare.Wei && Convert.ToHexStringLower(accepted.Books) == log.Settled[week].BooksRoot,
            Check.NotTheBooks, () => $"{vault.Facts.Vault}: what was accepted for week {week} isn't what the books settled");
    }

    /// <summary>Money out never exceeds what the books released (and what waiting deposits took back).</summary>
    void MoneyOut(VaultModel vault, LogChecker log)
    {
        BigInteger Out(string why) => vault.PaidOut.Where(it => it.Key.StartsWith(why + "|", StringComparison.Ordinal)).Aggregate(BigInteger.Zero, (sum, it) => sum + it.Value);
        var (toBackers, house, reserve) = (BigInteger.Zero, BigInteger.Zero, BigInteger.Zero);
        for (var week = 1; week <= vault.LastAccepted; week++)
        {
            var settlement = log.Settlements[week];
            toBackers += settlement.Payments.Where(it => it.To != Payment.Owner).Aggregate(BigInteger.Zero, (sum, it) => sum + it.Amount.Wei);
            house += settlement.HousePaid.Wei;
            reserve += settlement.ReservePaid.Wei;
        }

        SimulationFailure.Unless(Out("claim") <= toBackers && Out("house") <= house && Out("reserve") <= reserve, Check.MoneyOut,
            () => $"{vault.Facts.Vault}: {Out("claim")} of {toBackers}, {Out("house")} of {house}, {Out("reserve")} of {reserve} wei");
    }

    [GeneratedRegex("0x[0-9a-f]{64}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hash();
}

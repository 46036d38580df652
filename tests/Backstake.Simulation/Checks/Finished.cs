using Backstake.Simulation.Chain;
using Backstake.Simulation.World;

namespace Backstake.Simulation.Checks;

/// <summary>Liveness: when faults have stopped, everything that is due is done within two periods of the timers.</summary>
public static class Finished
{
    public static void Check(Setting setting, IReadOnlyDictionary<string, LogChecker> logs, ChainModel chain, ChainChecker sent)
    {
        foreach (var log in logs.Values)
            Check(setting, log, chain);
        foreach (var (signer, chosen) in sent.Nonces)
        {
            var mined = (long)chain.World.Nonces.GetValueOrDefault(signer);
            SimulationFailure.Unless(mined == chosen, Checks.Check.Unfinished, () => $"nonce {mined} of {signer} is in no block, {chosen} were chosen");
        }
    }

    static void Check(Setting setting, LogChecker log, ChainModel chain)
    {
        void Due(bool done, string what) => SimulationFailure.Unless(done, Checks.Check.Unfinished, () => $"{log.VaultId}: {what}");
        var vault = chain.World.Vaults[log.VaultId];
        // One week at a time waits for its acceptance: where the chain couldn't be read for weeks, those behind it aren't due yet.
        var waiting = vault.AcceptableAt > setting.End.ToUnixTimeSeconds() ? (int)vault.LastAccepted + 1 : int.MaxValue;
        for (var week = 1; week <= setting.Weeks; week++)
        {
            Due(log.Settled.ContainsKey(week), $"week {week} isn't settled");
            Due(week > waiting || log.ProposedWeeks.Contains(week), $"week {week} isn't proposed");
        }

        Due(vault.LastAccepted >= setting.Weeks - 1 || waiting != int.MaxValue, $"week {setting.Weeks - 1} isn't accepted");
        // A round that passes while Numerai can't be asked is found when the next one opens.
        foreach (var round in setting.Rounds.Where(round => round.Number >= log.Opened.DefaultIfEmpty(int.MaxValue).Min() && round.Number <= log.Opened.DefaultIfEmpty(0).Max() && round.ClosesStaking < setting.End))
        {
            Due(log.Opened.Contains(round.Number), $"round {round.Number} was never seen");
            Due(log.Closed.Contains(round.Number), $"round {round.Number} isn't closed");
            var staked = log.StakedIn[round.Number];
            Due(staked.IsZero == vault.StakeIn((uint)round.Number).IsZero || log.Resolved.Contains(round.Number), $"round {round.Number}: books and chain differ about its stake");
            if (round.Resolves < setting.End - TimeSpan.FromHours(12))
                Due(log.Resolved.Contains(round.Number), $"round {round.Number} isn't resolved");
        }
    }
}

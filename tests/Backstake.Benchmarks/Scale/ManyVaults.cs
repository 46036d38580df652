namespace Backstake.Benchmarks.Scale;

/// <summary>A week of many vaults, step by step through all of them, by one worker.</summary>
internal static class ManyVaults
{
    private const int AtOnce = 8;

    /// <summary>This process's own processor time of a vault's week, ms, and the most memory that it ever held, MiB. The vaults are there.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> Run(string connection, int vaults)
    {
        var worker = new Worker(connection);
        var cost = new Cost();
        for (var step = 1; step <= VaultWeek.Rounds + 1; step++)
        {
            var now = step;
            await cost.Add(() => Parallel.ForEachAsync(
                Enumerable.Range(1, vaults).Select(MadeVault.Name), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (vault, _) => await (now <= VaultWeek.Rounds ? VaultWeek.Close(worker, vault, 2, now) : VaultWeek.Settle(worker, vault, 2))));
        }

        var figures = worker.Requests.ByKind.ToDictionary(one => $"requests_{one.Key}_of_a_vault_week", one => one.Value / (double)vaults, StringComparer.Ordinal);
        figures["cpu_ms_of_a_vault_week"] = cost.Processor.TotalMilliseconds / vaults;
        figures["ms_of_a_vault_week"] = cost.Seconds * 1e3 / vaults;
        figures["peak_mib"] = Child.PeakMebibytes();
        return figures;
    }
}

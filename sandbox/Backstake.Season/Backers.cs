using System.Numerics;
using Backstake.Chain.Vault;

namespace Backstake.Season;

/// <summary>A vault of the season: its contract, the terms on offer, its owner.</summary>
public sealed record SeasonVault(int Index, string Model, string Address, string TermsId, VaultTerms Terms, Wallet Owner)
{
    public string Id => Address.ToLowerInvariant();
}

/// <summary>What the backers do in the season, each with their own wallet: deposit, cancel, transfer, exit, take an exit back, claim. Same seed, same acts.</summary>
public sealed class Backers(SeasonOptions options, Ground ground, IReadOnlyList<SeasonVault> vaults)
{
    const ulong UnitsMost = 4;
    readonly Random random = new(options.Seed);
    readonly HashSet<(int Vault, BigInteger Series)> series = [];
    readonly HashSet<(int Vault, BigInteger Series, uint ExitWeek)> classes = [];
    int refused;

    public IReadOnlyList<Wallet> Wallets { get; } = Enumerable.Range(0, options.Backers).Select(i => ground.Wallet($"backer {i}")).ToList();

    public int Refused => refused;

    /// <summary>Who asked units out.</summary>
    public HashSet<string> Leaving { get; } = new(StringComparer.Ordinal);

    /// <summary>Before the first cut: everybody backs two vaults, and one thinks better of a part.</summary>
    public async Task Begin(CancellationToken stop)
    {
        var units = Wallets.Select(_ => (First: 2 + (ulong)random.Next(3), Second: 1 + (ulong)random.Next(2))).ToList();
        await Parallel.ForAsync(0, Wallets.Count, new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = stop }, async (i, stop) =>
        {
            await Deposit(Wallets[i], vaults[i % vaults.Count], units[i].First, pay: i % vaults.Count == 1, stop);
            await Deposit(Wallets[i], vaults[(i + 1) % vaults.Count], units[i].Second, pay: (i + 1) % vaults.Count == 1, stop);
        });
    }

    public async Task Reconsider(CancellationToken stop)
    {
        var (vault, id) = series.First();
        await Try(Wallets[0], vaults[vault], new CancelFunction { Series = id, Units = 1 }, stop);
    }

    /// <summary>What happens in the middle of a week.</summary>
    public async Task Week(int week, CancellationToken stop)
    {
        for (var i = 0; i < Wallets.Count; i++)
        {
            var wallet = Wallets[i];
            if (random.Next(4) == 0)
                await Deposit(wallet, vaults[random.Next(vaults.Count)], 1 + (ulong)random.Next((int)UnitsMost), pay: random.Next(3) == 0, stop);
            if (week == 2 + i % 3)
                await Transfer(wallet, Wallets[(i + 1) % Wallets.Count], stop);
            if (week == 3 + i % 3)
                await Exit(wallet, takeBack: i == 1, stop);
            if (week >= 5 && random.Next(2) == 0)
                await Claim(wallet, stop);
        }
    }

    /// <summary>Everybody takes what is theirs.</summary>
    public async Task ClaimAll(CancellationToken stop)
    {
        foreach (var wallet in Wallets)
            await Claim(wallet, stop);
    }

    async Task Deposit(Wallet wallet, SeasonVault vault, ulong units, bool pay, CancellationToken stop)
    {
        var joinWeek = (await (await Reader(vault, stop)).State(stop)).CurrentWeek;
        await wallet.Approve(ground.Nmr, vault.Address, units * vault.Terms.UnitSize, stop);
        if (await Try(wallet, vault, new DepositFunction { Terms = Convert.FromHexString(vault.TermsId), Units = units, Pay = pay, JoinWeek = joinWeek }, stop))
        {
            lock (series)
                series.Add((vault.Index, SeriesId.Of(vault.TermsId, pay, joinWeek).ToNumber()));
        }
        else
            await wallet.Approve(ground.Nmr, vault.Address, 0, stop); // no allowance is left standing
    }

    async Task Transfer(Wallet from, Wallet to, CancellationToken stop)
    {
        if (await Holding(from, stop) is { } holding)
            await Try(from, vaults[holding.Vault], new TransferUnitsFunction { Receiver = to.Address, Series = holding.Series, Units = 1 }, stop);
    }

    async Task Exit(Wallet wallet, bool takeBack, CancellationToken stop)
    {
        foreach (var (index, id) in series.ToList())
        {
            var vault = vaults[index];
            var reader = await Reader(vault, stop);
            var units = (ulong)await reader.UnitsOf(wallet.Address, SeriesId.Of(id), stop);
            if (units == 0 || !await Try(wallet, vault, new ExitFunction { Series = id, Units = units }, stop))
                continue;
            var exitWeek = (await reader.State(stop)).CurrentWeek;
            classes.Add((index, id, exitWeek));
            if (takeBack && units > 1)
                await Try(wallet, vault, new CancelExitFunction { Series = id, Units = 1 }, stop);
            Leaving.Add(wallet.Address);
            return;
        }
    }

    async Task Claim(Wallet wallet, CancellationToken stop)
    {
        foreach (var (index, id, exitWeek) in classes.Concat(series.SelectMany(AtItsEnd)).ToList())
        {
            var vault = vaults[index];
            if (await (await Reader(vault, stop)).Claimable(SeriesId.Of(id), exitWeek, wallet.Address, stop) > 0)
                await Try(wallet, vault, new ClaimFunction { Series = id, ExitWeek = exitWeek, Holder = wallet.Address }, stop);
        }
    }

    /// <summary>A live pay series is paid as it lives, and every series becomes a class at the end of its term.</summary>
    IEnumerable<(int, BigInteger, uint)> AtItsEnd((int Vault, BigInteger Series) it)
    {
        var id = SeriesId.Of(it.Series);
        if (id.Pays)
            yield return (it.Vault, it.Series, 0);
        yield return (it.Vault, it.Series, id.JoinWeek + vaults[it.Vault].Terms.CompoundingWeeks);
    }

    async Task<(int Vault, BigInteger Series)?> Holding(Wallet wallet, CancellationToken stop)
    {
        foreach (var it in series)
        {
            if (await (await Reader(vaults[it.Vault], stop)).UnitsOf(wallet.Address, SeriesId.Of(it.Series), stop) > 0)
                return it;
        }

        return null;
    }

    /// <summary>A refusal is a normal answer: the backer asked for something that the rules don't give now.</summary>
    async Task<bool> Try<TFunction>(Wallet wallet, SeasonVault vault, TFunction call, CancellationToken stop)
        where TFunction : Nethereum.Contracts.FunctionMessage, new()
    {
        try
        {
            await wallet.Send(vault.Address, call, stop);
            return true;
        }
        catch (RefusedException)
        {
            Interlocked.Increment(ref refused);
            return false;
        }
    }

    Task<VaultReader> Reader(SeasonVault vault, CancellationToken stop) => ground.Latest(vault.Address, stop);
}

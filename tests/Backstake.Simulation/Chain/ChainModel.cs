using System.Collections.Immutable;
using System.Security.Cryptography;
using Backstake.Simulation.Engine;

namespace Backstake.Simulation.Chain;

/// <summary>A transaction that waits for a block, or is in one.</summary>
/// <param name="Sender">Lower-case address.</param>
/// <param name="Nonce">Null: a person's; their nonces are their wallets' affair.</param>
/// <param name="Act">What it does to a vault.</param>
public sealed record ModelTransaction(string Hash, string Sender, ulong? Nonce, BigInteger MaxFee, string To, byte[] Data, string Name, Action<VaultModel, CallContext> Act);

public sealed record MinedTransaction(ModelTransaction Transaction, string? Refusal, IReadOnlyList<ModelLog> Logs, int FirstLog);

public sealed record MinedBlock(ulong Number, DateTimeOffset Time, IReadOnlyList<MinedTransaction> Transactions, ChainWorld After);

/// <summary>Everything on chain, at one block.</summary>
public sealed record ChainWorld(ImmutableSortedDictionary<string, VaultModel> Vaults, ImmutableDictionary<string, ulong> Nonces);

/// <summary>
/// A chain: a block every 12 seconds, of which only those with transactions are kept; the finalized block so many behind the latest; what isn't final can be
/// undone. A transaction is in the block as soon as its nonce is next and its fee is enough.
/// </summary>
public sealed class ChainModel(Loop loop, DateTimeOffset genesis, int finalityBlocks, ChainWorld beginning, Trace trace)
{
    public const int BlockSeconds = 12;
    readonly SortedList<ulong, MinedBlock> blocks = [];
    readonly List<ModelTransaction> pool = [];
    readonly List<(ulong From, int Salt)> forks = [];
    bool mining;
    int reorgs;

    /// <summary>What a unit of gas costs at least, in wei.</summary>
    public Func<DateTimeOffset, BigInteger> BaseFee { get; set; } = _ => 10_000_000_000;

    /// <summary>Told of each transaction that came into a block.</summary>
    public Action<MinedBlock, MinedTransaction>? Mined { get; set; }

    public ulong Latest => (ulong)Math.Max(0, (loop.Now - genesis).Ticks / TimeSpan.TicksPerSecond / BlockSeconds);

    public ulong Finalized => Latest - Math.Min(Latest, (ulong)finalityBlocks);

    public ChainWorld World => blocks.Count > 0 ? blocks.Values[^1].After : beginning;

    public IEnumerable<MinedBlock> Blocks => blocks.Values;

    public IReadOnlyList<ModelTransaction> Pool => pool;

    public DateTimeOffset TimeOf(ulong number) => genesis.AddSeconds((double)number * BlockSeconds);

    public string HashOf(ulong number)
    {
        var salt = 0;
        foreach (var (from, with) in forks)
        {
            if (number >= from)
                salt = with;
        }

        return Words.Hex(SHA256.HashData(Encoding.ASCII.GetBytes($"{number}|{salt}")));
    }

    /// <summary>The world after the block.</summary>
    public ChainWorld At(ulong number)
    {
        var index = IndexFrom(number + 1) - 1;
        return index < 0 ? beginning : blocks.Values[index].After;
    }

    public IEnumerable<MinedBlock> Between(ulong first, ulong last)
    {
        for (var i = IndexFrom(first); i < blocks.Count && blocks.Keys[i] <= last; i++)
            yield return blocks.Values[i];
    }

    public (MinedBlock Block, MinedTransaction Transaction)? Find(string hash)
    {
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            foreach (var mined in blocks.Values[i].Transactions)
            {
                if (mined.Transaction.Hash == hash)
                    return (blocks.Values[i], mined);
            }
        }

        return null;
    }

    /// <summary>Null if it was taken, else why not, in a node's words.</summary>
    public string? Add(ModelTransaction transaction)
    {
        if (pool.Any(it => it.Hash == transaction.Hash) || Find(transaction.Hash) is not null)
            return "already known";
        if (transaction.Nonce is { } nonce)
        {
            if (nonce < World.Nonces.GetValueOrDefault(transaction.Sender))
                return "nonce too low";
            if (pool.FirstOrDefault(it => it.Sender == transaction.Sender && it.Nonce == nonce) is { } same)
            {
                if (transaction.MaxFee * 10 < same.MaxFee * 11)
                    return "replacement transaction underpriced";
                pool.Remove(same);
            }
        }

        pool.Add(transaction);
        MineNext();
        return null;
    }

    /// <summary>Undoes the last blocks, at most down to the finalized one: their transactions wait again, or are forgotten.</summary>
    public void Reorg(int depth, Func<ModelTransaction, bool> isForgotten)
    {
        var from = Math.Max(Finalized + 1, Latest - Math.Min(Latest, (ulong)depth) + 1);
        var undone = Between(from, ulong.MaxValue).ToList();
        foreach (var block in undone)
            blocks.Remove(block.Number);
        forks.Add((from, ++reorgs));
        trace.Add($"chain: reorg from block {from}, {undone.Sum(block => block.Transactions.Count)} transactions undone");
        pool.InsertRange(0, undone.SelectMany(block => block.Transactions).Select(mined => mined.Transaction).Where(it => !isForgotten(it)));
        MineNext();
    }

    /// <summary>The pool forgets what it holds of these.</summary>
    public int Forget(Func<ModelTransaction, bool> which) => pool.RemoveAll(it => which(it));

    int IndexFrom(ulong number)
    {
        var (low, high) = (0, blocks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (blocks.Keys[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    void MineNext()
    {
        if (mining || pool.Count == 0)
            return;
        mining = true;
        var next = Latest + 1;
        loop.At(TimeOf(next), () => Mine(next));
    }

    void Mine(ulong number)
    {
        mining = false;
        var (time, fee, world) = (TimeOf(number), BaseFee(TimeOf(number)), World);
        List<MinedTransaction> mined = [];
        var logs = 0;
        for (var again = true; again;)
        {
            again = false;
            foreach (var transaction in pool.ToList())
            {
                if (transaction.MaxFee < fee || (transaction.Nonce is { } nonce && nonce != world.Nonces.GetValueOrDefault(transaction.Sender)))
                    continue;
                pool.Remove(transaction);
                var (after, done) = Execute(world, transaction, time, logs);
                world = after;
                logs += done.Logs.Count;
                mined.Add(done);
                again = true; // the sender's next nonce may be waiting
            }
        }

        if (mined.Count > 0)
        {
            var block = new MinedBlock(number, time, mined, world);
            blocks.Add(number, block);
            foreach (var transaction in mined)
            {
                trace.Add($"chain: block {number}: {transaction.Transaction.Name} of {transaction.Transaction.Sender[..6]}{(transaction.Refusal is null ? "" : " reverted: " + transaction.Refusal)}");
                Mined?.Invoke(block, transaction);
            }
        }

        MineNext();
    }

    static (ChainWorld After, MinedTransaction Mined) Execute(ChainWorld world, ModelTransaction transaction, DateTimeOffset time, int firstLog)
    {
        var nonces = transaction.Nonce is { } nonce ? world.Nonces.SetItem(transaction.Sender, nonce + 1) : world.Nonces;
        try
        {
            var vault = world.Vaults.GetValueOrDefault(transaction.To)?.Clone() ?? throw new Revert("NoSuchVault");
            var call = new CallContext(transaction.Sender, time.ToUnixTimeSeconds(), []);
            transaction.Act(vault, call);
            return (new ChainWorld(world.Vaults.SetItem(transaction.To, vault), nonces), new MinedTransaction(transaction, null, call.Logs, firstLog));
        }
        catch (Revert refusal)
        {
            return (world with { Nonces = nonces }, new MinedTransaction(transaction, refusal.Error, [], firstLog));
        }
    }
}

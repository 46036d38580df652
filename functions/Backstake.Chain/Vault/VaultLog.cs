using Nethereum.Contracts;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;

namespace Backstake.Chain.Vault;

/// <summary>One event of a vault, and where it is on chain.</summary>
/// <param name="Event">One of the events of VaultEvents.cs.</param>
public sealed record VaultLogEntry(ChainBlock Block, string TransactionHash, uint LogIndex, IVaultEvent Event);

/// <summary>The chain's answers don't fit each other: it was reorganised between two of them. Read again.</summary>
public sealed class ChainMovedException(string message) : Exception(message);

/// <summary>A vault's events from the chain.</summary>
public static class VaultLog
{
    // Blocks asked for at the same time, so that a busy page doesn't open hundreds of requests.
    private const int BlocksAtOnce = 16;

    private static readonly Dictionary<string, Func<FilterLog, IVaultEvent>> Readers = new(StringComparer.OrdinalIgnoreCase);

    // ERC-6909 approvals and EIP-5267's notice: no units and no money move by them.
    private static readonly HashSet<string> PassedOver = new(
        ((string[])["Approval(address,address,uint256,uint256)", "OperatorSet(address,address,bool)", "EIP712DomainChanged()"]).Select(Topic), StringComparer.OrdinalIgnoreCase);

    static VaultLog()
    {
        Add<OfferedEvent>();
        Add<OfferWithdrawnEvent>();
        Add<DepositedEvent>();
        Add<CancelledEvent>();
        Add<ExitingEvent>();
        Add<ExitCancelledEvent>();
        Add<ClaimedEvent>();
        Add<ProposedEvent>();
        Add<VetoedEvent>();
        Add<SettledEvent>();
        Add<CommittedEvent>();
        Add<StakedEvent>();
        Add<CollectedEvent>();
        Add<HouseAddedEvent>();
        Add<HouseAskedEvent>();
        Add<HouseTakenEvent>();
        Add<ReserveAddedEvent>();
        Add<ReserveAskedEvent>();
        Add<ReserveTakenEvent>();
        Add<CutMovedEvent>();
        Add<CutMoveRevokedEvent>();
        Add<StakerAnnouncedEvent>();
        Add<StakerRevokedEvent>();
        Add<StakerAdoptedEvent>();
        Add<PausedEvent>();
        Add<WindingDownEvent>();
        Add<BooksClosedEvent>();
        Add<WayOutOpenedEvent>();
        Add<EscapedEvent>();
        Add<RestTakenEvent>();
        Add<UnitsMovedEvent>();
    }

    /// <summary>All events in blocks <paramref name="first"/> to <paramref name="last"/>, both within, in the chain's order.</summary>
    /// <param name="contracts">The vault, and those of the contracts created with it whose events are wanted.</param>
    /// <param name="check">A second node; null: the first is trusted alone.</param>
    /// <exception cref="ChainMovedException">The chain was reorganised meanwhile, which can't happen up to the finalized block; or the two nodes differ.</exception>
    /// <exception cref="InvalidDataException">The vault logged what its interface doesn't have.</exception>
    public static async Task<IReadOnlyList<VaultLogEntry>> Read(
        IWeb3 web3, IReadOnlyList<string> contracts, ulong first, ulong last, CancellationToken stop, IWeb3? check = null)
    {
        var entries = new List<VaultLogEntry>();
        foreach (var range in BlockRange.Between((long)first, (long)last))
        {
            var logs = await Logs(web3, contracts, range, stop);
            if (check is not null && !logs.Select(Words).SequenceEqual((await Logs(check, contracts, range, stop)).Select(Words), StringComparer.OrdinalIgnoreCase))
                throw new ChainMovedException($"The two nodes have different logs in blocks {range.First} to {range.Last}.");
            entries.AddRange(await InOrder(web3, logs, stop));
        }

        return entries;
    }

    /// <summary>The addresses, lower-case, of those of the contracts that logged anything in blocks <paramref name="first"/> to <paramref name="last"/>, both within.</summary>
    public static async Task<IReadOnlySet<string>> Loggers(IWeb3 web3, IReadOnlyList<string> contracts, ulong first, ulong last, CancellationToken stop)
    {
        var loggers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in BlockRange.Between((long)first, (long)last))
            loggers.UnionWith((await Logs(web3, contracts, range, stop)).Select(log => log.Address.ToLowerInvariant()));
        return loggers;
    }

    /// <summary>A node refuses a range in which it finds too much: it is asked for the halves.</summary>
    private static async Task<FilterLog[]> Logs(IWeb3 web3, IReadOnlyList<string> contracts, BlockRange range, CancellationToken stop)
    {
        var (first, last) = range;
        var filter = new NewFilterInput
        {
            Address = [.. contracts],
            FromBlock = new BlockParameter(new HexBigInteger(first)),
            ToBlock = new BlockParameter(new HexBigInteger(last)),
        };
        try
        {
            return await web3.Eth.Filters.GetLogs.SendRequestAsync(filter).WaitAsync(stop);
        }
        catch (RpcResponseException) when (last > first)
        {
            var middle = first + (last - first) / 2;
            return [.. await Logs(web3, contracts, new(first, middle), stop), .. await Logs(web3, contracts, new(middle + 1, last), stop)];
        }
    }

    private static string Words(FilterLog log) =>
        $"{log.BlockNumber.Value} {log.BlockHash} {log.TransactionHash} {log.LogIndex.Value} {log.Address} {string.Join(' ', log.Topics)} {log.Data}";

    /// <summary>The events of one transaction's receipt that are a vault's, in order.</summary>
    public static async Task<IReadOnlyList<VaultLogEntry>> Read(IWeb3 web3, string vault, TransactionReceipt receipt, CancellationToken stop) =>
        await InOrder(web3, [.. receipt.Logs.Where(log => string.Equals(log.Address, vault, StringComparison.OrdinalIgnoreCase))], stop);

    private static async Task<List<VaultLogEntry>> InOrder(IWeb3 web3, FilterLog[] logs, CancellationToken stop)
    {
        var blocks = new Dictionary<ulong, ChainBlock>();
        foreach (var numbers in logs.Select(log => (ulong)log.BlockNumber.Value).Distinct().Chunk(BlocksAtOnce))
            foreach (var block in await Task.WhenAll(numbers.Select(number => ChainBlock.At(web3, number, stop))))
                blocks[block.Number] = block;
        return
        [
            .. logs.OrderBy(log => log.BlockNumber.Value).ThenBy(log => log.LogIndex.Value)
                .Where(log => !PassedOver.Contains(log.Topics[0].ToString()!))
                .Select(log => Entry(blocks[(ulong)log.BlockNumber.Value], log)),
        ];
    }

    private static VaultLogEntry Entry(ChainBlock block, FilterLog log)
    {
        if (log.Removed || !string.Equals(block.Hash, log.BlockHash, StringComparison.OrdinalIgnoreCase))
            throw new ChainMovedException($"Block {block.Number} is now {block.Hash}; the log was in {log.BlockHash}.");
        var topic = log.Topics[0].ToString()!;
        return Readers.TryGetValue(topic, out var read)
            ? new VaultLogEntry(block, log.TransactionHash, (uint)log.LogIndex.Value, read(log))
            : throw new InvalidDataException($"{log.Address} logged an unknown event {topic} in {log.TransactionHash}.");
    }

    private static void Add<TEvent>()
        where TEvent : class, IVaultEvent, new() =>
        Readers.Add("0x" + Event<TEvent>.GetEventABI().Sha3Signature, log => log.DecodeEvent<TEvent>().Event);

    private static string Topic(string signature) => "0x" + Nethereum.Util.Sha3Keccack.Current.CalculateHash(signature);
}

using System.Numerics;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Vault;
using Nethereum.Contracts;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Util;
using Nethereum.Web3;

namespace Backstake.Cli.Verify;

/// <summary>Reads from a node what the checks need, all of it at the latest final block.</summary>
internal sealed class ChainEvidenceReader(IWeb3 web3, string vault, CancellationToken stop)
{
    private const int RequestsAtOnce = 16; // a laptop's node answers so many at a time

    /// <param name="since">The first block to read logs from; null: that of the vault's creation, which a node without old states can't find.</param>
    /// <exception cref="NoVaultException">There is no contract at the address.</exception>
    public async Task<ChainEvidence> Read(FoldedHistory history, ulong? since)
    {
        var block = await ChainBlock.Finalized(web3, stop);
        var first = since ?? await VaultCreation.Block(web3, vault, block.Number, stop);
        var reader = new VaultReader(web3, vault, block.Number);
        var (created, state) = (await reader.Created(stop), await reader.State(stop));
        var accepted = history.Settlements.Where(settled => settled.Week <= state.LastAccepted).ToList();
        var log = await VaultLog.Read(web3, [vault, state.Notices, state.WayOut], first, block.Number, stop);
        var sent = await Sent(created.Nmr, first, block.Number);
        return new ChainEvidence
        {
            Vault = vault,
            Block = block,
            Created = created,
            State = state,
            Log = log,
            Sent = sent,
            Stakers = await Stakers(log, sent, state.Staker, block.Number),
            Balance = await web3.Eth.GetContractQueryHandler<NmrBalanceOfFunction>()
                .QueryAsync<BigInteger>(created.Nmr, new NmrBalanceOfFunction { Holder = vault }, Parameter(block.Number)).WaitAsync(stop),
            Cuts = await Each(Enumerable.Range((int)state.LastAccepted + 1, (int)(state.CurrentWeek - state.LastAccepted)), week => reader.Cut((uint)week, stop)),
            Terms = await Each(history.File.Terms.Keys, async id => ChainTerms.IsAnId(id) ? (await reader.Terms(id.Text, stop))?.Terms : null),
            OpenStakes = await Each(history.Books.OpenRounds.Keys, round => reader.OpenStake((uint)round.Number, stop)),
            Paid = await Each(Classes(accepted), async one => (await reader.Class(one.Series, one.ExitWeek, stop)).Paid),
            Claimable = await Each(Claims(accepted), claim => reader.Claimable(claim.Class.Series, claim.Class.ExitWeek, claim.Holder, stop)),
        };
    }

    /// <summary>Every tranche that an accepted settlement knows.</summary>
    private static IEnumerable<ChainClass> Classes(IReadOnlyList<FoldedSettlement> accepted) => accepted
        .SelectMany(settled => settled.Settlement.Lines)
        .Where(line => line.ExitWeek is not null && ChainTerms.IsAnId(line.Series.Terms))
        .Select(line => ChainClass.Of(line.Series, line.ExitWeek));

    /// <summary>
    /// Whoever may still have something to claim: holders of tranches, of live <c>pay</c> series as the last accepted settlement left them (later movements pay first), and of what was given
    /// back. A series that has ended is asked as its tranche alone: asked as a live one, the contract would count the same wei again.
    /// </summary>
    private static IEnumerable<(ChainClass Class, string Holder)> Claims(IReadOnlyList<FoldedSettlement> accepted)
    {
        var lines = accepted.SelectMany(settled => settled.Settlement.Lines.Where(line => line.ExitWeek is not null || settled == accepted[^1]));
        var ofLines = lines.SelectMany(line => line.Holders.ByBacker.Keys, (line, backer) => (line.Series, line.ExitWeek, backer));
        var givenBack = accepted.SelectMany(settled => settled.GivenBack, (settled, back) => (back.Series, (Week?)settled.Settlement.Week, back.Backer));
        return ofLines.Concat(givenBack).Where(one => ChainTerms.IsAnId(one.Series.Terms)).Select(one => (ChainClass.Of(one.Series, one.Item2), one.Item3.Address));
    }

    private async Task<List<NmrSent>> Sent(string nmr, ulong first, ulong last)
    {
        var sent = new List<NmrSent>();
        var transfers = web3.Eth.GetEvent<NmrTransferEvent>(nmr);
        foreach (var (from, to) in BlockRange.Between((long)first, (long)last))
        {
            var filter = transfers.CreateFilterInput(vault, Parameter((ulong)from), Parameter((ulong)to));
            sent.AddRange((await transfers.GetAllChangesAsync(filter).WaitAsync(stop)).Select(log => new NmrSent(log.Event.To.ToLowerInvariant(), log.Event.Value, log.Log.TransactionHash)));
        }

        return sent;
    }

    /// <summary>
    /// The first staker is known while it is the only one; later by the first stake's transfer, and by its own word that it is this vault's. Without a stake before the second it doesn't matter.
    /// </summary>
    private async Task<IReadOnlyList<string>> Stakers(IReadOnlyList<VaultLogEntry> log, List<NmrSent> sent, string current, ulong block)
    {
        var adopted = log.Select(entry => entry.Event).OfType<StakerAdoptedEvent>().Select(it => it.Staker).ToList();
        if (adopted.Count == 0) return [current];
        var staked = log.TakeWhile(entry => entry.Event is not StakerAdoptedEvent).FirstOrDefault(entry => entry.Event is StakedEvent);
        var transfer = staked is null ? default : sent.FirstOrDefault(one => one.Transaction == staked.TransactionHash && one.Amount == ((StakedEvent)staked.Event).Amount);
        var first = transfer.To ?? "";
        var says = first.Length == 0 ? vault : await web3.Eth.GetContractQueryHandler<StakersVaultFunction>().QueryAsync<string>(first, new StakersVaultFunction(), Parameter(block)).WaitAsync(stop);
        return [says.IsTheSameAddress(vault) ? first : "", .. adopted];
    }

    private static BlockParameter Parameter(ulong number) => new(new HexBigInteger(number));

    private static async Task<Dictionary<TKey, TAnswer>> Each<TKey, TAnswer>(IEnumerable<TKey> keys, Func<TKey, Task<TAnswer>> ask)
        where TKey : notnull
    {
        var answers = new Dictionary<TKey, TAnswer>();
        foreach (var chunk in keys.Distinct().Chunk(RequestsAtOnce))
        {
            var got = await Task.WhenAll(chunk.Select(ask));
            for (var i = 0; i < chunk.Length; i++) answers.Add(chunk[i], got[i]);
        }

        return answers;
    }
}

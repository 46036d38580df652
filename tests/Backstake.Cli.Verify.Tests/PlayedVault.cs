using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backstake.Accounting;
using Backstake.Chain;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Chain.Tests;
using Backstake.Chain.Vault;
using Backstake.Cli.Verify;
using Backstake.Servers;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using ChainSeries = Backstake.Chain.Vault.SeriesId;
using SeriesId = Backstake.Accounting.SeriesId;

namespace Backstake.Cli.Verify.Tests;

/// <summary>
/// Three weeks of a vault with the real contracts, and the history that an honest app writes of them: a shared-burn series that compounds, one that pays out weekly, house and reserve, deposits and a
/// cancelled one, a transfer, exits and a cancelled one, three rounds (won, lost, missed), two accepted settlements, one that is only proposed, claims, and something waiting.
/// Account 1 is the owner, 5 and 6 back, 8 is given units.
/// </summary>
public sealed class PlayedVault : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
    private static readonly BigInteger One = VaultOnChain.Nmr;
    private readonly List<VaultEvent> _events = [];
    private VaultOnChain? _world;
    private SkipException? _skipped;
    private bool _ended;
    private string _shared = "";
    private string _paying = "";

    internal ReplayFile File { get; private set; } = null!;

    internal ChainEvidence Chain { get; private set; } = null!;

    internal FoldedHistory History => FoldedHistory.Of(File);

    public Uri Node => _world!.Node;

    public string Vault => _world!.Vault;

    internal string Stakers => _world!.Stakers;

    internal string Factory => _world!.Factory;

    public void SkipWithoutContracts() => Skip.If(_skipped is not null, _skipped?.Message);

    internal static JsonNode Published(FoldedHistory history) => JsonNode.Parse(history.Document.Write())!;

    public async Task InitializeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            _world = await VaultOnChain.Start(limit.Token);
            await Play(limit.Token);
            Chain = await new ChainEvidenceReader(_world.Web3, File.Vault.Id, limit.Token).Read(History, since: null);
        }
        catch (SkipException e)
        {
            _skipped = e;
        }
    }

    public async Task DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
    }

    /// <summary>
    /// Goes on to the end: week 3 is accepted (the paying series ends by its term) and partly claimed, then the vault winds down with a round open and with a deposit waiting, which is given back; some claim, some don't.
    /// </summary>
    internal async Task WindDown(CancellationToken stop)
    {
        var world = _world!;
        await Accept(3, stop);
        await Claim(8, _shared, pays: false, joinWeek: 1, exitWeek: 2, stop);
        await Claim(6, _paying, pays: true, joinWeek: 1, exitWeek: 3, stop);
        await Stake(11, stop); // still open at the end
        await Act(1, new WindDownFunction(), new WindDown(), stop);
        await Settle(4, accept: true, stop);
        await Claim(5, _shared, pays: false, joinWeek: 4, exitWeek: 4, stop);
        await Claim(5, _shared, pays: false, joinWeek: 1, exitWeek: 4, stop); // 8 has not claimed what it kept
        await Look(stop);
    }

    /// <summary>
    /// Goes on without an operator: week 3 is accepted, a round is staked, house added, the owner winds down, week 4 is proposed and nothing is accepted any more. 28 days later a stranger opens the way out,
    /// with the round open, a deposit waiting that was never accepted, and weeks settled in the books alone.
    /// </summary>
    internal async Task OpenTheWayOut(CancellationToken stop)
    {
        var world = _world!;
        await Accept(3, stop);
        await Stake(11, stop);
        await Act(1, new AddHouseFunction { Amount = 3 * One }, new HouseDeposit(new Nmr(3 * One)), stop);
        await Act(1, new WindDownFunction(), new WindDown(), stop);
        await Settle(4, accept: false, stop);
        var opening = DateTimeOffset.FromUnixTimeSeconds((long)(await (await world.Reader(stop)).State(stop)).WindDownAt).AddDays(28);
        for (var week = 5; world.FirstCut.AddDays(7 * (week - 1)) <= opening; week++) Tell(new Settle(new Week(week)));
        await world.GoTo(opening);
        await world.Send(6, (await (await world.Reader(stop)).State(stop)).WayOut, new OpenWayOutFunction(), stop);
        _ended = true;
        await Look(stop);
    }

    /// <summary>Sends a call of which only the calldata is known.</summary>
    internal async Task SendRaw(int account, string to, string calldata, CancellationToken stop)
    {
        var web3 = ChainNode.Connect(Node, Limit, VaultOnChain.Account(account));
        var input = new TransactionInput { From = Anvil.Addresses[account], To = to, Data = calldata, Gas = new HexBigInteger(1_000_000) };
        Assert.False((await web3.TransactionManager.SendTransactionAndWaitForReceiptAsync(input, stop)).HasErrors());
    }

    /// <summary>Week 3.</summary>
    internal Task AcceptLast(CancellationToken stop) => Accept(3, stop);

    internal Task CollectLast(BigInteger payout, BigInteger burn, CancellationToken stop) => Collect(11, payout, burn, stop);

    internal Task Send<TCall>(int account, TCall call, CancellationToken stop)
        where TCall : FunctionMessage, new() => SendTo(account, Vault, call, stop);

    internal Task SendTo<TCall>(int account, string to, TCall call, CancellationToken stop)
        where TCall : FunctionMessage, new() => _world!.Send(account, to, call, stop);

    internal Task GoTo(DateTimeOffset time) => _world!.GoTo(time);

    internal Task<BigInteger> NmrOf(int account) => _world!.NmrOf(Anvil.Addresses[account]);

    /// <summary>Of the shared series, live.</summary>
    internal async Task<BigInteger> UnitsOf(int account, uint joinWeek) => await (await _world!.Reader(CancellationToken.None)).UnitsOf(Anvil.Addresses[account], ChainSeries.Of(_shared, pays: false, joinWeek), CancellationToken.None);

    internal BigInteger SharedSeries(uint joinWeek) => ChainSeries.Of(_shared, pays: false, joinWeek).ToNumber();

    internal BigInteger PayingSeries => OnChain(_paying, pays: true).ToNumber();

    /// <summary>Reads the chain as it is now.</summary>
    internal async Task Look(CancellationToken stop)
    {
        for (var block = 0; block < 3; block++) await _world!.Web3.Client.SendRequestAsync("evm_mine"); // finalized is two behind
        Chain = await new ChainEvidenceReader(_world!.Web3, File.Vault.Id, stop).Read(History, since: null);
    }

    private async Task Play(CancellationToken stop)
    {
        var world = _world!;
        var settings = new VaultSettings(world.Vault.ToLowerInvariant(), Staking.PerRound, concurrentRounds: 2);
        var shared = Offer(new Terms { UnitSize = new Nmr(One), ProfitShareBps = new BasisPoints(2_000), LossShareBps = new BasisPoints(5_000), ReserveBps = new BasisPoints(5_000), Crystallisation = Crystallisation.AtEnd, CompoundingWeeks = 12 });
        var paying = Offer(new Terms { UnitSize = new Nmr(One / 2), ProfitShareBps = new BasisPoints(1_000), LossShareBps = BasisPoints.Zero, ReserveBps = BasisPoints.Zero, Crystallisation = Crystallisation.WeeklyHighWater, CompoundingWeeks = 2 });
        (_shared, _paying) = (shared.Id, paying.Id);
        File = new ReplayFile(settings, ImmutableSortedDictionary<TermsId, Terms>.Empty.Add(new TermsId(_shared), shared.Terms).Add(new TermsId(_paying), paying.Terms), []);
        foreach (var terms in new[] { shared, paying })
        {
            var chainTerms = ChainTerms.Of(terms.Terms);
            var signature = SignedTerms.Sign(chainTerms, world.Vault, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[1])).HexToByteArray();
            await world.Send(1, world.Vault, new OfferFunction { Terms = chainTerms, Signature = signature }, stop);
        }

        await world.Send(0, world.NmrAddress, new NmrFaucetFunction { To = world.Staking, Value = 1_000 * One }, stop);
        await world.Fund(1, 70 * One, world.Vault, stop);
        await world.Fund(5, 12 * One, world.Vault, stop);
        await world.Fund(6, 8 * One, world.Vault, stop);

        await Act(1, new AddReserveFunction { Amount = 20 * One }, new ReserveDeposit(new Nmr(20 * One)), stop);
        await Act(1, new AddHouseFunction { Amount = 40 * One }, new HouseDeposit(new Nmr(40 * One)), stop);
        await Act(5, new DepositFunction { Terms = Convert.FromHexString(_shared), Units = 10, JoinWeek = 1 }, new Deposit(Backer(5), new TermsId(_shared), new Units(10)), stop);
        await Act(5, new CancelFunction { Series = OnChain(_shared, pays: false).ToNumber(), Units = 2 }, new CancelDeposit(Backer(5), new TermsId(_shared), new Units(2)), stop);
        await Act(6, new DepositFunction { Terms = Convert.FromHexString(_paying), Units = 9, Pay = true, JoinWeek = 1 }, new Deposit(Backer(6), new TermsId(_paying), new Units(9), Payout.Pay), stop);
        await Settle(1, accept: true, stop);

        var compound = new SeriesId(new TermsId(_shared), new Week(1), Payout.Compound);
        await Stake(7, stop);
        await Collect(7, One / 3, BigInteger.Zero, stop);
        Tell(new Close(new Round(8), BasisPoints.Zero), new Resolve(new Round(8), Nmr.Zero));
        await Act(5, new TransferUnitsFunction { Receiver = Anvil.Addresses[8], Series = OnChain(_shared, pays: false).ToNumber(), Units = 3 }, new Transfer(Backer(5), Backer(8), compound, new Units(3)), stop);
        await Act(8, new ExitFunction { Series = OnChain(_shared, pays: false).ToNumber(), Units = 3 }, new Exit(Backer(8), compound, new Units(3)), stop);
        await Act(8, new CancelExitFunction { Series = OnChain(_shared, pays: false).ToNumber(), Units = 1 }, new CancelExit(Backer(8), compound, new Units(1)), stop);
        await Act(1, new AskHouseFunction { Amount = 5 * One }, new HouseWithdraw(new Nmr(5 * One)), stop);
        await Act(1, new AskReserveFunction { Amount = 2 * One }, new ReserveWithdraw(new Nmr(2 * One)), stop);
        await Stake(9, stop);
        await Settle(2, accept: true, stop);

        await Claim(6, _paying, pays: true, joinWeek: 1, exitWeek: 0, stop);
        await world.Send(1, world.Vault, new TakeHouseFunction(), stop);
        await Collect(9, BigInteger.Zero, One / 7, stop);
        await Act(5, new ExitFunction { Series = OnChain(_shared, pays: false).ToNumber(), Units = 4 }, new Exit(Backer(5), compound, new Units(4)), stop);
        await Stake(10, stop);
        await Collect(10, BigInteger.Zero, (4 * One) + 1, stop);
        await Settle(3, accept: false, stop);
        await Act(5, new DepositFunction { Terms = Convert.FromHexString(_shared), Units = 1, JoinWeek = 4 }, new Deposit(Backer(5), new TermsId(_shared), new Units(1)), stop);
        for (var block = 0; block < 3; block++) await world.Web3.Client.SendRequestAsync("evm_mine"); // finalized is two behind
    }

    private (Terms Terms, string Id) Offer(Terms terms) => (terms, SignedTerms.Id(ChainTerms.Of(terms), _world!.Vault));

    private static Backer Backer(int account) => new(Anvil.Addresses[account].ToLowerInvariant());

    private static ChainSeries OnChain(string terms, bool pays) => ChainSeries.Of(terms, pays, joinWeek: 1);

    private async Task Act<TCall>(int account, TCall call, VaultEvent meaning, CancellationToken stop)
        where TCall : FunctionMessage, new()
    {
        await _world!.Send(account, _world.Vault, call, stop);
        Tell(meaning);
    }

    private void Tell(params VaultEvent[] events)
    {
        _events.AddRange(events);
        File = File with { Events = [.. _events] };
    }

    private async Task Settle(int week, bool accept, CancellationToken stop)
    {
        var world = _world!;
        await world.GoTo(world.FirstCut.AddDays(7 * (week - 1)));
        Tell(new Settle(new Week(week)));
        var words = SettlementsAreTheBooks.Words(History.Settlements[^1]);
        await world.Send(4, world.Vault, words, stop);
        if (accept) await Accept(week, stop);
    }

    private async Task Accept(int week, CancellationToken stop)
    {
        var world = _world!;
        var words = SettlementsAreTheBooks.Words(History.Settlements[week - 1]);
        await world.GoTo((await (await world.Reader(stop)).State(stop)).Proposal!.AcceptableAt);
        await world.Send(6, world.Vault, new AcceptFunction { Week = words.Week, Lines = words.Lines }, stop);
    }

    private Task Claim(int holder, string terms, bool pays, uint joinWeek, uint exitWeek, CancellationToken stop) =>
        _world!.Send(6, Vault, new ClaimFunction { Series = ChainSeries.Of(terms, pays, joinWeek).ToNumber(), ExitWeek = exitWeek, Holder = Anvil.Addresses[holder] }, stop);

    private async Task Stake(int round, CancellationToken stop)
    {
        var world = _world!;
        var (state, now) = (await (await world.Reader(stop)).State(stop), (await ChainBlock.Latest(world.Web3, stop)).Time);
        var amount = History.Books.StakeOfNextRound().Wei;
        var predictions = SHA256.HashData(Encoding.UTF8.GetBytes($"predictions of round {round}"));
        await world.Send(0, world.Staking, new OpenRoundFunction { RoundId = round, CloseStakingTime = (ulong)now.AddHours(1).ToUnixTimeSeconds() }, stop);
        await world.Send(2, world.Vault, new CommitFunction { Round = (uint)round, PredictionHash = predictions }, stop);
        var leave = new StakeAuthorization
        {
            TournamentId = 8,
            RoundId = round,
            ModelId = VaultOnChain.ModelId,
            Staker = state.Staker,
            MaxAmount = amount,
            SubmissionId = UuidWord.Of(Guid.NewGuid()),
            SubmissionHash = predictions,
            Nonce = await world.Web3.Eth.GetContractQueryHandler<NumeraiNoncesFunction>().QueryAsync<BigInteger>(world.Staking, new NumeraiNoncesFunction { Staker = state.Staker }),
            Deadline = now.AddHours(1).ToUnixTimeSeconds(),
        };
        var signature = leave.Sign(world.Staking, VaultOnChain.ChainId, new EthECKey(Anvil.PrivateKeys[7])).HexToByteArray();
        var call = new StakeFunction { Round = (uint)round, Amount = amount, ShareBps = 10_000, Collects = state.Collects, Authorisation = leave.Encode(signature) };
        await Act(3, call, new Close(new Round(round)), stop);
    }

    private async Task Collect(int round, BigInteger payout, BigInteger burn, CancellationToken stop)
    {
        var world = _world!;
        var state = await (await world.Reader(stop)).State(stop);
        var leaf = ClaimProof.Leaf(round, VaultOnChain.ModelId, state.Staker, payout, burn);
        var sibling = ClaimProof.Leaf(round, VaultOnChain.ModelId, Anvil.Addresses[9], 1, 0);
        await world.Send(0, world.Staking, new ResolveRoundFunction { RoundId = round, MerkleRoot = ClaimProof.Node(leaf, sibling) }, stop);
        var collect = new CollectFunction { Round = (uint)round, Proof = new ClaimProof { PayoutWei = payout, BurnWei = burn, Proof = [sibling] }.Encode() };
        if (_ended) await world.Send(6, world.Vault, collect, stop);
        else await Act(6, collect, new Resolve(new Round(round), new Nmr(payout - burn)), stop);
    }
}

using System.Text.Json;
using Backstake.Chain.Nmr;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;

namespace Backstake.BooksEqualChain.Chain;

/// <summary>A transaction that waits for its block. <paramref name="Refusals"/>: names with which it must be reverted, any of them; none: it must succeed.</summary>
internal sealed record Pending(string What, string From, string To, string Data, IReadOnlyCollection<string> Refusals);

/// <summary>One vault of the world: what is sent to it waits for a block, and every block's verdicts are held against what was expected.</summary>
internal sealed class VaultOnChain
{
    private const int Tournament = 8;
    private readonly List<Pending> pending = [];

    private VaultOnChain(World world, string address) => (World, Address) = (world, address);

    public static byte[] ModelId { get; } = UuidWord.Of(Guid.Parse("11111111-2222-3333-4444-555555555555"));

    public World World { get; }

    public string Address { get; }

    public string Notices { get; private set; } = "";

    /// <summary>The vault's staker of the rounds to come.</summary>
    public string Staker { get; private set; } = "";

    /// <summary>Who Numerai sees staking: the staker or its account.</summary>
    public string Seen { get; private set; } = "";

    public bool HasPending => pending.Count > 0;

    public static async Task<VaultOnChain> Create(World world, long firstCut, int windowHours, int generation)
    {
        var created = await world.Send(People.Anybody, world.Factory, World.Hex(new CreateVaultFunction
        {
            Vault = new CreateVault
            {
                Owner = People.Owner,
                Committer = People.Committer,
                StakerKey = People.StakerKey,
                Settler = People.Settler,
                Guardian = People.Guardian,
                Nmr = world.Nmr,
                Stakers = world.Generations[generation],
                Tournament = Tournament,
                ModelId = ModelId,
                FirstCut = (ulong)firstCut,
                Window = (ulong)windowHours * 3600,
            },
        }));
        var receipt = (await world.Mine(world.Time + 1, [created]))[0];
        if (World.Number(receipt.GetProperty("status")) != 1) throw new InvalidOperationException($"No vault was created: {await world.RefusalOf(created)}.");
        var log = receipt.GetProperty("logs").EnumerateArray().Last(one => one.GetProperty("address").GetString() == world.Factory);
        var address = World.AddressOf(log.GetProperty("topics")[1].GetString()!);
        var vault = new VaultOnChain(world, address);
        vault.Notices = new CompanionsOutput().DecodeOutput((await world.View([(address, World.Hex(new CompanionsFunction()))]))[0]).Notices;
        await vault.SeeStaker(generation);
        return vault;
    }

    /// <summary>Looks who stakes now.</summary>
    public async Task SeeStaker(int generation)
    {
        Staker = (await State()).State.Staker.ToLowerInvariant();
        Seen = generation == World.Accounts ? World.AddressOf((await World.View([(Staker, World.Hex(new AccountFunction()))]))[0]) : Staker;
    }

    public void Send<TCall>(string what, string from, TCall call, params IReadOnlyCollection<string> refusals)
        where TCall : FunctionMessage => SendTo(Address, what, from, call, refusals);

    public void SendTo<TCall>(string to, string what, string from, TCall call, params IReadOnlyCollection<string> refusals)
        where TCall : FunctionMessage => pending.Add(new Pending(what, from, to, World.Hex(call), refusals));

    /// <summary>Makes a block of what waits.</summary>
    /// <returns>What was sent, and its receipt.</returns>
    /// <exception cref="Difference">A verdict is another than was expected.</exception>
    public async Task<IReadOnlyList<(Pending Sent, JsonElement Receipt)>> Mine(long time)
    {
        var sent = pending.ToList();
        pending.Clear();
        var hashes = new List<string>();
        foreach (var one in sent) hashes.Add(await World.Send(one.From, one.To, one.Data));
        var receipts = await World.Mine(time, hashes);
        for (var i = 0; i < sent.Count; i++)
        {
            var verdict = World.Number(receipts[i].GetProperty("status")) == 1 ? "accepted" : await World.RefusalOf(hashes[i]);
            var expected = sent[i].Refusals.Count == 0 ? ["accepted"] : sent[i].Refusals;
            Difference.Unless(expected.Contains(verdict), $"{sent[i].What}: expected {string.Join(" or ", expected)}, the chain says {verdict}");
        }

        return [.. sent.Zip(receipts)];
    }

    /// <summary>What the vault says of itself, and the NMR that it has.</summary>
    public async Task<(ChainState State, BigInteger Nmr)> State()
    {
        var answers = await World.View([(World.Reader, World.Hex(new StateFunction { Vault = Address })), (World.Nmr, World.Hex(new NmrBalanceOfFunction { Holder = Address }))]);
        return (new StateOutput().DecodeOutput(answers[0]).State, Number(answers[1]));
    }

    public async Task<IReadOnlyList<BigInteger>> Claimable(IEnumerable<(SeriesId Series, int ExitWeek, Backer Holder)> classes) =>
        [.. (await World.View([.. classes.Select(it => (Address, World.Hex(new ClaimableFunction { Series = Series(it.Series), ExitWeek = (uint)it.ExitWeek, Holder = it.Holder.Address })))])).Select(Number)];

    public async Task<IReadOnlyList<ClassOutput>> Classes(IEnumerable<(SeriesId Series, int ExitWeek)> classes) =>
        [.. (await World.View([.. classes.Select(it => (Address, World.Hex(new ClassOfFunction { Series = Series(it.Series), ExitWeek = (uint)it.ExitWeek })))])).Select(answer => new ClassOutput().DecodeOutput(answer))];

    public async Task<IReadOnlyList<BigInteger>> NmrOf(IEnumerable<string> holders) =>
        [.. (await World.View([.. holders.Select(holder => (World.Nmr, World.Hex(new NmrBalanceOfFunction { Holder = holder })))])).Select(Number)];

    public static BigInteger Series(SeriesId series) => ChainSeries.Of(series.Terms.Text, series.Payout == Payout.Pay, (uint)series.EntryWeek.Number).ToNumber();

    /// <summary>Numerai's leave to stake in a round.</summary>
    public byte[] Authorisation(int round, BigInteger amount, int nonce)
    {
        var leave = new StakeAuthorization
        {
            TournamentId = Tournament,
            RoundId = round,
            ModelId = ModelId,
            Staker = Seen,
            MaxAmount = amount,
            SubmissionId = ModelId,
            SubmissionHash = ModelId,
            Nonce = nonce,
            Deadline = uint.MaxValue,
        };
        return leave.Encode(leave.Sign(World.Staking, World.ChainId, World.NumeraiKey).HexToByteArray());
    }

    private static BigInteger Number(string word) => new(word.HexToByteArray(), isUnsigned: true, isBigEndian: true);
}

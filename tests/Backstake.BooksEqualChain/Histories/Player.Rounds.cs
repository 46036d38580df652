using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Numerai;
using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>Rounds: opened by Numerai, committed to, staked in or missed; resolved and collected.</summary>
internal sealed partial class Player
{
    private const int FirstRound = 900;
    private const int Ring = 128;
    private static readonly byte[] Predictions = [.. Enumerable.Repeat((byte)7, 32)];

    private readonly SortedDictionary<int, (BigInteger Amount, string Seen)> openStakes = [];
    private int nextRound = FirstRound;
    private int firstStaked;
    private int lastStaked;
    private int collects;
    private int nonce;

    private void Round(Move move)
    {
        var round = nextRound + (move.A % 31 == 0 ? move.B % 90 : 0);
        if (move.A % 37 == 0 && openStakes.Count > 0) round = Math.Max(round, openStakes.Keys.First() + Ring);
        nextRound = round + 1;
        var share = new BasisPoints(move.C % 5 == 0 ? 1 + (move.B % 9_999) : 10_000);
        var amount = books.StakeOfNextRound(share).Wei;
        string?[] refusals =
        [
            stakingPaused ? "stopped" : null, books.IsWindingDown ? "windingDown" : null, NotSettled, amount.IsZero ? "amountNotPositive" : null,
            openStakes.Keys.Any(open => (round - open) % Ring == 0) ? "ringFull" : null,
        ];
        var possible = refusals.All(refusal => refusal is null);
        if (move.C % 9 == 0 && possible)
        {
            Miss(round, "missed round");
            return;
        }

        ChainAloneAt(chain.World.Staking, "Numerai opens a round", People.Numerai, new OpenRoundFunction { RoundId = round, CloseStakingTime = uint.MaxValue });
        var call = new StakeFunction { Round = (uint)round, Amount = amount, ShareBps = (ushort)share.Value, Collects = (uint)collects, Authorisation = chain.Authorisation(round, amount, nonce) };
        if (possible && move.A % 13 == 0) ChainAlone("stake without commitment", People.StakerKey, call, "noCommitment");
        ChainAlone("commit", People.Committer, new CommitFunction { Round = (uint)round, PredictionHash = Predictions });
        if (!possible)
        {
            ChainAlone("stake", People.StakerKey, call, refusals);
            Miss(round, "round that nothing may be staked in");
            return;
        }

        StakeWrongly(move, call);
        if (!Both("stake", People.StakerKey, call, new Close(new Round(round), share))) return;
        (lastStaked, nonce) = (round, nonce + 1);
        if (firstStaked == 0) firstStaked = round;
        openStakes.Add(round, (amount, chain.Seen));
        Difference.UnlessEqual(books.OpenRounds[new Round(round)].Stake.Wei, amount, $"A_r of round {round}");
        Counts.SituationIf(share.Value < 10_000, "part-staked round");
        Counts.SituationIf(openStakes.Count > setting.ConcurrentRounds, "more open rounds than concurrentRounds");
    }

    private void StakeWrongly(Move move, StakeFunction right)
    {
        StakeFunction With(int round, uint collects, BigInteger amount) =>
            new() { Round = (uint)round, Amount = amount, ShareBps = right.ShareBps, Collects = collects, Authorisation = right.Authorisation };
        switch (move.B % 16)
        {
            case 0 when collects > 0:
                ChainAlone("stake after a collect", People.StakerKey, With((int)right.Round, right.Collects - 1, right.Amount), "booksMoved");
                break;
            case 1 when lastStaked > FirstRound:
                Both("stake", People.StakerKey, With(lastStaked - 1, right.Collects, right.Amount), new Close(new Round(lastStaked - 1)));
                break;
            case 2 when lastStaked > 0:
                ChainAlone("stake in the same round again", People.StakerKey, With(lastStaked, right.Collects, right.Amount), "alreadyStaked");
                break;
            case 3:
                var most = ((PerRoundStake)lastSettlement!.Instruction).Amount.Wei;
                ChainAlone("stake beyond the instruction", People.StakerKey, With((int)right.Round, right.Collects, most + 1), "beyondInstruction");
                break;
            case 4:
                ChainAlone("stake by a stranger", People.Committer, right, "notAllowed");
                break;
        }
    }

    private void Miss(int round, string why)
    {
        BooksAlone(new Close(new Round(round), BasisPoints.Zero));
        BooksAlone(new Resolve(new Round(round), Nmr.Zero));
        Counts.Situation(why);
    }

    private void Collect(Move move)
    {
        if (openStakes.Count == 0 || move.A % 23 == 0)
        {
            var notOpen = nextRound + (move.B % 5);
            Both("collect", People.Anybody, new CollectFunction { Round = (uint)notOpen, Proof = ProofOf(0, 0) }, new Resolve(new Round(notOpen), Nmr.Zero));
            return;
        }

        var home = openStakes.Keys.Where(open => !setting.ForgetsRounds || open != firstStaked).ToList();
        if (home.Count == 0) return;
        var round = home[move.A % 4 == 0 ? move.B % home.Count : 0];
        Collect(round, ResultOf(openStakes[round].Amount, move), stranger: move.B % 5 == 0, falsely: move.B % 7 == 0);
    }

    private void Collect(int round, BigInteger result, bool stranger, bool falsely)
    {
        var (payout, burn) = (BigInteger.Max(result, 0), BigInteger.Max(-result, 0));
        var (amount, seen) = openStakes[round];
        var leaf = ClaimProof.Leaf(round, VaultOnChain.ModelId, seen, payout, burn);
        var collect = new CollectFunction { Round = (uint)round, Proof = ProofOf(payout, burn) };
        if (falsely) ChainAlone("collect before the result", People.Anybody, collect, "badProof");
        ChainAloneAt(chain.World.Staking, "Numerai resolves a round", People.Numerai, new ResolveRoundFunction { RoundId = round, MerkleRoot = leaf });
        if (falsely) ChainAlone("collect with another result", People.Anybody, new CollectFunction { Round = (uint)round, Proof = ProofOf(payout + 1, burn) }, "badProof");
        if (stranger)
        {
            var claim = new NumeraiClaimFunction { RoundId = round, ModelId = VaultOnChain.ModelId, Staker = seen, PayoutWei = payout, BurnWei = burn };
            ChainAloneAt(chain.World.Staking, "claim at Numerai by a stranger", People.Anybody, claim);
            Counts.Situation("round that came home before its collect");
        }

        if (!Both("collect", People.Anybody, collect, new Resolve(new Round(round), new Nmr(result)))) return;
        openStakes.Remove(round);
        collects++;
        gainsLeft += result.Sign >= 0 ? result : AcceptedUnits; // floors: a wei for each unit and losing round
        Counts.Situation(result.Sign switch { > 0 => "round won", < 0 => "round lost", _ => "round that neither won nor lost" });
        Counts.SituationIf(result == -amount, "round that burned everything");
        Counts.SituationIf(BigInteger.Abs(result).IsOne, "round with a result of 1 wei");
        Counts.SituationIf(seen != chain.Seen, "round that comes home through an earlier staker");
    }

    private static byte[] ProofOf(BigInteger payout, BigInteger burn) => new ClaimProof { PayoutWei = payout, BurnWei = burn }.Encode();

    private static BigInteger ResultOf(BigInteger stake, Move move) => (move.C % 10) switch
    {
        0 => 0,
        1 => -stake,
        2 => -1,
        3 => 1,
        4 => stake * (move.B % 4),
        < 8 => -(stake * (move.B % 1_000) / 1_000),
        _ => stake * (move.B % 1_000) / 1_500,
    };
}

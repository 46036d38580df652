using Backstake.Accounting;
using Backstake.Chain.Vault;
using Backstake.Functions.Storage;
using Backstake.Functions.Vaults;
using Nethereum.Util;
using ChainSeries = Backstake.Chain.Vault.SeriesId;
using SeriesId = Backstake.Accounting.SeriesId;

namespace Backstake.Functions.Backing;

/// <summary>What a log of the vault's contract means for the vault's log. The natural key of what happened on chain is its transaction and log index.</summary>
public static class ChainEvents
{
    public static IEnumerable<NewEntry> ToEntries(VaultState state, VaultLogEntry seen) => Meaning(state, seen)
        .Select(it => new NewEntry(it.Key, it.Event, seen.Block.Time, new ChainSource((long)seen.Block.Number, seen.TransactionHash, (int)seen.LogIndex)));

    static IEnumerable<(string Key, LogEvent Event)> Meaning(VaultState state, VaultLogEntry seen)
    {
        var place = $"{seen.TransactionHash}|{seen.LogIndex}";
        (string, LogEvent) Booked(string kind, VaultEvent booked) => ($"{kind}|{place}", new Booked(booked));
        switch (seen.Event)
        {
            case OfferedEvent offered:
                yield return ($"offer|{Hex(offered.Terms)}", new TermsOffered(Hex(offered.Terms), ChainTerms.Of(offered.Content)));
                break;
            case OfferWithdrawnEvent withdrawn:
                yield return ($"withdrawOffer|{Hex(withdrawn.Terms)}", new TermsWithdrawn(Hex(withdrawn.Terms)));
                break;
            case DepositedEvent it:
                var bought = SeriesOf(state, it.Series);
                yield return Booked("deposit", new Deposit(BackerOf(it.Backer), bought.Terms, new Units((long)it.Units), bought.Payout));
                break;
            case CancelledEvent it:
                var cancelled = SeriesOf(state, it.Series);
                yield return Booked("cancelDeposit", new CancelDeposit(BackerOf(it.Backer), cancelled.Terms, new Units((long)it.Units), cancelled.Payout));
                break;
            case ExitingEvent it:
                yield return Booked("exit", new Exit(BackerOf(it.Backer), SeriesOf(state, it.Series), new Units((long)it.Units)));
                break;
            case ExitCancelledEvent it:
                yield return Booked("cancelExit", new CancelExit(BackerOf(it.Backer), SeriesOf(state, it.Series), new Units((long)it.Units)));
                break;
            // Units that appear from, or go to, address 0 are deposits, exits and their cancellations: those say more themselves.
            case UnitsMovedEvent it when !IsZero(it.Sender) && !IsZero(it.Receiver):
                yield return Booked("transfer",
                    new Transfer(BackerOf(it.Sender), BackerOf(it.Receiver), SeriesOf(state, it.Series), new Units((long)it.Units)));
                break;
            case HouseAddedEvent it:
                yield return Booked("houseDeposit", new HouseDeposit(new Nmr(it.Amount)));
                break;
            case HouseAskedEvent it:
                yield return Booked("houseWithdraw", new HouseWithdraw(new Nmr(it.Amount)));
                break;
            case ReserveAddedEvent it:
                yield return Booked("reserveDeposit", new ReserveDeposit(new Nmr(it.Amount)));
                break;
            case ReserveAskedEvent it:
                yield return Booked("reserveWithdraw", new ReserveWithdraw(new Nmr(it.Amount)));
                break;
            case WindingDownEvent:
                yield return ("windDown", new Booked(new WindDown()));
                break;
            case CommittedEvent it:
                yield return ($"commit|{place}", new PredictionsCommitted((int)it.Round, Hex(it.PredictionHash)));
                break;
            case StakedEvent it:
                yield return ($"close|{it.Round}", new Booked(CloseOf(state, it)));
                break;
            case CollectedEvent it:
                yield return ($"resolve|{it.Round}", new Booked(new Resolve(new Round((int)it.Round), new Nmr(it.Returned - it.Staked))));
                break;
            case ProposedEvent it:
                yield return ($"propose|{place}", ProposalOf(state, it));
                break;
            case VetoedEvent it:
                yield return ($"veto|{place}", new SettlementVetoed((int)it.Week));
                break;
            case SettledEvent it:
                yield return ($"accept|{it.Week}", new SettlementAccepted((int)it.Week));
                break;
            case CutMovedEvent it:
                yield return ($"moveCut|{place}", new CutMoved((int)it.FromWeek, it.Shift));
                break;
            case CutMoveRevokedEvent it:
                yield return ($"revokeCutMove|{place}", new CutMoveRevoked((int)it.FromWeek));
                break;
            case StakerAdoptedEvent it:
                yield return ($"adoptStaker|{place}", new StakerAdopted(it.Staker.ToLowerInvariant()));
                break;
            case PausedEvent it:
                yield return ($"pause|{place}", new VaultPaused(it.Deposits, it.Staking));
                break;
            case BooksClosedEvent:
                yield return ("closeBooks", new BooksClosed());
                break;
            case ClaimedEvent it:
                yield return ($"claim|{place}", new Claimed(it.Holder.ToLowerInvariant(), it.Series.ToString("x64"), (int)it.ExitWeek, new Nmr(it.Amount)));
                break;
            case HouseTakenEvent it:
                yield return ($"takeHouse|{place}", new OwnerPaid("house", new Nmr(it.Amount)));
                break;
            case ReserveTakenEvent it:
                yield return ($"takeReserve|{place}", new OwnerPaid("reserve", new Nmr(it.Amount)));
                break;
        }
    }

    /// <summary>The stake that was seen must be the one that the books decide: anything else means that the two have parted.</summary>
    static Close CloseOf(VaultState state, StakedEvent staked)
    {
        var close = new Close(new Round((int)staked.Round), new BasisPoints((int)staked.ShareBps));
        var decided = state.Books.StakeOfNextRound(close.ShareBps);
        return decided.Wei == staked.Amount
            ? close
            : throw new VaultDivergedException($"Round {staked.Round}: {new Nmr(staked.Amount)} NMR were staked, the books say {decided}.");
    }

    static SettlementProposed ProposalOf(VaultState state, ProposedEvent proposed)
    {
        var (week, root) = ((int)proposed.Week, Hex(proposed.Books));
        if (state.Record.Weeks.TryGetValue(week, out var settled) && settled.BooksRoot == root)
            return new SettlementProposed(week, root, DateTimeOffset.FromUnixTimeSeconds((long)proposed.AcceptableAt));
        throw new VaultDivergedException($"Week {week}: books with the root {root} were proposed, the log's is {settled?.BooksRoot ?? "not settled"}.");
    }

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    static bool IsZero(string address) => address.IsTheSameAddress(AddressUtil.ZERO_ADDRESS);

    static Backer BackerOf(string address) => new(address.ToLowerInvariant());

    /// <summary>The books' series: its terms are known by the high 224 bits that the chain's series id holds.</summary>
    static SeriesId SeriesOf(VaultState state, System.Numerics.BigInteger number)
    {
        var series = ChainSeries.Of(number);
        var terms = state.Record.Terms.Keys.FirstOrDefault(series.IsOf)
            ?? throw new VaultDivergedException($"A series names terms {series.TermsPrefix}…, which were never offered.");
        return new SeriesId(new TermsId(terms), new Week((int)series.JoinWeek), series.Pays ? Payout.Pay : Payout.Compound);
    }
}

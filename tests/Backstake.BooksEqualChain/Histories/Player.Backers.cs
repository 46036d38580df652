using Backstake.BooksEqualChain.Chain;
using Backstake.Chain.Vault;

namespace Backstake.BooksEqualChain.Histories;

/// <summary>What backers do.</summary>
internal sealed partial class Player
{
    private const int Buyers = 4;
    private const string ClaimOfSomebody = "claim of ";
    private static readonly TermsId NotOffered = new(new string('e', 64));

    private readonly Dictionary<Backer, BigInteger> spent = [];
    private readonly HashSet<TermsId> withdrawn = [];
    private bool depositsPaused;

    private void Deposit(Move move)
    {
        var backer = People.Backers[move.A % Buyers];
        var known = move.B % 40 != 0;
        var (id, terms) = offers[move.B % offers.Length];
        var dust = terms.UnitSize.Wei < Wei.OneNmr;
        var units = new Units((move.C % 24) switch
        {
            0 => 0,
            1 => dust ? Units.MostOfAnEvent : 60,
            2 when dust => Units.MostOfAnEvent + 1,
            3 => 1,
            _ => 1 + (move.C / 24 % (dust ? 3_000 : 7)),
        });
        var joinWeek = CurrentWeek + (move.A % 29 == 0 ? 1 : 0);
        var payout = move.A / Buyers % 3 == 0 ? Payout.Pay : Payout.Compound;
        var call = new DepositFunction { Terms = Convert.FromHexString((known ? id : NotOffered).Text), Units = (ulong)units.Count, Pay = payout == Payout.Pay, JoinWeek = (uint)joinWeek };
        var done = Both(
            "deposit", backer.Address, call, new Deposit(backer, known ? id : NotOffered, units, payout),
            depositsPaused ? "stopped" : null,
            joinWeek != CurrentWeek ? "wrongWeek" : null,
            known && withdrawn.Contains(id) ? "unknownTerms" : null,
            units.Count > Units.MostOfAnEvent ? "tooManyUnits" : null,
            unaccepted.Count >= 2 || (unaccepted.Count == 1 && known && !(units * terms.SpareOfUnit()).IsZero) ? "pending" : null,
            known && (units * terms.ReserveOfUnit()).Wei is { IsZero: false } reserve && reserve > books.ReserveUnlocked.Wei - UnlockedNotAccepted && reserve <= books.ReserveUnlocked.Wei ? "reserveInsufficient" : null);
        if (!done) return;
        spent[backer] = spent.GetValueOrDefault(backer) + (units * terms.UnitSize).Wei;
        Counts.SituationIf(dust && units.Count == 1, "deposit of one smallest unit");
        Counts.SituationIf(units.Count == Units.MostOfAnEvent, "deposit of the most units of a call");
        Counts.SituationIf(!terms.UnitSize.Wei.IsEven, "deposit of units of odd weis");
        Counts.SituationIf(!terms.UpfrontFeeOfUnit().IsZero, "deposit with an upfront fee");
        Counts.SituationIf(!terms.SpareOfUnit().IsZero, "deposit that binds the house");
        Counts.SituationIf(terms.ReserveBps.Value < terms.LossShareBps.Value, "deposit with leverage");
        Counts.SituationIf(payout == Payout.Pay, "deposit of pay units");
        Counts.Situation($"deposit under {terms.Crystallisation}");
    }

    private void Cancel(Move move)
    {
        var waiting = books.WaitingUnits;
        var id = waiting.IsEmpty ? new WaitingId(offers[move.A % offers.Length].Id, Payout.Compound, People.Backers[0]) : waiting.Keys.ElementAt(move.A % waiting.Count);
        var backer = move.B % 11 == 0 ? People.Backers[move.B % Buyers] : id.Backer;
        var units = new Units(move.C % (waiting.GetValueOrDefault(id).Count + 2));
        var series = VaultOnChain.Series(new SeriesId(id.Terms, new Week(CurrentWeek), id.Payout));
        var vaultEvent = new CancelDeposit(backer, id.Terms, units, id.Payout);
        var tooMany = units.Count > Units.MostOfAnEvent ? "tooManyUnits" : null;
        bool done;
        if (move.B % 3 != 0) done = Both("cancelDeposit", backer.Address, new CancelFunction { Series = series, Units = (ulong)units.Count }, vaultEvent, tooMany);
        else
        {
            var call = new CancelForFunction { Holder = backer.Address, Series = series, Units = (ulong)units.Count };
            done = Both("cancelDeposit for another", People.Anybody, call, vaultEvent, tooMany, books.IsWindingDown ? null : "notAllowed");
        }

        if (done) spent[backer] = spent.GetValueOrDefault(backer) - (units * books.Terms[id.Terms].UnitSize).Wei;
    }

    private void Exit(Move move)
    {
        var (series, backer, most) = Held(move);
        var units = new Units(move.C % 4 == 0 ? most : move.C % (most + 2));
        Both("exit", backer.Address, new ExitFunction { Series = VaultOnChain.Series(series), Units = (ulong)units.Count }, new Exit(backer, series, units), TooMany(units), NotYetAccepted(series), PayIsStill(series));
    }

    private void CancelExit(Move move)
    {
        var asked = books.Series.Values.SelectMany(series => series.Leaving.ByBacker.Select(it => (series.Id, Backer: it.Key, it.Value.Count))).ToList();
        var (series, backer, most) = asked.Count == 0 ? Held(move) : asked[move.A % asked.Count];
        var units = new Units(move.C % (most + 2));
        Both("cancelExit", backer.Address, new CancelExitFunction { Series = VaultOnChain.Series(series), Units = (ulong)units.Count }, new CancelExit(backer, series, units), TooMany(units));
    }

    private void Transfer(Move move)
    {
        var (series, backer, most) = Held(move);
        var to = People.Backers[move.B % People.Backers.Count];
        var units = new Units(move.C % 4 == 0 ? most : move.C % (most + 2));
        var call = new TransferUnitsFunction { Receiver = to.Address, Series = VaultOnChain.Series(series), Units = units.Count };
        if (!Both("transfer", backer.Address, call, new Transfer(backer, to, series, units), TooMany(units), NotYetAccepted(series), PayIsStill(series))) return;
        Counts.SituationIf(series.Payout == Payout.Pay, "transfer of pay units");
        Counts.SituationIf(backer == to, "transfer to oneself");
    }

    /// <summary>Anybody claims for a holder what accepted settlements promised; paid or not, it must be accepted.</summary>
    private void Claim(Move move)
    {
        if (claims.Count == 0 || move.C % 4 == 0)
        {
            ClaimOfNothing(move);
            return;
        }

        var (series, exitWeek, holder) = claims.ElementAt(move.A % claims.Count);
        Tell($"{ClaimOfSomebody}{holder} in {series}, exit {exitWeek}", move.B % 2 == 0 ? holder.Address : People.Anybody, ClaimOf(series, exitWeek, holder));
        Counts.Act("claim");
        Counts.SituationIf(unaccepted.Count > 0, "claim between cut and acceptance");
    }

    /// <summary>Claims in any class of anybody: whatever is there is paid to its holder, and nothing else changes.</summary>
    private void ClaimOfNothing(Move move)
    {
        var waits = move.A % 3 == 0 || classes.Count == 0;
        var series = waits ? new SeriesId(offers[move.B % offers.Length].Id, new Week(Math.Max(1, CurrentWeek - (move.C % 3))), Payout.Compound) : classes.Keys.ElementAt(move.A % classes.Count).Series;
        var (exitWeek, holder) = (move.B % (CurrentWeek + 3), People.Backers[move.C % People.Backers.Count]);
        Tell($"{ClaimOfSomebody}{holder} in {series}, exit {exitWeek}", People.Anybody, ClaimOf(series, exitWeek, holder));
        Counts.Act("claim anywhere");
    }

    private static ClaimFunction ClaimOf(SeriesId series, int exitWeek, Backer holder) =>
        new() { Series = VaultOnChain.Series(series), ExitWeek = (uint)exitWeek, Holder = holder.Address };

    /// <summary>A holder's units of a live series, what of them is free; sometimes units that wait, or that somebody else has, or none.</summary>
    private (SeriesId Series, Backer Backer, long Most) Held(Move move)
    {
        if (books.Series.IsEmpty || move.A % 17 == 0)
            return (new SeriesId(offers[move.A % offers.Length].Id, new Week(Math.Max(1, CurrentWeek - (move.B % 4))), Payout.Compound), People.Backers[move.B % Buyers], 1);
        var series = books.Series.Values.ElementAt(move.A % books.Series.Count);
        var holder = move.A % 19 == 0 ? People.Backers[move.B % Buyers] : series.Holders.ByBacker.ElementAt(move.B % series.Holders.ByBacker.Count).Key;
        return (series.Id, holder, series.FreeOf(holder).Count);
    }

    private static string? TooMany(Units units) => units.Count > Units.MostOfAnEvent ? "tooManyUnits" : null;

    /// <summary>Units live on the chain once the settlement at which they joined is accepted.</summary>
    private string? NotYetAccepted(SeriesId series) => series.EntryWeek.Number > lastAccepted && series.EntryWeek.Number < CurrentWeek ? "unknownSeries" : null;

    private string? PayIsStill(SeriesId series) => series.Payout == Payout.Pay && unaccepted.Count > 0 ? "pending" : null;
}

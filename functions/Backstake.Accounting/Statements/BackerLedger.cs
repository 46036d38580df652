using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Backstake.Accounting;

/// <summary>
/// A backer's statements, week by week, out of the same fold that books the vault: it only looks before and after. Of a history of any length it keeps the books and the running week's
/// lines of this one backer.
/// </summary>
public sealed class BackerLedger
{
    private readonly BooksState _state;
    private readonly Backer _backer;
    private readonly List<Movement> _movements = [];

    /// <summary>The running week's lines; closing isn't known yet.</summary>
    private SortedDictionary<SeriesId, StatementLine> _lines = [];

    /// <summary>c of a unit when the backer's result in its class was last taken: the settlement before, or a transfer since.</summary>
    private Dictionary<(SeriesId Series, Week? ExitWeek), Nmr> _taken = [];

    /// <param name="from">Books from which the statements begin: empty ones, or those after a settlement.</param>
    /// <param name="backer">Whose they are.</param>
    public BackerLedger(Books from, Backer backer)
    {
        ArgumentNullException.ThrowIfNull(from);
        (_state, _backer) = (from.State.Fork(), backer);
        foreach (var holding in Position.HoldingsOf(_state, backer))
            Change(holding.Series, line => line with { Opening = line.Opening + holding.Worth });
        foreach (var one in Classes()) _taken[one.Key] = one.Cumulative;
    }

    public Books Books => new(_state.Fork());

    /// <summary>The week's statement where the event is a settlement that isn't refused, else null. Refused events change nothing.</summary>
    /// <param name="vaultEvent">The next event of the vault.</param>
    /// <param name="origin">When and by which transaction, to be shown with what the backer did.</param>
    /// <exception cref="InvariantViolatedException">The books, or this statement, don't add up.</exception>
    public WeekStatement? Apply(VaultEvent vaultEvent, EventOrigin? origin = null)
    {
        var before = vaultEvent is Settle ? new BeforeSettlement(Classes().ToDictionary(one => one.Key), [.. Waiting()]) : null;
        var worth = vaultEvent is Transfer moving && _state.Series.Find(moving.Series, null) is >= 0 and var slot ? _state.Series.WorthAt(slot) : Nmr.Zero;
        if (vaultEvent is Transfer touching && (touching.Backer == _backer || touching.To == _backer)) TakeResult(touching.Series);
        if (_state.Apply(vaultEvent, out var settlement) is not null) return null;
        switch (vaultEvent)
        {
            case Deposit it when it.Backer == _backer:
                var price = it.Units * _state.Terms[it.Terms].UnitSize;
                Move(MovementKind.Deposit, Joining(it.Terms, it.Payout), it.Units, price, null, origin, line => line with { Bought = line.Bought + price });
                break;
            case CancelDeposit it when it.Backer == _backer:
                var back = it.Units * _state.Terms[it.Terms].UnitSize;
                Move(MovementKind.CancelDeposit, Joining(it.Terms, it.Payout), it.Units, back, null, origin, line => line with { TakenBack = line.TakenBack + back });
                break;
            case Exit it when it.Backer == _backer:
                Move(MovementKind.Exit, it.Series, it.Units, Nmr.Zero, null, origin, line => line);
                break;
            case CancelExit it when it.Backer == _backer:
                Move(MovementKind.CancelExit, it.Series, it.Units, Nmr.Zero, null, origin, line => line);
                break;
            case Transfer it when it.Backer != it.To && it.Backer == _backer:
                Move(MovementKind.TransferOut, it.Series, it.Units, it.Units * worth, it.To, origin, line => line with { HandedOn = line.HandedOn + (it.Units * worth) });
                break;
            case Transfer it when it.Backer != it.To && it.To == _backer:
                Move(MovementKind.TransferIn, it.Series, it.Units, it.Units * worth, it.Backer, origin, line => line with { Received = line.Received + (it.Units * worth) });
                break;
            case Settle:
                return Close(settlement!, before!);
        }

        return null;
    }

    private WeekStatement Close(Settlement settlement, BeforeSettlement before)
    {
        var payments = new List<ClassPayment>();
        if (settlement.DepositsGivenBack.Length > 0)
        {
            foreach (var (id, units) in before.Waiting)
                Pay(new SeriesId(id.Terms, settlement.Week, id.Payout), settlement.Week, units * _state.Terms[id.Terms].UnitSize);
        }

        var taken = new Dictionary<(SeriesId, Week?), Nmr>();
        foreach (var entry in settlement.Entry.Series)
        {
            var units = HeldAfter(settlement, entry);
            if (units.IsZero) continue;
            // A tranche of this week was its series until now; a series of this week wasn't there.
            var was = before.Classes.GetValueOrDefault((entry.Series, entry.ExitWeek)) ?? before.Classes.GetValueOrDefault((entry.Series, null));
            var (now, then) = (HeldClass.Of(entry, _state.Terms[entry.Series.Terms]), _taken.GetValueOrDefault((entry.Series, was?.ExitWeek)));
            Change(entry.Series, line => line with
            {
                Units = line.Units + units,
                Result = line.Result + (units * (now.Cumulative - then)),
                Cover = line.Cover + (units * (now.Cover - (was?.Cover ?? Nmr.Zero))),
                OwnerShare = line.OwnerShare + (units * (now.OwnerShare - (was?.OwnerShare ?? Nmr.Zero))),
                UpfrontFee = line.UpfrontFee + (units * (now.UpfrontFee - (was?.UpfrontFee ?? Nmr.Zero))),
                Closing = line.Closing + (units * now.Worth),
            });
            Pay(entry.Series, entry.ExitWeek, units * (now.Paid - (was?.Paid ?? Nmr.Zero)));
            taken[(entry.Series, entry.ExitWeek)] = now.Cumulative;
        }

        var statement = new WeekStatement(settlement.Week, _backer, [.. _lines.Values.Where(line => !line.IsNothing)], [.. payments], [.. _movements]);
        Invariants.Hold(statement.Lines.All(line => line.AddsUp), "a statement's lines add up", _state);
        Invariants.Hold(statement.Paid == PaidBy(settlement), "a statement's payments are the settlement's", _state);
        _taken = taken;
        _movements.Clear();
        _lines = new(statement.Lines.Where(line => !line.Closing.IsZero).ToDictionary(line => line.Series, line => new StatementLine { Series = line.Series, Opening = line.Closing }));
        return statement;

        void Pay(SeriesId series, Week? exitWeek, Nmr amount)
        {
            if (amount.IsZero) return;
            payments.Add(new(series, exitWeek, amount));
            Change(series, line => line with { Paid = line.Paid + amount });
        }
    }

    /// <summary>What the backer has of a class after a settlement, also of a tranche that is gone with it.</summary>
    private Units HeldAfter(Settlement settlement, ClassEntry entry) => entry.ExitWeek is { } exitWeek
        ? settlement.LineOf(new TrancheId(entry.Series, exitWeek)).Holders.Of(_backer)
        : _state.Series.ClassAt(_state.Series.Find(entry.Series, null)).Holders.Of(_backer);

    private Nmr PaidBy(Settlement settlement) => settlement.Payments.FirstOrDefault(payment => payment.To == _backer.Address).Amount;

    /// <summary>Before the backer has more or fewer units: what those of until now brought.</summary>
    private void TakeResult(SeriesId series)
    {
        if (_state.Series.Find(series, null) is not (>= 0 and var slot)) return;
        var now = HeldClass.Of(_state.Series, slot).Cumulative;
        var units = _state.Series.ClassAt(slot).Holders.Of(_backer);
        var brought = units * (now - _taken.GetValueOrDefault((series, null), now));
        if (!brought.IsZero) Change(series, line => line with { Result = line.Result + brought });
        _taken[(series, null)] = now;
    }

    private void Move(MovementKind kind, SeriesId series, Units units, Nmr amount, Backer? other, EventOrigin? origin, Func<StatementLine, StatementLine> change)
    {
        _movements.Add(new(kind, series, units, amount, other, origin));
        Change(series, change);
    }

    private void Change(SeriesId series, Func<StatementLine, StatementLine> change) =>
        _lines[series] = change(_lines.GetValueOrDefault(series) ?? new StatementLine { Series = series });

    private SeriesId Joining(TermsId terms, Payout payout) => new(terms, _state.LastWeek + 1, payout);

    private IEnumerable<KeyValuePair<WaitingId, Units>> Waiting() => _state.WaitingUnits.All.Where(one => one.Key.Backer == _backer);

    /// <summary>The classes of which the backer has units.</summary>
    private IEnumerable<HeldClass> Classes()
    {
        foreach (var table in new[] { _state.Series, _state.Tranches })
        {
            foreach (var slot in table.Order.ToArray())
            {
                if (!table.ClassAt(slot).Holders.Of(_backer).IsZero) yield return HeldClass.Of(table, slot);
            }
        }
    }

    private sealed record BeforeSettlement(Dictionary<(SeriesId Series, Week? ExitWeek), HeldClass> Classes, KeyValuePair<WaitingId, Units>[] Waiting);
}

using System.Text.Json;

namespace Backstake.Accounting;

internal enum EventKind
{
    Unknown,
    Close,
    Resolve,
    Deposit,
    CancelDeposit,
    Exit,
    CancelExit,
    Transfer,
    HouseDeposit,
    HouseWithdraw,
    ReserveDeposit,
    ReserveWithdraw,
    WindDown,
    Settle,
}

[Flags]
internal enum Field
{
    None = 0,
    Type = 1 << 0,
    Amount = 1 << 1,
    Backer = 1 << 2,
    EntryWeek = 1 << 3,
    Payout = 1 << 4,
    Round = 1 << 5,
    ShareBps = 1 << 6,
    Terms = 1 << 7,
    To = 1 << 8,
    Units = 1 << 9,
    Week = 1 << 10,
}

/// <summary>The raw values of one event's fields, each at most once.</summary>
internal ref struct EventFields
{
    private Field _given;

    public EventKind Kind { get; private set; }
    public ReadOnlySpan<byte> Amount { get; private set; }
    public ReadOnlySpan<byte> Backer { get; private set; }
    public ReadOnlySpan<byte> EntryWeek { get; private set; }
    public ReadOnlySpan<byte> Payout { get; private set; }
    public ReadOnlySpan<byte> Round { get; private set; }
    public ReadOnlySpan<byte> ShareBps { get; private set; }
    public ReadOnlySpan<byte> Terms { get; private set; }
    public ReadOnlySpan<byte> To { get; private set; }
    public ReadOnlySpan<byte> Units { get; private set; }
    public ReadOnlySpan<byte> Week { get; private set; }

    /// <summary>The type and exactly these.</summary>
    public readonly bool Has(params ReadOnlySpan<Field> fields) => _given == Together(fields);

    public readonly bool HasWithOrWithoutPayout(params ReadOnlySpan<Field> fields) => (_given | Field.Payout) == (Together(fields) | Field.Payout);

    /// <summary>A field that an event can have and this one hasn't had yet.</summary>
    public readonly Field? Named(ReadOnlySpan<byte> name)
    {
        var field = FieldOf(name);
        return field == Field.None || _given.HasFlag(field) ? null : field;
    }

    /// <summary>False: not of the kind of value that the field has.</summary>
    public bool TrySet(Field field, JsonTokenType kind, ReadOnlySpan<byte> value)
    {
        _given |= field;
        const Field Numbers = Field.EntryWeek | Field.Round | Field.ShareBps | Field.Units | Field.Week;
        if (Numbers.HasFlag(field) != (kind == JsonTokenType.Number)) return false;
        switch (field)
        {
            case Field.Type: Kind = KindOf(value); break;
            case Field.Amount: Amount = value; break;
            case Field.Backer: Backer = value; break;
            case Field.EntryWeek: EntryWeek = value; break;
            // An empty word is no word, and must not be taken for the default.
            case Field.Payout: Payout = value; return !value.IsEmpty;
            case Field.Round: Round = value; break;
            case Field.ShareBps: ShareBps = value; break;
            case Field.Terms: Terms = value; break;
            case Field.To: To = value; break;
            case Field.Units: Units = value; break;
            case Field.Week: Week = value; break;
        }

        return true;
    }

    private static Field Together(ReadOnlySpan<Field> fields)
    {
        var together = Field.Type;
        foreach (var field in fields) together |= field;
        return together;
    }

    private static Field FieldOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("to"u8) => Field.To,
        4 when name.SequenceEqual("type"u8) => Field.Type,
        4 when name.SequenceEqual("week"u8) => Field.Week,
        5 when name.SequenceEqual("round"u8) => Field.Round,
        5 when name.SequenceEqual("terms"u8) => Field.Terms,
        5 when name.SequenceEqual("units"u8) => Field.Units,
        6 when name.SequenceEqual("amount"u8) => Field.Amount,
        6 when name.SequenceEqual("backer"u8) => Field.Backer,
        6 when name.SequenceEqual("payout"u8) => Field.Payout,
        8 when name.SequenceEqual("shareBps"u8) => Field.ShareBps,
        9 when name.SequenceEqual("entryWeek"u8) => Field.EntryWeek,
        _ => Field.None,
    };

    private static EventKind KindOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 when word.SequenceEqual("exit"u8) => EventKind.Exit,
        5 when word.SequenceEqual("close"u8) => EventKind.Close,
        6 when word.SequenceEqual("settle"u8) => EventKind.Settle,
        7 when word.SequenceEqual("resolve"u8) => EventKind.Resolve,
        7 when word.SequenceEqual("deposit"u8) => EventKind.Deposit,
        8 when word.SequenceEqual("transfer"u8) => EventKind.Transfer,
        8 when word.SequenceEqual("windDown"u8) => EventKind.WindDown,
        10 when word.SequenceEqual("cancelExit"u8) => EventKind.CancelExit,
        12 when word.SequenceEqual("houseDeposit"u8) => EventKind.HouseDeposit,
        13 when word.SequenceEqual("houseWithdraw"u8) => EventKind.HouseWithdraw,
        13 when word.SequenceEqual("cancelDeposit"u8) => EventKind.CancelDeposit,
        14 when word.SequenceEqual("reserveDeposit"u8) => EventKind.ReserveDeposit,
        15 when word.SequenceEqual("reserveWithdraw"u8) => EventKind.ReserveWithdraw,
        _ => EventKind.Unknown,
    };
}

using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>One event as the replay file holds it (ACCOUNTING.md 6). Written with every field, without white space.</summary>
public static class EventJson
{
    /// <summary>Reads one event by itself; places begin at its fields.</summary>
    public static Parsed<VaultEvent> Read(ReadOnlyMemory<byte> utf8) => Parsed<VaultEvent>.Reading(() => Read(StrictJson.Document(utf8)));

    public static byte[] Write(VaultEvent vaultEvent) => JsonText.Of(json => Write(json, vaultEvent));

    internal static VaultEvent Read(StrictJson json)
    {
        if (!json.Members().TryGetValue("type", out var type)) throw json.Malformed("no type");
        return type.Text() switch
        {
            "close" => ReadClose(json.Object("type", "round", "shareBps?")),
            "resolve" => ReadResolve(json.Object("type", "round", "payout")),
            "deposit" => ReadDeposit(json.Object("type", "backer", "terms", "units", "payout?")),
            "cancelDeposit" => ReadCancelDeposit(json.Object("type", "backer", "terms", "units", "payout?")),
            "exit" => ReadExit(json.Object("type", "backer", "terms", "entryWeek", "payout?", "units")),
            "cancelExit" => ReadCancelExit(json.Object("type", "backer", "terms", "entryWeek", "payout?", "units")),
            "transfer" => ReadTransfer(json.Object("type", "backer", "to", "terms", "entryWeek", "payout?", "units")),
            "houseDeposit" => new HouseDeposit(Amount(json.Object("type", "amount"))),
            "houseWithdraw" => new HouseWithdraw(Amount(json.Object("type", "amount"))),
            "reserveDeposit" => new ReserveDeposit(Amount(json.Object("type", "amount"))),
            "reserveWithdraw" => new ReserveWithdraw(Amount(json.Object("type", "amount"))),
            "windDown" => ReadWindDown(json.Object("type")),
            "settle" => new Settle(WeekOf(json.Object("type", "week")["week"])),
            _ => throw type.Malformed("unknown event type"),
        };
    }

    internal static void Write(Utf8JsonWriter json, VaultEvent vaultEvent)
    {
        json.WriteStartObject();
        switch (vaultEvent)
        {
            case Close close:
                json.WriteString("type", "close");
                json.WriteNumber("round", close.Round.Number);
                json.WriteNumber("shareBps", close.ShareBps.Value);
                break;
            case Resolve resolve:
                json.WriteString("type", "resolve");
                json.WriteNumber("round", resolve.Round.Number);
                json.WriteString("payout", resolve.Payout.ToString());
                break;
            case Deposit deposit:
                WriteWaiting(json, "deposit", deposit.Backer, deposit.Terms, deposit.Units, deposit.Payout);
                break;
            case CancelDeposit cancel:
                WriteWaiting(json, "cancelDeposit", cancel.Backer, cancel.Terms, cancel.Units, cancel.Payout);
                break;
            case Exit exit:
                WriteOfSeries(json, "exit", exit.Backer, null, exit.Series, exit.Units);
                break;
            case CancelExit cancel:
                WriteOfSeries(json, "cancelExit", cancel.Backer, null, cancel.Series, cancel.Units);
                break;
            case Transfer transfer:
                WriteOfSeries(json, "transfer", transfer.Backer, transfer.To, transfer.Series, transfer.Units);
                break;
            case HouseDeposit deposit:
                WriteAmount(json, "houseDeposit", deposit.Amount);
                break;
            case HouseWithdraw withdraw:
                WriteAmount(json, "houseWithdraw", withdraw.Amount);
                break;
            case ReserveDeposit deposit:
                WriteAmount(json, "reserveDeposit", deposit.Amount);
                break;
            case ReserveWithdraw withdraw:
                WriteAmount(json, "reserveWithdraw", withdraw.Amount);
                break;
            case WindDown:
                json.WriteString("type", "windDown");
                break;
            case Settle settle:
                json.WriteString("type", "settle");
                json.WriteNumber("week", settle.Week.Number);
                break;
            default:
                throw new ArgumentException($"{vaultEvent.GetType().Name} has no form in the replay file.", nameof(vaultEvent));
        }

        json.WriteEndObject();
    }

    private static Close ReadClose(StrictJson.Fields fields) => new(RoundOf(fields["round"]), fields.Optional("shareBps")?.BasisPoints() ?? BasisPoints.Whole);

    private static Resolve ReadResolve(StrictJson.Fields fields) => new(RoundOf(fields["round"]), fields["payout"].Amount(-Nmr.GreatestSupply, Nmr.GreatestSupply));

    private static Deposit ReadDeposit(StrictJson.Fields fields) => new(BackerOf(fields["backer"]), TermsOf(fields["terms"]), UnitsOf(fields["units"]), PayoutOf(fields));

    private static CancelDeposit ReadCancelDeposit(StrictJson.Fields fields) => new(BackerOf(fields["backer"]), TermsOf(fields["terms"]), UnitsOf(fields["units"]), PayoutOf(fields));

    private static Exit ReadExit(StrictJson.Fields fields) => new(BackerOf(fields["backer"]), SeriesOf(fields), UnitsOf(fields["units"]));

    private static CancelExit ReadCancelExit(StrictJson.Fields fields) => new(BackerOf(fields["backer"]), SeriesOf(fields), UnitsOf(fields["units"]));

    private static Transfer ReadTransfer(StrictJson.Fields fields) => new(BackerOf(fields["backer"]), BackerOf(fields["to"]), SeriesOf(fields), UnitsOf(fields["units"]));

    private static WindDown ReadWindDown(StrictJson.Fields _) => new();

    private static Nmr Amount(StrictJson.Fields fields) => fields["amount"].Amount(Nmr.Zero, Nmr.GreatestSupply);

    internal static Backer BackerOf(StrictJson json) => Backer.IsAddress(json.Text()) ? new Backer(json.Text()) : throw json.Malformed("not 0x and 40 lower-case hex digits");

    internal static TermsId TermsOf(StrictJson json) => new(json.Text());

    internal static SeriesId SeriesOf(StrictJson.Fields fields) => new(TermsOf(fields["terms"]), WeekOf(fields["entryWeek"]), PayoutOf(fields));

    internal static Payout PayoutOf(StrictJson.Fields fields) => fields.Optional("payout") is { } payout ? Words.Payout.Read(payout) : Payout.Compound;

    internal static Units UnitsOf(StrictJson json) => new(json.Integer(0, Units.MostOfAnEvent));

    internal static Week WeekOf(StrictJson json) => new((int)json.Integer(0, int.MaxValue));

    internal static Round RoundOf(StrictJson json) => new((int)json.Integer(0, int.MaxValue));

    private static void WriteWaiting(Utf8JsonWriter json, string type, Backer backer, TermsId terms, Units units, Payout payout)
    {
        json.WriteString("type", type);
        json.WriteString("backer", backer.Address);
        json.WriteString("terms", terms.Text);
        json.WriteNumber("units", units.Count);
        json.WriteString("payout", Words.Payout[payout]);
    }

    private static void WriteOfSeries(Utf8JsonWriter json, string type, Backer backer, Backer? to, SeriesId series, Units units)
    {
        json.WriteString("type", type);
        json.WriteString("backer", backer.Address);
        if (to is { } receiver) json.WriteString("to", receiver.Address);
        json.WriteString("terms", series.Terms.Text);
        json.WriteNumber("entryWeek", series.EntryWeek.Number);
        json.WriteString("payout", Words.Payout[series.Payout]);
        json.WriteNumber("units", units.Count);
    }

    private static void WriteAmount(Utf8JsonWriter json, string type, Nmr amount)
    {
        json.WriteString("type", type);
        json.WriteString("amount", amount.ToString());
    }
}

using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Backstake.Accounting;

/// <summary>
/// Reads one event of a replay file straight from its bytes. It takes what is written in the usual way; for anything else it says so, and <see cref="StrictJson"/> judges: so a
/// file is refused, and its places are named, by one reader alone.
/// </summary>
internal sealed class EventReader(ImmutableSortedDictionary<TermsId, Terms> terms)
{
    private const int CachedBackers = 1 << 14;
    private const int CachedTerms = 1 << 8;

    /// <summary>Names seen before, by some of their bytes: most events name somebody known.</summary>
    private readonly Backer?[] _backers = new Backer?[CachedBackers];
    private readonly TermsId?[] _termsIds = new TermsId?[CachedTerms];

    /// <summary>The event whose object has just begun, or null: not of the usual form, then the reader stands anywhere. False: the bytes end within the event.</summary>
    public bool TryRead(ref Utf8JsonReader json, out VaultEvent? vaultEvent)
    {
        vaultEvent = null;
        var fields = new EventFields();
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.EndObject)
            {
                vaultEvent = EventOf(fields);
                return true;
            }

            if (json.ValueIsEscaped || fields.Named(json.ValueSpan) is not { } field) return true;
            if (!json.Read()) return false;
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || json.ValueIsEscaped || !fields.TrySet(field, json.TokenType, json.ValueSpan)) return true;
        }

        return false;
    }

    private VaultEvent? EventOf(in EventFields fields) => fields.Kind switch
    {
        EventKind.Close when fields.Has(Field.Round, Field.ShareBps) && Integer(fields.Round) is { } round && Integer(fields.ShareBps, BasisPoints.WholeValue) is { } share => new Close(new Round(round), new BasisPoints(share)),
        EventKind.Close when fields.Has(Field.Round) && Integer(fields.Round) is { } round => new Close(new Round(round)),
        EventKind.Resolve when fields.Has(Field.Round, Field.Payout) && Integer(fields.Round) is { } round && Amount(fields.Payout, -Nmr.GreatestSupply) is { } payout => new Resolve(new Round(round), payout),
        EventKind.Deposit or EventKind.CancelDeposit => OfWaiting(fields),
        EventKind.Exit or EventKind.CancelExit or EventKind.Transfer => OfSeries(fields),
        EventKind.HouseDeposit when OnlyAmount(fields) is { } amount => new HouseDeposit(amount),
        EventKind.HouseWithdraw when OnlyAmount(fields) is { } amount => new HouseWithdraw(amount),
        EventKind.ReserveDeposit when OnlyAmount(fields) is { } amount => new ReserveDeposit(amount),
        EventKind.ReserveWithdraw when OnlyAmount(fields) is { } amount => new ReserveWithdraw(amount),
        EventKind.WindDown when fields.Has() => new WindDown(),
        EventKind.Settle when fields.Has(Field.Week) && Integer(fields.Week) is { } week => new Settle(new Week(week)),
        _ => null,
    };

    private VaultEvent? OfWaiting(in EventFields fields)
    {
        if (!fields.HasWithOrWithoutPayout(Field.Backer, Field.Terms, Field.Units)) return null;
        if (BackerOf(fields.Backer) is not { } backer || TermsOf(fields.Terms) is not { } id || Units(fields.Units) is not { } units || Payout(fields) is not { } payout) return null;
        if (fields.Kind == EventKind.CancelDeposit) return new CancelDeposit(backer, id, units, payout);
        var isWithinSupply = !terms.TryGetValue(id, out var known) || units * known.UnitSize <= Nmr.GreatestSupply;
        return isWithinSupply ? new Deposit(backer, id, units, payout) : null;
    }

    private VaultEvent? OfSeries(in EventFields fields)
    {
        var isTransfer = fields.Kind == EventKind.Transfer;
        if (!fields.HasWithOrWithoutPayout(isTransfer ? [Field.Backer, Field.To, Field.Terms, Field.EntryWeek, Field.Units] : [Field.Backer, Field.Terms, Field.EntryWeek, Field.Units])) return null;
        if (BackerOf(fields.Backer) is not { } backer || TermsOf(fields.Terms) is not { } id || Integer(fields.EntryWeek) is not { } week) return null;
        if (Units(fields.Units) is not { } units || Payout(fields) is not { } payout) return null;
        var series = new SeriesId(id, new Week(week), payout);
        return fields.Kind switch
        {
            EventKind.Exit => new Exit(backer, series, units),
            EventKind.CancelExit => new CancelExit(backer, series, units),
            _ => BackerOf(fields.To) is { } to ? new Transfer(backer, to, series, units) : null,
        };
    }

    private static Nmr? OnlyAmount(in EventFields fields) => fields.Has(Field.Amount) ? Amount(fields.Amount, Nmr.Zero) : null;

    private static Nmr? Amount(ReadOnlySpan<byte> utf8, Nmr least) => Nmr.TryParse(utf8, out var amount) && amount >= least && amount <= Nmr.GreatestSupply ? amount : null;

    private static Units? Units(ReadOnlySpan<byte> utf8) => Integer(utf8, (int)Accounting.Units.MostOfAnEvent) is { } units ? new Units(units) : null;

    private static Payout? Payout(in EventFields fields) => fields.Payout.IsEmpty || fields.Payout.SequenceEqual("compound"u8) ? Accounting.Payout.Compound
        : fields.Payout.SequenceEqual("pay"u8) ? Accounting.Payout.Pay
        : null;

    /// <summary>Digits only: what else a number may look like is rare.</summary>
    private static int? Integer(ReadOnlySpan<byte> utf8, int most = int.MaxValue) =>
        utf8.Length < 11 && !utf8.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(utf8, out long integer, out _) && integer <= most ? (int)integer : null;

    private Backer? BackerOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length != 42) return null;
        ref var cached = ref _backers[(BitConverter.ToInt32(utf8[34..]) ^ (BitConverter.ToInt32(utf8[38..]) * 31)) & (CachedBackers - 1)];
        if (cached is { } known && Ascii.Equals(utf8, known.Address)) return known;
        var address = Encoding.Latin1.GetString(utf8);
        return Backer.IsAddress(address) ? cached = new Backer(address) : null;
    }

    private TermsId? TermsOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > 64 || !Ascii.IsValid(utf8)) return null;
        ref var cached = ref _termsIds[(utf8[^1] + (utf8[utf8.Length >> 1] * 31)) & (CachedTerms - 1)];
        if (cached is { } known && Ascii.Equals(utf8, known.Text)) return known;
        return cached = new TermsId(Encoding.ASCII.GetString(utf8));
    }
}

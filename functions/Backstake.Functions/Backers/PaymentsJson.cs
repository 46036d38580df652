using System.Globalization;
using System.Text.Json;
using Backstake.Accounting;
using Backstake.Functions.Http;
using Backstake.Functions.Vaults;

namespace Backstake.Functions.Backers;

/// <summary>Payments as JSON. To the wei: booked = accepted + waiting for acceptance, and accepted = claimed + claimable (CONTRACT.md, "Decided" 12).</summary>
static class PaymentsJson
{
    public static void Write(Utf8JsonWriter json, VaultState state, Backer backer, IReadOnlyList<(Week Week, Nmr Amount)> paid, IReadOnlyList<Receipt> receipts)
    {
        var calendar = new RunningVault(state, state.Books).Calendar.Written;
        var booked = Sum(paid, one => one.Amount);
        var accepted = Sum(paid.Where(one => one.Week.Number <= state.Record.LastAcceptedWeek), one => one.Amount);
        var claimed = Sum(receipts, receipt => receipt.Amount);
        json.WriteString("vault", state.Id);
        json.WriteString("backer", backer.Address);
        AsOf.Of(state).Write(json);
        json.WriteString("booked", booked.ToString());
        json.WriteString("accepted", accepted.ToString());
        json.WriteString("claimed", claimed.ToString());
        json.WriteString("claimable", (accepted - claimed).ToString());
        json.WriteStartArray("payments");
        foreach (var (week, amount) in paid)
        {
            json.WriteStartObject();
            json.WriteNumber("week", week.Number);
            json.WriteString("cut", calendar.Cut(week));
            json.WriteString("acceptedFrom", calendar.AcceptedFrom(week));
            json.WriteBoolean("accepted", week.Number <= state.Record.LastAcceptedWeek);
            json.WriteString("amount", amount.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("claims");
        foreach (var receipt in receipts)
        {
            json.WriteStartObject();
            json.WriteString("at", UtcText.Of(receipt.At));
            json.WriteString("transaction", receipt.Transaction);
            json.WriteString("terms", receipt.Series.Terms.Text);
            json.WriteNumber("entryWeek", receipt.Series.EntryWeek.Number);
            if (receipt.ExitWeek is { } exitWeek)
                json.WriteNumber("exitWeek", exitWeek.Number);
            else
                json.WriteNull("exitWeek");
            json.WriteString("amount", receipt.Amount.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static Nmr Sum<T>(IEnumerable<T> all, Func<T, Nmr> of) => all.Aggregate(Nmr.Zero, (sum, one) => sum + of(one));
}

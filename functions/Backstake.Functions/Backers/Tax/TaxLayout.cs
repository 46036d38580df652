using System.Globalization;
using Backstake.Accounting;

namespace Backstake.Functions.Backers.Tax;

/// <summary>
/// The columns that programs read: ours; Koinly's universal template (support.koinly.io, "How to create a custom CSV file"); CoinTracker's (support.cointracker.io, "Convert your transaction
/// history"), which takes no other columns. Assumption: the words for what a row is are those that they document; "lost" for a burn is the nearest they have.
/// </summary>
public sealed record TaxLayout(string Name, IReadOnlyList<string> Head, Func<TaxRow, IReadOnlyList<object?>?> Row)
{
    const string Nmr = "NMR";

    public static readonly TaxLayout Neutral = new("neutral",
        ["date", "kind", "sent", "received", "unitsWorth", "vault", "model", "terms", "entryWeek", "payout", "week", "transaction"],
        row => [
            Time(row, "yyyy-MM-dd'T'HH:mm:ss'Z'"), char.ToLowerInvariant($"{row.Kind}"[0]) + $"{row.Kind}"[1..], row.IsSent ? row.Amount : null, row.IsReceived ? row.Amount : null,
            row.IsSent || row.IsReceived ? null : row.Amount, row.Vault, row.Model, row.Series.Terms.Text, row.Series.EntryWeek.Number, row.Series.Payout == Payout.Pay ? "pay" : "compound",
            row.Week?.Number, row.Transaction,
        ]);

    public static readonly TaxLayout Koinly = new("koinly",
        ["Date", "Sent Amount", "Sent Currency", "Received Amount", "Received Currency", "Fee Amount", "Fee Currency", "Net Worth Amount", "Net Worth Currency", "Label", "Description", "TxHash"],
        row => Label(row, "to pool", "from pool", "reward", "lost") is not { } label ? null :
        [
            Time(row, "yyyy-MM-dd HH:mm 'UTC'"), row.IsSent ? row.Amount : null, row.IsSent ? Nmr : null, row.IsReceived ? row.Amount : null, row.IsReceived ? Nmr : null, null, null, null, null,
            label, $"Backstake vault {row.Vault} of {row.Model}, units of week {row.Series.EntryWeek}", row.Transaction,
        ]);

    public static readonly TaxLayout CoinTracker = new("cointracker",
        ["Date", "Received Quantity", "Received Currency", "Sent Quantity", "Sent Currency", "Fee Amount", "Fee Currency", "Tag"],
        row => Label(row, "stake", "unstake", "staking", "lost") is not { } tag ? null :
        [
            Time(row, "MM'/'dd'/'yyyy HH:mm:ss"), row.IsReceived ? row.Amount : null, row.IsReceived ? Nmr : null, row.IsSent ? row.Amount : null, row.IsSent ? Nmr : null, null, null, tag,
        ]);

    public static readonly IReadOnlyList<TaxLayout> All = [Neutral, Koinly, CoinTracker];

    public byte[] Write(IEnumerable<TaxRow> rows) => CsvTable.Of(Head, rows.Select(Row).OfType<IReadOnlyList<object?>>());

    static string Time(TaxRow row, string format) => row.At.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Null: no NMR moved, and these programs know nothing of units.</summary>
    static string? Label(TaxRow row, string deposit, string returned, string reward, string loss) => row.Kind switch
    {
        TaxKind.Deposit => deposit,
        TaxKind.Returned => returned,
        TaxKind.Reward or TaxKind.Income => reward,
        TaxKind.Loss => loss,
        _ => null,
    };
}

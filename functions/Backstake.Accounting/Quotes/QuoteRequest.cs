namespace Backstake.Accounting;

/// <summary>
/// A quote as it is asked for in JSON: <c>{ "vault", "terms", "units", "payout?", "exit?": { "backer", "entryWeek" }, "replay?" }</c>. With <c>exit</c> it is one of units held, else of units to
/// be bought.
/// </summary>
/// <param name="Replay">Also what the model's past rounds would have given.</param>
public sealed record QuoteRequest(string Vault, QuoteAsk Ask, bool Replay)
{
    /// <summary>Unknown, missing and duplicate fields, wrong types and numbers out of their bounds are refused by their place.</summary>
    public static Parsed<QuoteRequest> Read(ReadOnlyMemory<byte> utf8) => Parsed<QuoteRequest>.Reading(() => Read(StrictJson.Document(utf8)));

    private static QuoteRequest Read(StrictJson json)
    {
        var fields = json.Object("vault", "terms", "units", "payout?", "exit?", "replay?");
        var vault = fields["vault"];
        if (!VaultSettings.IsWellFormedId(vault.Text())) throw vault.Malformed("not 1 to 64 letters, digits, dots, underscores and hyphens");
        var (terms, units, payout) = (new TermsId(fields["terms"].Text()), EventJson.UnitsOf(fields["units"]), EventJson.PayoutOf(fields));
        QuoteAsk ask = fields.Optional("exit")?.Object("backer", "entryWeek") is { } exit
            ? new ExitAsk(EventJson.BackerOf(exit["backer"]), new SeriesId(terms, EventJson.WeekOf(exit["entryWeek"]), payout), units)
            : new DepositAsk(terms, units, payout);
        var replay = fields.Optional("replay");
        if (replay?.Truth() == true && ask is ExitAsk) throw replay.Value.Malformed("only units to be bought are replayed");
        return new(vault.Text(), ask, replay?.Truth() ?? false);
    }
}

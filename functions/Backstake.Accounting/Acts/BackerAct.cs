namespace Backstake.Accounting;

/// <summary>
/// What a backer wants to do, as it is asked for in JSON: <c>{ "act": "deposit" | "cancelDeposit", "terms", "units", "payout?" }</c>,
/// <c>{ "act": "exit" | "cancelExit", "terms", "entryWeek", "units", "payout?" }</c>, <c>{ "act": "transfer", … , "to" }</c> or <c>{ "act": "claim" }</c>.
/// </summary>
/// <param name="Event">What the books would book of it; null: a claim, which the books have booked already.</param>
public sealed record BackerAct(VaultEvent? Event)
{
    public static readonly BackerAct Claim = new((VaultEvent?)null);

    /// <summary>Unknown, missing and duplicate fields, wrong types and numbers out of their bounds are refused by their place.</summary>
    /// <param name="utf8">The request's body.</param>
    /// <param name="backer">Who asks.</param>
    public static Parsed<BackerAct> Read(ReadOnlyMemory<byte> utf8, Backer backer) => Parsed<BackerAct>.Reading(() => Read(StrictJson.Document(utf8), backer));

    private static BackerAct Read(StrictJson json, Backer backer)
    {
        if (!json.Members().TryGetValue("act", out var act)) throw json.Malformed("act is missing");
        if (act.Text() == "claim")
        {
            json.Object("act");
            return Claim;
        }

        if (act.Text() is "deposit" or "cancelDeposit")
        {
            var bought = json.Object("act", "terms", "units", "payout?");
            var (terms, waiting, payout) = (EventJson.TermsOf(bought["terms"]), EventJson.UnitsOf(bought["units"]), EventJson.PayoutOf(bought));
            return new(act.Text() == "deposit" ? new Deposit(backer, terms, waiting, payout) : new CancelDeposit(backer, terms, waiting, payout));
        }

        var isTransfer = act.Text() == "transfer";
        if (!isTransfer && act.Text() is not ("exit" or "cancelExit")) throw act.Malformed("not one of deposit, cancelDeposit, exit, cancelExit, transfer, claim");
        var fields = isTransfer ? json.Object("act", "terms", "entryWeek", "units", "payout?", "to") : json.Object("act", "terms", "entryWeek", "units", "payout?");
        var (series, units) = (EventJson.SeriesOf(fields), EventJson.UnitsOf(fields["units"]));
        return new(isTransfer ? new Transfer(backer, EventJson.BackerOf(fields["to"]), series, units)
            : act.Text() == "exit" ? new Exit(backer, series, units)
            : new CancelExit(backer, series, units));
    }
}

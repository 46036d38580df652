using Backstake.Accounting;
using Backstake.Functions.Storage;

namespace Backstake.Functions.Vaults;

/// <summary>All that the log says of one settled week: what was stored, what the chain was told and when. Amounts in NMR, times in UTC.</summary>
/// <param name="Cut">When the week ended.</param>
/// <param name="BooksDigest">SHA-256 of the stored books; <paramref name="BooksRoot"/> is what the chain holds of them.</param>
/// <param name="Stake">Staked after the settlement; with <paramref name="Cash"/> the vault's whole value.</param>
/// <param name="Result">What the rounds brought that came home in the week.</param>
/// <param name="Rounds">How many those were.</param>
public sealed record WeekStory(
    int Week, DateTimeOffset Cut, DateTimeOffset SettledAt, string BooksDigest, string BooksRoot, string ProposalDigest, string EntryDigest,
    Nmr Stake, Nmr Cash, Nmr Result, int Rounds, Nmr OwnerShare)
{
    public DateTimeOffset? ProposedAt { get; init; }
    public DateTimeOffset? AcceptableAt { get; init; }
    public string? ProposedIn { get; init; }
    public int Vetoes { get; init; }
    public DateTimeOffset? AcceptedAt { get; init; }
    public string? AcceptedIn { get; init; }

    public WeekStory With(LogEntry entry) => entry.Event switch
    {
        SettlementProposed proposed => this with { ProposedAt = entry.At, AcceptableAt = proposed.AcceptableAt, ProposedIn = entry.Source?.Transaction },
        SettlementVetoed => this with { Vetoes = Vetoes + 1, ProposedAt = null, AcceptableAt = null, ProposedIn = null },
        SettlementAccepted => this with { AcceptedAt = entry.At, AcceptedIn = entry.Source?.Transaction },
        _ => this,
    };

    /// <summary>Which week an entry tells of; null: none.</summary>
    public static int? Of(LogEvent happened) => happened switch
    {
        SettlementProposed it => it.Week,
        SettlementVetoed it => it.Week,
        SettlementAccepted it => it.Week,
        _ => null,
    };
}

/// <summary>Terms as they were offered, and when they were taken back.</summary>
public sealed record OfferedTerms(string Id, Terms Terms, DateTimeOffset OfferedAt, string? OfferedIn, DateTimeOffset? WithdrawnAt);

using System.Text.Json.Nodes;

namespace Backstake.Cli.Verify;

/// <summary>All promises, in the order in which they build on each other.</summary>
internal static class Verification
{
    private const string SameTerms = "The chain's units have terms of the history";

    public static IReadOnlyList<Check> Of(FoldedHistory history, JsonNode published, ChainEvidence chain)
    {
        IReadOnlyList<LoggedEvent> logged;
        try
        {
            logged = ChainMoney.Of(chain, history.File);
        }
        catch (UnknownSeriesException e)
        {
            return [BooksAreThePublished.Of(history, published), TermsAreTheOffered.Of(history, chain), Check.Fail(SameTerms, e.Message)];
        }

        return
        [
            BooksAreThePublished.Of(history, published),
            TermsAreTheOffered.Of(history, chain),
            HistoryIsTheChains.Of(history, logged, chain),
            SettlementsStandAtTheirCuts.Of(history, logged, chain),
            StakesAreTheBooks.Of(history, chain),
            AcceptedBooksAreTheHistorys.Of(history, chain),
            SettlementsAreTheBooks.Of(history, chain),
            ClassesArePaidAsTheBooksSay.Of(history, chain),
            .. MoneyIsThere.Of(history, chain),
            NmrReceived.Of(history, chain),
            BackersGotWhatTheBooksPaid.Of(history, chain),
            OwnerGotWhatTheBooksReleased.Of(history, chain),
        ];
    }
}

using System.CommandLine;
using System.CommandLine.Completions;
using Backstake.Accounting;

namespace Backstake.Cli;

/// <summary>The payout choice of units.</summary>
internal static class PayoutOption
{
    public static Option<Payout> Create()
    {
        var payout = new Option<Payout>("--payout") { Description = "What profit does: compound (the default) or pay.", HelpName = "CHOICE" };
        payout.CompletionSources.Clear();
        payout.CompletionSources.Add("compound", "pay"); // as they are written everywhere else
        return payout;
    }
}

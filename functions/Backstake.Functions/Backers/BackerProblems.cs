using Backstake.Accounting;
using Backstake.Chain.Prepared;
using Backstake.Functions.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Backers;

/// <summary>Why a backer isn't told or given something.</summary>
static class BackerProblems
{
    public static readonly ProblemKind NoStatementKind = new("noStatement", 404, "There is no statement of this week.");
    public static readonly ProblemKind ChainRefusesKind = new("chainRefuses", 409, "The contract would refuse this now.");
    public static readonly ProblemKind NothingToClaimKind = new("nothingToClaim", 409, "Nothing can be claimed now.");
    public static readonly ProblemKind ReceiverKind = new("badReceiver", 409, "Units can't go there.");
    public static readonly ProblemKind TooLittleNmrKind = new("tooLittleNmr", 409, "The wallet has too little NMR.");
    public static readonly ProblemKind NothingChangesKind = new("nothingChanges", 409, "It is so already.");
    public static readonly ProblemKind BadVaultKind = new("badVault", 409, "The factory would refuse this vault.");
    public static readonly ProblemKind UnknownStakersKind = new("unknownStakers", 409, "These stakers aren't on the factory's list.");
    public static readonly ProblemKind NotNmrKind = new("notNmr", 409, "This isn't the NMR that the vault could stake.");
    public static readonly ProblemKind UnknownTransactionKind = new("unknownTransaction", 404, "The node doesn't know this transaction.");
    public static readonly ProblemKind NoVaultsTransactionKind = new("noVaultsTransaction", 409, "The transaction did nothing to a vault.");

    public static ObjectResult NoStatement(int week) => NoStatementKind.Of($"You had nothing in this vault in week {week}, and did nothing.");

    public static ObjectResult Refused(ActRefusal refused)
    {
        var numbers = ("numbers", (object)refused.Numbers.ToDictionary(number => number.Name, object (number) => number.Amount?.ToString() ?? (object)number.Count!.Value, StringComparer.Ordinal));
        return KindOf(refused.Code).Of(refused.Explanation, refused.Param, refused.Reason is { } reason ? [numbers, ("reason", reason)] : [numbers]);
    }

    public static ObjectResult NothingToClaim() => NothingToClaimKind.Of("What the last settlement paid can be claimed once it is accepted, 40 hours after its cut at the earliest.");

    public static ObjectResult UnknownTransaction() => UnknownTransactionKind.Of("It isn't in a block yet, or is another chain's. Nothing is lost: the chain is watched anyway.");

    public static ObjectResult NoVaultsTransaction() => NoVaultsTransactionKind.Of("It reverted, or called no vault that is known here.");

    static ProblemKind KindOf(string code) => code switch
    {
        ActRefusal.BadReceiver => ReceiverKind,
        ActRefusal.TooLittleNmr => TooLittleNmrKind,
        ActRefusal.ChainRefuses => ChainRefusesKind,
        ActRefusal.NothingChanges => NothingChangesKind,
        ActRefusal.BadVault => BadVaultKind,
        ActRefusal.UnknownStakers => UnknownStakersKind,
        ActRefusal.NotNmr => NotNmrKind,
        _ => new(code, 409, Refusal.All.Single(refusal => refusal.Code == code).Sentence),
    };
}

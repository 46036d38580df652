using Backstake.Functions.Http;
using Microsoft.AspNetCore.Mvc;

namespace Backstake.Functions.Owners;

/// <summary>What isn't done for a vault whose model isn't known to be its owner's.</summary>
static class OwnershipProblems
{
    public static readonly ProblemKind NotProvenKind = new("ownershipNotProven", 409, "The model isn't proven to be the vault owner's.");
    public static readonly ProblemKind LostKind = new("ownershipLost", 409, "The model isn't the vault owner's any more.");
    public static readonly ProblemKind OtherOwnerKind = new("otherOwner", 409, "The vault's owner is another.");
    public static readonly ProblemKind ModelTakenKind = new("modelTaken", 409, "Another vault has this model.");

    public static ObjectResult NotProven() => NotProvenKind.Of(
        "Before terms are offered here: bring a Numerai key of the account in which the model lies (PUT /api/vaults/{id}/numerai-key, signed in as the owner), or, if it lies in the operator's account, have the operator attest that you handed it over.");

    public static ObjectResult Lost(DateTimeOffset since) => LostKind.Of(WhyLost(since));

    public static string WhyLost(DateTimeOffset since) =>
        $"Since {since.UtcDateTime:u} Numerai lists it no more where the owner had it: whoever predicts now may be somebody else, so no deposit is quoted or prepared here. Exits and claims go on. The contract itself knows nothing of this.";

    public static ObjectResult OtherOwner(string owner) => OtherOwnerKind.Of($"It is {owner}: make sure who handed the model over.", "handedOverBy");

    public static ObjectResult ModelTaken(string other) => ModelTakenKind.Of($"Vault {other} has it and goes on: find out whose the model is, and halt or wind down the one that isn't its owner's first.");
}

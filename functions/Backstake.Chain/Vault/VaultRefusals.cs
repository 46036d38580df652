using System.Text.Json;
using Nethereum.Contracts;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Util;

namespace Backstake.Chain.Vault;

/// <summary>
/// Why a vault refuses, by name. The contract's errors have no parameters; those that the books have too have the books' names, capitalised
/// (CONTRACT.md "Decided" 7).
/// </summary>
public static class VaultRefusals
{
    /// <summary>Every custom error of the vault, its staker and its factory.</summary>
    public static readonly IReadOnlyList<string> Errors =
    [
        "UnknownTerms", "UnitsNotPositive", "WindingDown", "HouseTooSmall", "ReserveInsufficient", "UnknownSeries", "NotEnoughUnits", "LockedUp",
        "HouseEncumbered", "ReserveLocked", "AmountNotPositive", "RoundNotOpen", "RoundOutOfOrder",
        "NotAllowed", "Stopped", "Pending", "NothingPending", "TooEarly", "WrongWeek", "TooManyUnits", "BadReceiver", "NmrRefused", "AlreadyOffered", "BadVault",
        "BadCut", "UnknownStakers", "FailedDeployment", "EscapeOpen", "EscapeNotOpen",
        "LinesDiffer", "LineOrder", "UnitsDiffer", "ClassClosed", "PaidFell", "CoverBeyondTerms", "BeyondCash", "BeyondGains",
        "NoCommitment", "AlreadyStaked", "BooksMoved", "BeyondInstruction", "BadShare", "RingFull", "BadProof",
    ];

    private static readonly Dictionary<string, string> BySelector = Errors.ToDictionary(Selector, JsonNamingPolicy.CamelCase.ConvertName, StringComparer.OrdinalIgnoreCase);

    /// <summary>The refusal's name as the books write it (<c>unknownTerms</c>), or null: another revert, for instance of Numerai's staking contract.</summary>
    public static string? NameOf(SmartContractCustomErrorRevertException revert) => NameOf(revert.ExceptionEncodedData);

    /// <summary>The same of a revert's data, in hex.</summary>
    public static string? NameOf(string revertData) =>
        revertData.RemoveHexPrefix() is { Length: >= 8 } digits && BySelector.TryGetValue(digits[..8], out var name) ? name : null;

    /// <summary>The error's first four bytes, 8 hex digits.</summary>
    public static string Selector(string error) => Sha3Keccack.Current.CalculateHash(error + "()")[..8];
}

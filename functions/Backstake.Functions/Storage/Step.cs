using System.Globalization;

namespace Backstake.Functions.Storage;

/// <summary>The steps whose failed attempts the log counts.</summary>
public static class Step
{
    public const string Submission = "submission";
    public const string Collect = "collect";
    public const string Settlement = "settlement";

    /// <summary>How long a failed step waits before it is tried again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    const int DetailMost = 1000; // what the world outside says may be a whole page

    /// <summary>What is kept of a text from outside.</summary>
    public static string Detail(string text) => text.Length <= DetailMost ? text : text[..(char.IsHighSurrogate(text[DetailMost - 1]) ? DetailMost - 1 : DetailMost)] + "…";

    public static string Key(string step, int subject) => string.Create(CultureInfo.InvariantCulture, $"{step}|{subject}");
}

/// <summary>Why something failed or was missed: stable names, shown to people and counted in the vault's reliability.</summary>
public static class Cause
{
    /// <summary>The delegate had stored no file for the round.</summary>
    public const string NoPredictions = "noPredictions";

    /// <summary>The delegate's node was called, and no file of its was stored.</summary>
    public const string NodeFailed = "nodeFailed";

    /// <summary>The round was not seen before its deadline: Numerai couldn't be asked, or this app didn't run.</summary>
    public const string RoundNotSeen = "roundNotSeen";

    /// <summary>The delegate's file breaks Numerai's rules.</summary>
    public const string InvalidPredictions = "invalidPredictions";

    /// <summary>Numerai holds another file than the one we uploaded.</summary>
    public const string Stale = "stale";

    /// <summary>The commitment was not in a final block before the deadline.</summary>
    public const string NotCommitted = "notCommitted";

    /// <summary>The stake was not in a block before the deadline.</summary>
    public const string NotStaked = "notStaked";

    /// <summary>The round closed between a cut and the acceptance of its settlement: nothing is staked then.</summary>
    public const string SettlementPending = "settlementPending";

    /// <summary>A unit of gas cost more than the most that is paid.</summary>
    public const string GasAboveCap = "gasAboveCap";

    /// <summary>The key that signs has halted: somebody else used it, or its rows are damaged.</summary>
    public const string SignerHalted = "signerHalted";

    /// <summary>The key that signs lies in a key vault that couldn't be used.</summary>
    public const string SignerUnavailable = "signerUnavailable";

    /// <summary>The vault has a history on chain, and this deployment has none of it.</summary>
    public const string HistoryMissing = "historyMissing";

    /// <summary>Another vault of the same model was there first.</summary>
    public const string ModelTaken = "modelTaken";

    /// <summary>The history was imported, and it doesn't say why nothing was staked.</summary>
    public const string NotRecorded = "notRecorded";

    /// <summary>A result came home between the decision and the stake.</summary>
    public const string BooksMoved = "booksMoved";
}

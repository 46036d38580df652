using Backstake.Functions.Storage;

namespace Backstake.Functions.Ethereum;

/// <summary>Many workers chose a nonce of this signer at once; the message is to be tried again later.</summary>
public sealed class SignerBusyException(string signer) : Exception($"The signer {signer} is busy; the step is tried again.");

/// <summary>Nothing is signed with this key until an operator resumes it: somebody else used it, or its rows are damaged.</summary>
public sealed class SignerHaltedException(string signer, string why) : OutsideException(Storage.Cause.SignerHalted, $"The signer {signer} has halted: {why}.");

/// <summary>The key lies in a key vault that can't be asked, refuses, or answers with what can't be used: nothing was signed. The message says what ends it.</summary>
public sealed class SignerUnavailableException(string message, Exception? inner = null) : OutsideException(Storage.Cause.SignerUnavailable, message, inner);

/// <summary>A row of the signer's partition is missing. What it said is not guessed.</summary>
public sealed class OutboxDamagedException(string signer, string what) : OutsideException(Storage.Cause.SignerHalted, $"The signer {signer} can't be used: {what}.")
{
    public string What { get; } = what;
}

/// <summary>A payment waits until what has a deadline is mined.</summary>
public sealed class SignerWaitsException(string signer, string purpose) : OutsideException("signerWaits", $"The signer {signer} sends no payment before {purpose} is mined.");

/// <summary>A unit of gas costs more than the most that is paid.</summary>
public sealed class GasAboveCapException(string message) : OutsideException(Storage.Cause.GasAboveCap, message);

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>The host can't start as it is set up; the message is one line that says what to do.</summary>
sealed class HostRefusalException(string message, Exception? inner = null) : Exception(message, inner);

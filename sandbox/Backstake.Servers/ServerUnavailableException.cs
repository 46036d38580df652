namespace Backstake.Servers;

/// <summary>A server cannot be started here. The message is one line and says what to do about it.</summary>
public sealed class ServerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

namespace Backstake.Functions.Storage;

/// <summary>The world outside could not be asked, or refused: the step failed, and why has a stable name that the log keeps.</summary>
public abstract class OutsideException(string cause, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Cause { get; } = cause;
}

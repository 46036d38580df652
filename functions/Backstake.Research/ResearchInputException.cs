namespace Backstake.Research;

/// <summary>What was asked can't be answered from what was given; the message is one sentence that says what to change.</summary>
public sealed class ResearchInputException(string message) : Exception(message);

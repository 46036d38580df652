namespace Backstake.Functions.Http;

/// <summary>What a route needs otherwise than the rest.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EndpointAttribute : Attribute
{
    public const int BodyMostDefault = 1024 * 1024;

    /// <summary>The greatest body, in bytes. Bodies are held in memory: nothing beyond some megabytes.</summary>
    public int BodyMost { get; init; } = BodyMostDefault;

    /// <summary>What a call counts towards its caller's limit; 0: it isn't limited.</summary>
    public int Cost { get; init; } = 1;

    /// <summary>The answer holds something that is told once (a key, a session): it is never stored, so a replay doesn't repeat it.</summary>
    public bool AnswerIsSecret { get; init; }
}

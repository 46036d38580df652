namespace Backstake.Functions.Hosting.Ready;

/// <summary>Whether something outside that the app depends on is as it must be.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Problem">What is wrong, and what to do; null: it is well.</param>
public sealed record ReadyCheck(string Name, string? Problem)
{
    public bool Ok => Problem is null;
}

namespace Backstake.Sandbox.Rounds;

/// <summary>One round, all times UTC. Staking closes long before <see cref="Close"/>: what comes in between is late (NUMERAI.md, Rounds).</summary>
/// <param name="Number">The round's number; the same in all tournaments of the sandbox.</param>
/// <param name="Open">12:00 on Tuesday to Saturday.</param>
/// <param name="CloseStaking">The deadline: 13:00 of the same day; of a weekend round, Sunday 14:00.</param>
/// <param name="Close">Late submissions are refused from here on.</param>
/// <param name="Score">The first of 20 scores.</param>
/// <param name="Resolve">The 20th score: the round resolves.</param>
public sealed record Round(int Number, DateTimeOffset Open, DateTimeOffset CloseStaking, DateTimeOffset Close, DateTimeOffset Score, DateTimeOffset Resolve)
{
    public bool IsOpenForStaking(DateTimeOffset now) => Open <= now && now < CloseStaking;

    public bool TakesSubmissions(DateTimeOffset now) => Open <= now && now < Close;
}

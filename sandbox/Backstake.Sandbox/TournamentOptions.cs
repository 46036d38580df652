using Backstake.Sandbox.Api;
using Backstake.Sandbox.Chain;
using Backstake.Sandbox.Rounds;
using Backstake.Sandbox.Scores;
using Backstake.Sandbox.Time;

namespace Backstake.Sandbox;

/// <summary>What a <see cref="Tournament"/> is made of.</summary>
public sealed record TournamentOptions
{
    public required VirtualClock Clock { get; init; }

    public required RoundCalendar Calendar { get; init; }

    public required SandboxScores Scores { get; init; }

    /// <summary>Null: there is no chain; whatever needs one answers with an error.</summary>
    public IStakingChain? Chain { get; init; }

    public IReadOnlyList<SandboxAccount> Accounts { get; init; } = [SandboxAccount.Default];

    /// <summary>Live ids a Classic round; Numerai has about 6,000.</summary>
    public int LiveIds { get; init; } = 1000;

    /// <summary>Same seed, same live ids and submission ids.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>On loopback; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>Claims left for so long are sent to their staker by Numerai (NUMERAI.md, Staking); null: never.</summary>
    public TimeSpan? ReturnUnclaimedAfter { get; init; } = TimeSpan.FromDays(7);
}

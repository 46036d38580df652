namespace Backstake.Research;

/// <summary>A figure with its 90 % interval and the rounds it rests on.</summary>
public sealed record Figure(double Value, double Lower, double Upper, int Rounds);

/// <summary>A time to recover, in rounds, with where it lies in nine of ten other histories of this length.</summary>
/// <param name="Value">Null: not yet.</param>
/// <param name="Upper">Null: more than one history in twenty hadn't recovered when it ended.</param>
/// <param name="Lower">Null: nor had nineteen of twenty.</param>
/// <param name="Rounds">It rests on.</param>
public sealed record Recovery(int? Value, int? Lower, int? Upper, int Rounds);

/// <summary>
/// What a model (or a unit of its vault) did. Returns are per round, on the stake of that round; sums don't compound, since each round has its own stake. Figures are null where too few
/// rounds are resolved to say anything: below <see cref="MeanError.LeastRounds"/>, or what the figure itself needs.
/// </summary>
public sealed record TrackRecord
{
    /// <summary>Five a week.</summary>
    public const int RoundsAYear = 260;

    public const int Month = 20;

    public required string Model { get; init; }

    /// <summary>Resolved rounds with a result.</summary>
    public required int Submitted { get; init; }

    /// <summary>Resolved rounds since its first without one.</summary>
    public required int Missed { get; init; }

    public required int? FirstRound { get; init; }

    /// <summary>Calibrated: docs/research.md, "Intervals".</summary>
    public required Figure? Mean { get; init; }

    /// <summary>Calibrated for normal returns: <see cref="RiskError"/>.</summary>
    public required Figure? Volatility { get; init; }

    /// <summary>Mean of the worst 5 % of rounds; negative is a loss. The interval, calibrated for normal returns, is where it lies in the long run: overlapping rounds show too little of it.</summary>
    public required Figure? Cvar { get; init; }

    /// <summary>Deepest fall of the running sum, in stakes; the interval is what other histories of this length would show.</summary>
    public required Figure? DeepestDrawdown { get; init; }

    /// <summary>Rounds below the highest so far, the most in a row.</summary>
    public required Figure? LongestDrawdown { get; init; }

    /// <summary>From the lowest point of the deepest drawdown until it was made good; null where it is too early to say.</summary>
    public required Recovery? Recovery { get; init; }

    /// <summary>Mean of the last 20 rounds; the range is where nine in ten of all its 20-round means lie, so that the last may lie outside.</summary>
    public required Figure? LastMonth { get; init; }

    /// <summary>Mean of the last 260 rounds; null under a year.</summary>
    public required Figure? LastYear { get; init; }

    /// <summary>Mean weighted by what was staked on the model in each round (equal weights where no stakes are given).</summary>
    public required Figure? AllTime { get; init; }

    /// <summary>A year's rounds at the mean, in stakes of a round. Null under a year: nothing is annualised from less.</summary>
    public Figure? Annual => Mean is { Rounds: >= RoundsAYear } mean ? new Figure(mean.Value * RoundsAYear, mean.Lower * RoundsAYear, mean.Upper * RoundsAYear, mean.Rounds) : null;
}

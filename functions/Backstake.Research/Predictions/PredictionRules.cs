namespace Backstake.Research;

/// <summary>What Numerai asks of a tournament's prediction files (NUMERAI.md, "Submissions"): one column of ids and one of values, in this order.</summary>
/// <param name="Tournament">8 Classic, 11 Signals, 12 Crypto.</param>
/// <param name="IdColumns">The names that the first column may have.</param>
/// <param name="ValueColumns">The names that the second column may have.</param>
/// <param name="LeastRows">How many live ids the file must name at least; null: all of them.</param>
public sealed record PredictionRules(int Tournament, IReadOnlyList<string> IdColumns, IReadOnlyList<string> ValueColumns, int? LeastRows)
{
    public static readonly PredictionRules Classic = new(8, ["id"], ["prediction", "probability"], null);

    public static readonly PredictionRules Signals = new(
        11, ["ticker", "sedol", "bloomberg_ticker", "composite_figi", "numerai_ticker"], ["prediction", "signal"], 100);

    public static readonly PredictionRules Crypto = new(12, ["symbol"], ["prediction", "signal"], 100);

    /// <exception cref="ArgumentOutOfRangeException">There is no such tournament.</exception>
    public static PredictionRules Of(int tournament) => tournament switch
    {
        8 => Classic,
        11 => Signals,
        12 => Crypto,
        _ => throw new ArgumentOutOfRangeException(nameof(tournament), tournament, "The tournaments are 8, 11 and 12."),
    };
}

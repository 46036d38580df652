namespace Backstake.Sandbox.Scores;

/// <summary>The results that rounds of the sandbox will have: CORR20 and MMC20 of each model and round, real or made from a seed.</summary>
/// <param name="Source">Where they come from, to be shown.</param>
public sealed record SandboxScores(ScoreTable Corr20, ScoreTable Mmc20, string Source)
{
    public const string Corr20File = "numerai-corr20-by-round.csv";
    public const string Mmc20File = "numerai-mmc20-by-round.csv";

    public IReadOnlyList<string> Models => Corr20.Models;

    /// <summary>The first and the last round with a score.</summary>
    public (int First, int Last) Rounds => (Corr20.Rounds.First(), Corr20.Rounds.Last());

    /// <summary>Reads both files of <paramref name="folder"/>. FileNotFoundException, or FormatException with the place; both files must have the same models.</summary>
    public static SandboxScores Read(string folder)
    {
        var corr = ScoreTable.Read(Path.Combine(folder, Corr20File));
        var mmc = ScoreTable.Read(Path.Combine(folder, Mmc20File));
        return corr.Models.SequenceEqual(mmc.Models)
            ? new SandboxScores(corr, mmc, $"scores of {folder}")
            : throw new FormatException($"{Corr20File} and {Mmc20File} in {folder} have different models.");
    }

    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, Corr20File)) && File.Exists(Path.Combine(folder, Mmc20File));

    /// <summary>
    /// The scores of <paramref name="folder"/> if one is named; else those of ../shared/data beside <paramref name="repository"/> if they are there;
    /// else scores made from <paramref name="seed"/>. <see cref="Source"/> says which.
    /// </summary>
    public static SandboxScores ReadOrMake(string? folder, string repository, long seed)
    {
        if (folder is not null)
        {
            return Read(folder);
        }
        var shared = Path.GetFullPath(Path.Combine(repository, "..", "shared", "data"));
        return AreIn(shared) ? Read(shared) : MadeScores.Make(seed);
    }

    /// <summary>Writes both files into <paramref name="folder"/>, which is made if need be.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Corr20.Write(Path.Combine(folder, Corr20File));
        Mmc20.Write(Path.Combine(folder, Mmc20File));
    }

    /// <summary>The round's return of a model: 0 without scores (also when only one of the two is there).</summary>
    public ExactDecimal Return(string model, int round) =>
        Corr20.Find(model, round) is { } corr && Mmc20.Find(model, round) is { } mmc
            ? ScoreConfig.Return([(corr, ScoreConfig.Classic[0].DefaultMultiplier), (mmc, ScoreConfig.Classic[1].DefaultMultiplier)])
            : default;
}

namespace Backstake.Cli.Verify;

/// <summary>One promise that was put to the test.</summary>
/// <param name="Name">The promise, a sentence.</param>
/// <param name="Detail">The numbers; where it doesn't hold, what was found instead.</param>
internal sealed record Check(string Name, bool Holds, string Detail)
{
    public static Check Pass(string name, string detail) => new(name, true, detail);

    public static Check Fail(string name, string detail) => new(name, false, detail);

    /// <summary>Holds where nothing is wrong; names the first thing that is.</summary>
    public static Check Of(string name, string detail, IEnumerable<string> wrong) => wrong.FirstOrDefault() is { } first ? Fail(name, first) : Pass(name, detail);
}

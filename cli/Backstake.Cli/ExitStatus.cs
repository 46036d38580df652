namespace Backstake.Cli;

/// <summary>What the command ends with.</summary>
internal static class ExitStatus
{
    public const int Done = 0;

    /// <summary>A file or folder can't be read or written; also what System.CommandLine gives for wrong arguments.</summary>
    public const int Failed = 1;

    /// <summary>A file is malformed (ACCOUNTING.md 6).</summary>
    public const int Malformed = 2;

    /// <summary>The books would refuse what was asked for.</summary>
    public const int Refused = 3;
}

namespace Backstake.Functions.Http;

/// <summary>The machine's own time, for what has to do with requests and not with vaults: a sandbox's clock stands still between its steps and then leaps over days.</summary>
public static class MachineClock
{
    /// <summary>The key of its <see cref="TimeProvider"/> among the services.</summary>
    public const string Key = "machine";
}

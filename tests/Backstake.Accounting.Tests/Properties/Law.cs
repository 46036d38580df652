using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>
/// Runs a property over random histories: always the same ones, so that a red test is red everywhere. With BACKSTAKE_DEEP=1 many times as many. BACKSTAKE_SEED chooses other histories and
/// BACKSTAKE_HISTORIES how many of them a property gets: so a long run can be cut into parts.
/// </summary>
internal static class Law
{
    private const ulong UsualSeed = 20261121;

    /// <summary>The generator's step, an odd number.</summary>
    private const ulong Gamma = 7;

    /// <summary>Seeds that differ by a few steps would give nearly the same histories: so chosen ones are spread over all numbers (2^64 by the golden ratio).</summary>
    private const ulong Spread = 0x9E3779B97F4A7C15;

    public static void Holds(int histories, Action<RandomHistory> law, int deeper = 20)
    {
        var usual = Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1" ? histories * deeper : histories;
        var count = (int)(Setting("BACKSTAKE_HISTORIES", int.MaxValue) ?? (ulong)usual);
        var seed = Setting("BACKSTAKE_SEED", uint.MaxValue) is { } chosen ? unchecked(chosen * Spread) : UsualSeed;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(seed, Gamma), Prop.ForAll(RandomHistory.Any, law));
    }

    private static ulong? Setting(string name, ulong most)
    {
        if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new InvalidOperationException($"{name} is '{text}': a number up to {most} was expected.");
    }
}

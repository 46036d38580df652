using FsCheck;
using FsCheck.Fluent;

namespace Backstake.Accounting.Tests.Properties;

/// <summary>
/// Runs a property over random histories: always the same ones, so that a red test is red everywhere; with BACKSTAKE_DEEP=1 new ones, and many times as many.
/// </summary>
internal static class Law
{
    public static void Holds(int histories, Action<RandomHistory> law, int deeper = 20)
    {
        var deep = Environment.GetEnvironmentVariable("BACKSTAKE_DEEP") == "1";
        var config = deep ? Config.QuickThrowOnFailure.WithMaxTest(histories * deeper) : Config.QuickThrowOnFailure.WithMaxTest(histories).WithReplay(20261121, 7);
        Check.One(config, Prop.ForAll(RandomHistory.Any, law));
    }
}

using System.Text.Json;
using Backstake.Functions.Ethereum;
using Backstake.Functions.Numerai;
using Backstake.Functions.Releases;
using Backstake.Functions.Rounds;
using Backstake.Season;

namespace Backstake.Functions.Tests;

/// <summary>What the code reads, what the sample holds and what the README explains are the same settings.</summary>
public sealed class SettingsTests
{
    static readonly (string Section, Type Options)[] Sections =
    [
        ("Numerai", typeof(NumeraiSettings)), ("Ethereum", typeof(EthereumSettings)), ("Webhook", typeof(WebhookSettings)), ("Releases", typeof(ReleaseSettings)),
    ];

    static readonly string[] Others = ["AzureWebJobsStorage", "RoundsSchedule", "WatchSchedule", "SweepSchedule"];

    static IEnumerable<string> Read() => Sections
        .SelectMany(it => it.Options.GetProperties().Where(property => property.CanWrite).Select(property => $"{it.Section}__{property.Name}"))
        .Concat(Others).Order(StringComparer.Ordinal);

    [Fact]
    public void Sample_HoldsEverySettingThatIsRead_AndNoOther()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")));
        var held = sample.RootElement.GetProperty("Values").EnumerateObject().Select(it => it.Name).Where(name => name != "FUNCTIONS_WORKER_RUNTIME");
        Assert.Equal(Read(), held.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Readme_ExplainsEverySettingThatIsRead()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(Read().Append("Backstake__ClockFile"), name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }
}

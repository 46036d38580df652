using Backstake.Functions.Ethereum;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Hosting.Settings;
using Backstake.Functions.Http;
using Backstake.Functions.Identity;
using Backstake.Functions.Numerai;
using Backstake.Functions.Outgoing;
using Backstake.Functions.Releases;
using Backstake.Functions.Rounds;
using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Tests;

/// <summary>The app knows its settings, and says in one line each what is wrong with them. That sample, README and Bicep have the same is tested with infra/.</summary>
public sealed class SettingsTests
{
    const string AnyKey = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    static readonly (string Section, Type Options)[] Sections =
    [
        ("Numerai", typeof(NumeraiSettings)), ("Ethereum", typeof(EthereumSettings)), ("Webhook", typeof(WebhookSettings)), ("Releases", typeof(ReleaseSettings)), ("Measures", typeof(MeasureSettings)), ("RateLimits", typeof(RateLimitSettings)),
        ("Identity", typeof(IdentitySettings)), ("Nodes", typeof(OutgoingSettings)),
    ];

    static readonly string[] Others =
    [
        "AzureWebJobsStorage", "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "RoundsSchedule", "WatchSchedule", "SweepSchedule", "TidySchedule", "MeasureSchedule",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Backstake__ClockFile",
    ];

    static readonly Dictionary<string, string> Right = new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["Numerai__PublicId"] = "PUBLIC",
        ["Numerai__SecretKey"] = "SECRET",
        ["Ethereum__RpcUrl"] = "http://127.0.0.1:8545",
        ["Ethereum__ChainId"] = "31337",
        ["Ethereum__Factory"] = "0x5FbDB2315678afecb367f032d93F642f64180aa3",
        ["Ethereum__CommitterKey"] = AnyKey,
        ["Ethereum__StakerKey"] = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
        ["Ethereum__SettlerKey"] = "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
        ["RoundsSchedule"] = "0 * * * * *",
        ["WatchSchedule"] = "0 * * * * *",
        ["SweepSchedule"] = "30 */5 * * * *",
        ["TidySchedule"] = "45 */5 * * * *",
        ["MeasureSchedule"] = "15 */5 * * * *",
    };

    static IReadOnlyList<string> Problems(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Right.Select(it => new KeyValuePair<string, string?>(it.Key, it.Value)), StringComparer.Ordinal);
        foreach (var (name, value) in changes)
            settings[name] = value;
        return AppSettings.Problems(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(it => new KeyValuePair<string, string?>(it.Key.Replace("__", ":", StringComparison.Ordinal), it.Value))).Build());
    }

    [Fact]
    public void Settings_AreThoseThatTheOptionsHave() => Assert.Equal(
        Sections.SelectMany(it => it.Options.GetProperties().Where(property => property.CanWrite).Select(property => $"{it.Section}__{property.Name}")).Concat(Others).Order(StringComparer.Ordinal),
        AppSettings.All.Select(it => it.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void RightSettings_HaveNoProblem()
    {
        Assert.Empty(Problems());
        Assert.Empty(Problems(("AzureWebJobsStorage", null), ("AzureWebJobsStorage__accountName", "stbackstake"), ("AzureWebJobsStorage__clientId", "11111111-2222-3333-4444-555555555555")));
    }

    [Fact]
    public void SignersKey_MayLieInAKeyVault()
    {
        const string key = "https://kv.vault.azure.net/keys/committer/0123456789abcdef0123456789abcdef";
        Assert.Empty(Problems(("Ethereum__CommitterKey", key)));
        Assert.StartsWith("Ethereum__CommitterKey and Ethereum__SettlerKey are the same key", Assert.Single(Problems(("Ethereum__CommitterKey", key), ("Ethereum__SettlerKey", key))), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingSettings_AreALineEach_ThatSaysWhatForAndWhere()
    {
        var problems = Problems(Right.Keys.Select(name => (name, (string?)null)).ToArray());
        Assert.Equal(Right.Keys.Order(StringComparer.Ordinal), problems.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(problems, line => Assert.DoesNotContain('\n', line));
        Assert.Contains("Ethereum__RpcUrl is missing: the address of the Ethereum node. Set it under Values in local.settings.json; in Azure as the secret ethereum-rpc-url of the key vault.", problems);
        Assert.Contains("Ethereum__Factory is missing: the vault factory. Set it under Values in local.settings.json; in Azure by its parameter in infra/main.bicep.", problems);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage__accountName", "St-Backstake", "isn't the name of a storage account")]
    [InlineData("AzureWebJobsStorage__clientId", "backstake", "isn't a client id")]
    [InlineData("Numerai__Endpoint", "api-tournament.numer.ai", "is no address")]
    [InlineData("Numerai__PublicId", "PUBLIC$SECRET", "has blanks or a $")]
    [InlineData("Numerai__SecretKey", "SEC RET", "has blanks or a $")]
    [InlineData("Numerai__Tournaments", "8,9", "isn't a list of 8, 11 and 12")]
    [InlineData("Ethereum__RpcUrl", "ftp://node", "is no address")]
    [InlineData("Ethereum__ChainId", "mainnet", "isn't a whole number from 1")]
    [InlineData("Ethereum__ChainId", "0", "isn't a whole number from 1")]
    [InlineData("Ethereum__Factory", "0x5FbDB2315678afecb367f032d93F642f64180aa", "isn't 0x and 40 hex digits")]
    [InlineData("Ethereum__FactoryBlock", "-1", "isn't a whole number from 0")]
    [InlineData("Ethereum__CommitterKey", "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", "isn't 0x and 64 hex digits")]
    [InlineData("Ethereum__CommitterKey", "https://kv.vault.azure.net/keys/committer", "isn't 0x and 64 hex digits, nor a key vault's key with its version")]
    [InlineData("Ethereum__CommitterKey", "http://kv.vault.azure.net/keys/committer/0123456789abcdef0123456789abcdef", "isn't 0x and 64 hex digits, nor a key vault's key with its version")]
    [InlineData("Ethereum__PriorityFeeGwei", "0.5", "isn't a whole number from 0")]
    [InlineData("Ethereum__MaxFeeGwei", "0", "isn't a whole number from 1")]
    [InlineData("Ethereum__WatchAfter", "13 minutes", "isn't a time from 00:00:00")]
    [InlineData("Ethereum__WatchAfter", "8.00:00:00", "isn't a time from 00:00:00")]
    [InlineData("Releases__MinimumNmr", "-1", "isn't a decimal number of NMR")]
    [InlineData("Identity__Origin", "http://example.org", "isn't an origin like https://example.org")]
    [InlineData("Identity__Origin", "https://example.org/", "isn't an origin like https://example.org")]
    [InlineData("Identity__Origin", "https://me@example.org", "isn't an origin like https://example.org")]
    [InlineData("Measures__MinutesBeforeClose", "0", "isn't a whole number from 1")]
    [InlineData("RateLimits__PerMinute", "-1", "isn't a whole number from 0")]
    [InlineData("RateLimits__ProxiesInFront", "6", "isn't a whole number from 0")]
    [InlineData("SweepSchedule", "*/5 * * * *", "isn't an NCRONTAB expression of six fields")]
    public void MalformedSetting_IsNamed_WithoutItsValue(string name, string value, string fault)
    {
        var line = Assert.Single(Problems((name, value)));
        Assert.StartsWith($"{name} {fault}", line, StringComparison.Ordinal);
        if (value.Length > 3) // a shorter one may be part of a bound
            Assert.DoesNotContain(value, line[name.Length..], StringComparison.Ordinal);
    }

    [Fact]
    public void UnresolvedReference_IsRefused_AlsoWhereNothingWouldDo()
    {
        const string reference = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/webhook-key)";
        Assert.StartsWith("Webhook__Key is a key vault reference that wasn't resolved", Assert.Single(Problems(("Webhook__Key", reference))), StringComparison.Ordinal);
        Assert.Contains("Put the secret numerai-secret-key into the key vault", Assert.Single(Problems(("Numerai__SecretKey", reference))), StringComparison.Ordinal);
    }

    [Fact]
    public void EachRole_HasAKeyOfItsOwn()
    {
        var line = Assert.Single(Problems(("Ethereum__SettlerKey", AnyKey.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal))));
        Assert.StartsWith("Ethereum__CommitterKey and Ethereum__SettlerKey are the same key", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Tip_IsPartOfWhatIsPaid() =>
        Assert.StartsWith("Ethereum__PriorityFeeGwei is above Ethereum__MaxFeeGwei", Assert.Single(Problems(("Ethereum__PriorityFeeGwei", "30"), ("Ethereum__MaxFeeGwei", "20"))), StringComparison.Ordinal);
}

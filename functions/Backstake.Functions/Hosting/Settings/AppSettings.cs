using Microsoft.Extensions.Configuration;

namespace Backstake.Functions.Hosting.Settings;

/// <summary>
/// Every setting that the app reads, and whether it is right. Looked at before the host is built, without asking anything outside (AZURE.md finding 8): what
/// only the outside knows (does the node belong to this chain, may the identity read the tables) is said by <c>GET /api/health/ready</c>.
/// </summary>
public static class AppSettings
{
    const string Storage = "AzureWebJobsStorage";
    const string StorageAccount = Storage + "__accountName";

    public static readonly IReadOnlyList<AppSetting> All =
    [
        new(Storage, "the connection string of the storage account", null, false, SettingForms.Any),
        new(StorageAccount, "the storage account that the app reaches with its identity", null, false, SettingForms.StorageAccount),
        new(Storage + "__clientId", "the client id of the app's user-assigned identity", null, false, SettingForms.ClientId),
        new("Numerai__Endpoint", "Numerai's GraphQL endpoint", null, false, SettingForms.WebAddress),
        new("Numerai__PublicId", "the public part of Numerai's account-wide key", "numerai-public-id", true, SettingForms.Token),
        new("Numerai__SecretKey", "the secret part of Numerai's account-wide key", "numerai-secret-key", true, SettingForms.Token),
        new("Numerai__OwnersVault", "the key vault of owners' keys", null, false, SettingForms.Origin),
        new("Numerai__Tournaments", "which tournaments are polled", null, false, SettingForms.Tournaments),
        new("Ethereum__RpcUrl", "the address of the Ethereum node", "ethereum-rpc-url", true, SettingForms.WebAddress),
        new("Ethereum__CheckRpcUrl", "a second Ethereum node, of another operator", "ethereum-check-rpc-url", false, SettingForms.WebAddress),
        new("Ethereum__ChainId", "the chain that the node must be on", null, true, SettingForms.WholeNumber(1, long.MaxValue)),
        new("Ethereum__Factory", "the vault factory", null, true, SettingForms.Address),
        new("Ethereum__FactoryBlock", "the block of the factory's creation", null, false, SettingForms.WholeNumber(0, long.MaxValue)),
        new("Ethereum__CommitterKey", "the key that commits prediction hashes", "ethereum-committer-key", true, SettingForms.SignerKey),
        new("Ethereum__StakerKey", "the key that stakes what was accepted", "ethereum-staker-key", true, SettingForms.SignerKey),
        new("Ethereum__SettlerKey", "the key that proposes and accepts settlements", "ethereum-settler-key", true, SettingForms.SignerKey),
        new("Ethereum__PriorityFeeGwei", "the tip that is offered for a unit of gas", null, false, SettingForms.WholeNumber(0, int.MaxValue)),
        new("Ethereum__MaxFeeGwei", "the most that is paid for a unit of gas", null, false, SettingForms.WholeNumber(1, int.MaxValue)),
        new("Ethereum__WatchAfter", "how long after sending a transaction its block may be final: then its vault is looked at, not only by the timer; `00:00:00`: by the timer alone", null, false, SettingForms.Delay),
        new("Releases__MinimumNmr", "the least that the operator sends to a holder at its own cost", null, false, SettingForms.Amount),
        new("Webhook__Key", "the key that makes each vault's unguessable webhook path", "webhook-key", false, SettingForms.Any),
        new("RateLimits__PerMinute", "what one address may spend on calls in a minute", null, false, SettingForms.WholeNumber(0, int.MaxValue)),
        new("RateLimits__ProxiesInFront", "how many proxies in front of the app add to X-Forwarded-For", null, false, SettingForms.WholeNumber(0, 5)),
        new("Nodes__Allowed", "hosts that nodes and receivers of notifications may have besides public ones on port 443", null, false, SettingForms.HostsAndPorts),
        new("Measures__MinutesBeforeClose", "how many minutes before it closes a round that isn't submitted wakes somebody", null, false, SettingForms.WholeNumber(1, 24 * 60)),
        new("Identity__Origin", "the origin by which people know the app, to sign in", null, false, SettingForms.Origin),
        new("RoundsSchedule", "when Numerai is polled", null, true, SettingForms.Schedule),
        new("WatchSchedule", "when the chain is watched", null, true, SettingForms.Schedule),
        new("SweepSchedule", "when what is due is swept up", null, true, SettingForms.Schedule),
        new("TidySchedule", "when what the host gave up is taken, and what is over removed", null, true, SettingForms.Schedule),
        new("MeasureSchedule", "when what the alerts look at is measured", null, true, SettingForms.Schedule),
        new("APPLICATIONINSIGHTS_CONNECTION_STRING", "where logs, traces and metrics go", null, false, SettingForms.Any),
        new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "the identity with which they are sent", null, false, SettingForms.Any),
        new("Backstake__ClockFile", "a sandbox's time", null, false, SettingForms.Any),
    ];

    /// <summary>One line for each setting that is missing or malformed, in the order of the list; none of them holds a value.</summary>
    public static IReadOnlyList<string> Problems(IConfiguration configuration)
    {
        var problems = All.Select(setting => setting.Problem(configuration[setting.Key])).OfType<string>().ToList();
        if (string.IsNullOrEmpty(configuration[Storage]) && string.IsNullOrEmpty(configuration["AzureWebJobsStorage:accountName"]))
            problems.Insert(0, $"{Storage} is missing: where the app keeps everything. Set it to a connection string, or {StorageAccount} to an account that the app's identity may use.");
        if (SharedKeys(configuration) is { } shared)
            problems.Add(shared);
        if (long.TryParse(configuration["Ethereum:PriorityFeeGwei"], out var tip) && long.TryParse(configuration["Ethereum:MaxFeeGwei"], out var most) && tip > most)
            problems.Add("Ethereum__PriorityFeeGwei is above Ethereum__MaxFeeGwei: the tip is part of what is paid. Lower the one, or raise the other.");
        return problems;
    }

    /// <summary>Whoever stole one key must not have another's role with it (CONTRACT.md, "Decided" 14).</summary>
    static string? SharedKeys(IConfiguration configuration)
    {
        string[] names = ["Ethereum__CommitterKey", "Ethereum__StakerKey", "Ethereum__SettlerKey"];
        var same = names
            .Select(name => (Name: name, Value: configuration[name.Replace("__", ":", StringComparison.Ordinal)]))
            .Where(it => !string.IsNullOrEmpty(it.Value) && SettingForms.SignerKey(it.Value) is null)
            .GroupBy(it => it.Value!.ToLowerInvariant(), it => it.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1);
        return same is null ? null : $"{string.Join(" and ", same)} are the same key: each role has a key of its own. Make another.";
    }
}

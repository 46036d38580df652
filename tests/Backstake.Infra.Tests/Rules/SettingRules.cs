using System.Text.Json;
using System.Text.RegularExpressions;
using Backstake.Functions.Hosting.Settings;

namespace Backstake.Infra.Tests.Rules;

/// <summary>What the code reads, what Bicep sets, what the sample holds and what the README explains are the same settings.</summary>
static partial class SettingRules
{
    /// <summary>Only on one's own machine.</summary>
    static readonly string[] Local = ["AzureWebJobsStorage", "Backstake__ClockFile"];

    /// <summary>Only in Azure: with an identity, and with telemetry.</summary>
    static readonly string[] Azure = ["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];

    /// <summary>For the host alone (AZURE.md finding 5), which our code never reads.</summary>
    static readonly string[] Host = ["AzureWebJobsStorage__credential"];

    /// <summary>Deprecated on Flex Consumption, or refused by it.</summary>
    static readonly string[] Refused = ["FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "WEBSITE_"];

    public static IReadOnlyDictionary<string, string> InBicep(Deployment deployment) =>
        BicepText.Properties(deployment.Main, "    settings: {").Concat(BicepText.Properties(deployment["infra/app/app.bicep"], "properties: union(settings, {"))
            .GroupBy(it => it.Name, StringComparer.Ordinal).ToDictionary(it => it.Key, it => it.First().Value, StringComparer.Ordinal);

    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var read = AppSettings.All.Select(it => it.Name).ToList();
        var bicep = InBicep(deployment);
        foreach (var name in read.Except(Local).Where(name => !bicep.ContainsKey(name)))
            yield return new("setting", $"the code reads {name}, Bicep doesn't set it");
        foreach (var name in bicep.Keys.Except(read).Except(Host))
            yield return new("setting", $"Bicep sets {name}, the code doesn't read it");
        foreach (var name in bicep.Keys.Where(name => Refused.Any(refused => name.StartsWith(refused, StringComparison.Ordinal))))
            yield return new("setting", $"Flex Consumption wants no {name}");

        using var sample = JsonDocument.Parse(deployment["local.settings.sample.json"]);
        var held = sample.RootElement.GetProperty("Values").EnumerateObject().Select(it => it.Name).Where(name => name != "FUNCTIONS_WORKER_RUNTIME").ToList();
        foreach (var name in read.Except(Azure).Except(["Backstake__ClockFile"]).Except(held))
            yield return new("setting", $"the code reads {name}, local.settings.sample.json lacks it");
        foreach (var name in held.Except(read))
            yield return new("setting", $"local.settings.sample.json holds {name}, the code doesn't read it");

        var explained = ExplainedForm().Matches(TableOf(deployment["README.md"])).Select(it => it.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var name in read.Where(name => !explained.Contains(name)))
            yield return new("setting", $"the README's table lacks {name}");
        foreach (var name in explained.Where(name => !read.Contains(name) && name.Contains("__", StringComparison.Ordinal) && name != "__clientId"))
            yield return new("setting", $"the README's table has {name}, the code doesn't read it");
    }

    static string TableOf(string readme)
    {
        var start = readme.IndexOf("## Settings", StringComparison.Ordinal);
        var end = start < 0 ? -1 : readme.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return start < 0 ? "" : readme[start..(end < 0 ? readme.Length : end)];
    }

    [GeneratedRegex("`(?<name>[A-Za-z_]+)`", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex ExplainedForm();
}

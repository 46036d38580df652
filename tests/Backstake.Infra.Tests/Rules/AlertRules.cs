using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Backstake.Functions.Hosting.Measures;
using Backstake.Functions.Hosting.Status;
using Backstake.Functions.Storage;

namespace Backstake.Infra.Tests.Rules;

/// <summary>Every measure, queue and flow has an alert, every alert a measure, a description and its section of the runbook, and the reverse.</summary>
static partial class AlertRules
{
    public static IEnumerable<Finding> Check(Deployment deployment)
    {
        var alerts = deployment.Alerts;
        var names = alerts.Select(it => Text(it, "name")).ToList();
        foreach (var twice in names.GroupBy(it => it, StringComparer.Ordinal).Where(it => it.Count() > 1))
            yield return new("alert", $"{twice.Key} is there twice");
        foreach (var finding in alerts.SelectMany(Each))
            yield return finding;

        var measures = MeasureNames.All.Append(MeasureNames.Heartbeat).ToList();
        var looked = alerts.Select(it => $"{Text(it, "measure")} {Text(it, "query")}").ToList();
        foreach (var measure in measures.Where(measure => !looked.Exists(it => Regex.IsMatch(it, $@"(^|['\s]){Regex.Escape(measure)}(['\s]|$)", RegexOptions.None, TimeSpan.FromSeconds(5)))))
            yield return new("alert", $"nobody looks at {measure}");
        foreach (var unknown in looked.SelectMany(it => MeasureForm().Matches(it)).Select(it => it.Value).Distinct().Except(measures))
            yield return new("alert", $"{unknown} is never measured");
        foreach (var queue in VaultQueues.All.Where(queue => !alerts.Any(it => Queues(it).Contains(queue))))
            yield return new("alert", $"queue {queue} has no alert");
        foreach (var queue in alerts.SelectMany(Queues).Distinct().Except(VaultQueues.All))
            yield return new("alert", $"there is no queue {queue}");
        foreach (var queue in VaultQueues.All.Where(queue => !alerts.Any(it => Text(it, "name") == "poison-not-empty" && Queues(it).Contains(queue))))
            yield return new("alert", $"poison of queue {queue} has no alert");
        var flows = Flows.All.Select(it => it.Flow).Distinct().ToList();
        foreach (var flow in flows.Where(flow => !alerts.Any(it => Text(it, "flow") == flow)))
            yield return new("alert", $"flow {flow} has no alert");
        foreach (var flow in alerts.Select(it => Text(it, "flow")).Distinct().Except(flows))
            yield return new("alert", $"there is no flow {flow}");

        foreach (var finding in Runbook(deployment, names!))
            yield return finding;
        var bicep = deployment["infra/app/alerts.bicep"];
        foreach (var must in new[] { "for alert in alerts", "description: '${alert.description} What to do: ${runbookUrl}#${alert.name}'", "actionGroups: [onCall.id]", "enabled: true" }.Where(must => !bicep.Contains(must, StringComparison.Ordinal)))
            yield return new("alert", $"alerts.bicep lacks {must}");
    }

    static IEnumerable<Finding> Each(JsonElement alert)
    {
        var name = Text(alert, "name") ?? "an alert without a name";
        if (Text(alert, "description") is not { Length: >= 60 })
            yield return new("alert", $"{name} doesn't say what to look at");
        if (!alert.TryGetProperty("severity", out var severity) || severity.GetInt32() is < 0 or > 4)
            yield return new("alert", $"{name} has no severity from 0 to 4");
        if (Duration(alert, "every") is not { } every || Duration(alert, "window") is not { } window || every > window)
            yield return new("alert", $"{name} looks less often than its window is long");
        var limits = new[] { "above", "below" }.Count(limit => alert.TryGetProperty(limit, out _));
        var query = Text(alert, "query");
        if (query is null ? limits != 1 || Text(alert, "measure") is null || Text(alert, "by") is null : limits != 0)
            yield return new("alert", $"{name} has either a query, or a measure, what it is by and one limit");
        if (query is not null && Text(alert, "measure") is { } measure && !query.Contains($"'{measure}'", StringComparison.Ordinal))
            yield return new("alert", $"{name} asks for something else than its measure");
    }

    /// <summary>An alert's section is its name, so that the link in its description leads there.</summary>
    static IEnumerable<Finding> Runbook(Deployment deployment, IReadOnlyList<string> names)
    {
        var runbook = deployment["docs/runbook.md"];
        var start = runbook.IndexOf("\n# Alerts\n", StringComparison.Ordinal);
        var end = runbook.IndexOf("\n# Tasks\n", StringComparison.Ordinal);
        var part = start < 0 || end < start ? "" : runbook[start..end];
        var sections = SectionForm().Matches(part).ToDictionary(it => it.Groups["name"].Value, it => it.Groups["text"].Value, StringComparer.Ordinal);
        foreach (var name in names.Where(name => !sections.ContainsKey(name)))
            yield return new("runbook", $"alert {name} has no section");
        foreach (var (name, text) in sections)
        {
            if (!names.Contains(name))
                yield return new("runbook", $"section {name} belongs to no alert");
            foreach (var must in new[] { "**Means**", "**See**", "**Do**" }.Where(must => !text.Contains(must, StringComparison.Ordinal)))
                yield return new("runbook", $"section {name} lacks {must}");
        }

        var anchors = HeadingForm().Matches(runbook).Select(it => it.Groups["name"].Value.Trim().ToLowerInvariant().Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);
        foreach (var link in LinkForm().Matches(runbook).Select(it => it.Groups["name"].Value).Where(link => !anchors.Contains(link)))
            yield return new("runbook", $"link #{link} leads nowhere");
    }

    static string? Text(JsonElement alert, string name) => alert.TryGetProperty(name, out var value) ? value.GetString() : null;

    static IEnumerable<string> Queues(JsonElement alert) => alert.TryGetProperty("queues", out var queues) ? queues.EnumerateArray().Select(it => it.GetString()!) : [];

    static TimeSpan? Duration(JsonElement alert, string name)
    {
        try
        {
            return Text(alert, name) is { } text ? XmlConvert.ToTimeSpan(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"backstake\.[a-z]+(\.[a-z_]+)?", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex MeasureForm();

    [GeneratedRegex(@"^## (?<name>.+)\n(?<text>(?:(?!## ).*\n?)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex SectionForm();

    [GeneratedRegex(@"^#+ (?<name>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex HeadingForm();

    [GeneratedRegex(@"\]\(#(?<name>[\w-]+)\)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex LinkForm();
}

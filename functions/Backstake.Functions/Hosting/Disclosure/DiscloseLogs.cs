using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Backstake.Functions.Hosting.Disclosure;

/// <summary>Lets out of each log line what <see cref="Disclosed"/> lists: its template, its listed fields, the kind of its exception and where it came from.</summary>
public sealed partial class DiscloseLogs(Secrets secrets) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        var fields = (data.Attributes ?? []).Where(it => Disclosed.Fields.Contains(it.Key) || Disclosed.Sentences.Contains(it.Key))
            .Select(it => Disclosed.Sentences.Contains(it.Key) ? new(it.Key, secrets.Strike($"{it.Value}")) : it).ToList();
        var template = fields.FirstOrDefault(it => it.Key == Disclosed.Template).Value as string;
        if (data.Exception is { } failure)
        {
            fields.Add(new("Kind", failure.GetType().Name));
            data.Exception = new ReportedException(failure, secrets);
        }

        data.Attributes = fields;
        data.Body = template;
        // A text without a template may hold anything.
        data.FormattedMessage = template is null ? null : FieldForm().Replace(template, it => fields.FirstOrDefault(field => field.Key == it.Groups["name"].Value) is { Value: { } value } ? $"{value}" : it.Value);
    }

    [GeneratedRegex(@"\{@?(?<name>\w+)[^{}]*\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FieldForm();
}

/// <summary>An exception as it leaves the process: its kinds, and where it was thrown. Its message only if it is one of ours, which we wrote.</summary>
public sealed class ReportedException(Exception failure, Secrets secrets) : Exception(MessageOf(failure, secrets))
{
    public override string? StackTrace => failure.StackTrace;

    public override string ToString() => $"{Message}{Environment.NewLine}{StackTrace}";

    static string MessageOf(Exception failure, Secrets secrets)
    {
        var message = failure.GetType().Namespace?.StartsWith("Backstake.", StringComparison.Ordinal) == true ? $"{failure.GetType().Name}: {secrets.Strike(failure.Message)}" : failure.GetType().Name;
        return failure.InnerException is { } inner ? $"{message} ({MessageOf(inner, secrets)})" : message;
    }
}

using NCrontab;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>An NCRONTAB expression, in UTC: six fields with seconds, or five without. A time span, which Azure takes on an App Service plan alone, is refused.</summary>
sealed class TimerSchedule(CrontabSchedule crontab)
{
    const int FieldsWithSeconds = 6;

    public static TimerSchedule Parse(string expression, string function)
    {
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var crontab = CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == FieldsWithSeconds });
        return crontab is not null
            ? new TimerSchedule(crontab)
            : throw new HostRefusalException($"Function {function}: the schedule '{expression}' is no NCRONTAB expression: {{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of week}}.");
    }

    /// <summary>Strictly after <paramref name="utc"/>; the end of time when there is none.</summary>
    public DateTime Next(DateTime utc) => DateTime.SpecifyKind(crontab.GetNextOccurrence(utc), DateTimeKind.Utc);

    /// <summary>Every field but the seconds is free and a minute has more than one occurrence: such a schedule is not monitored.</summary>
    public bool IsUnderAMinute(DateTime utc) =>
        crontab.ToString().Split(' ').Skip(1).All(field => field == "*") && crontab.GetNextOccurrences(utc, utc.AddMinutes(1)).Take(2).Count() > 1;
}

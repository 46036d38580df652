namespace Microsoft.Azure.Functions.Worker;

/// <summary>Times in UTC; <see cref="Last"/> is the default value before the first run.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}

namespace Backstake.Functions.Hosting.Measures;

/// <summary>Section <c>Measures</c>.</summary>
public sealed class MeasureSettings
{
    /// <summary>A round that isn't submitted and committed so many minutes before it closes is late. More than two runs of the Measure timer.</summary>
    public int MinutesBeforeClose { get; set; } = 30;
}

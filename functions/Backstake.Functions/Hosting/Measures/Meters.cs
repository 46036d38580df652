using System.Diagnostics.Metrics;

namespace Backstake.Functions.Hosting.Measures;

/// <summary>Where measures go: the meter <c>Backstake</c>, whoever listens to it.</summary>
public sealed class Meters : IDisposable
{
    public const string Name = "Backstake";

    readonly Meter meter;
    readonly Counter<long> heartbeat;
    readonly Dictionary<string, Gauge<long>> gauges;

    public Meters(IMeterFactory factory)
    {
        meter = factory.Create(Name);
        heartbeat = meter.CreateCounter<long>(MeasureNames.Heartbeat);
        gauges = MeasureNames.All.ToDictionary(name => name, name => meter.CreateGauge<long>(name), StringComparer.Ordinal);
    }

    public void Record(Measure measure) => gauges[measure.Name].Record(measure.Value, new KeyValuePair<string, object?>(measure.By, measure.Subject));

    public void Beat() => heartbeat.Add(1);

    public void Dispose() => meter.Dispose();
}

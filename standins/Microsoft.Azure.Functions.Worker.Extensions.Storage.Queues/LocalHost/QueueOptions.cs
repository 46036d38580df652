using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>host.json's <c>extensions.queues</c>, with the host's defaults and limits.</summary>
/// <param name="VisibilityTimeout">How long a failed message is not seen. Not the lock, which is 10 minutes and renewed.</param>
sealed record QueueOptions(int BatchSize, int NewBatchThreshold, TimeSpan MaxPollingInterval, int MaxDequeueCount, TimeSpan VisibilityTimeout, bool IsBase64)
{
    public static readonly TimeSpan MinPollingInterval = TimeSpan.FromMilliseconds(100);

    public static QueueOptions From(IConfiguration section)
    {
        var batchSize = Number(section, "batchSize", 16, least: 1, most: 32);
        return new QueueOptions(
            batchSize,
            Number(section, "newBatchThreshold", Math.Max(1, batchSize / 2 * Environment.ProcessorCount), least: 0, most: int.MaxValue),
            Time(section, "maxPollingInterval", TimeSpan.FromMinutes(1), MinPollingInterval),
            Number(section, "maxDequeueCount", 5, least: 1, most: int.MaxValue),
            Time(section, "visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero),
            (section["messageEncoding"] ?? "base64").ToLowerInvariant() switch
            {
                "base64" => true,
                "none" => false,
                var other => throw Wrong("messageEncoding", other, "base64 or none"),
            });
    }

    static int Number(IConfiguration section, string name, int fallback, int least, int most)
    {
        if (section[name] is not { } text)
            return fallback;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : throw Wrong(name, text, $"a number from {least} to {most}");
    }

    static TimeSpan Time(IConfiguration section, string name, TimeSpan fallback, TimeSpan least)
    {
        if (section[name] is not { } text)
            return fallback;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least ? value : throw Wrong(name, text, $"hh:mm:ss, at least {least}");
    }

    static HostRefusalException Wrong(string name, string value, string wanted) => new($"host.json: extensions.queues.{name} is {value}; give {wanted}.");
}

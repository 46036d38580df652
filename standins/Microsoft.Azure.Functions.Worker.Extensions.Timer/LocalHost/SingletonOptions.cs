using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.LocalHost;

/// <summary>host.json's <c>singleton</c>.</summary>
/// <param name="LockPeriod">How long a listener's lock lasts unless renewed: 15 s to 60 s, as a blob lease.</param>
/// <param name="RecoveryInterval">How often a host that hasn't got the lock asks again.</param>
sealed record SingletonOptions(TimeSpan LockPeriod, TimeSpan RecoveryInterval)
{
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static SingletonOptions From(IConfiguration section) =>
        new(Read(section, "listenerLockPeriod", Longest), Read(section, "listenerLockRecoveryPollingInterval", TimeSpan.MaxValue));

    static TimeSpan Read(IConfiguration section, string name, TimeSpan longest)
    {
        if (section[name] is not { } text)
            return Longest;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= Shortest && value <= longest
            ? value
            : throw new HostRefusalException($"host.json: singleton.{name} is {text}; give hh:mm:ss, at least {Shortest}{(longest == TimeSpan.MaxValue ? "" : $", at most {longest}")}.");
    }
}

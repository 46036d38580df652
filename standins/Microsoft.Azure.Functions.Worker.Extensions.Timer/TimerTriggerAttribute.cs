using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.LocalHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker;

public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute, IListenedTrigger
{
    public string Schedule { get; private set; } = schedule;

    public bool UseMonitor { get; set; } = true;

    public bool RunOnStartup { get; set; }

    string ITrigger.BindingType => "timerTrigger";

    string? ITrigger.Refuses(Type type) => type == typeof(TimerInfo) ? null : "a timer trigger's parameter is a TimerInfo.";

    ITriggerListener IListenedTrigger.Listen(FunctionEntry function, IServiceProvider services)
    {
        var expression = services.GetRequiredService<SettingNames>().Resolve(Schedule, function.Name);
        var blobs = new HostBlobs(services.GetRequiredService<HostStorage>(), function);
        return new TimerListener(
            function, TimerSchedule.Parse(expression, function.Name), UseMonitor, RunOnStartup, blobs,
            SingletonOptions.From(services.GetRequiredService<HostFile>().Singleton), services.GetRequiredService<FunctionInvoker>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Host.Timers"));
    }
}
